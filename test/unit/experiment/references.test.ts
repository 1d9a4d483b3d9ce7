import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/core/experiment';
import { mistake, withModels } from './parsed';
import { covered, fixed, places } from './support';

describe('names that point at each other', () => {
  it('an ensemble over a model that does not exist', () => {
    const text = withModels(
      '  linear: { kind: linear }\n  forest: { kind: forest }',
      'ensembles: { e: { combine: mean, of: [linear, forst] } }',
    );
    const diagnostic = mistake(text);
    expect(diagnostic).toMatchObject({ code: 'unknown-model', line: 6, column: 47, replacement: 'forest' });
    expect(parseExperiment(fixed(text, diagnostic)).diagnostics).toEqual([]);
  });

  it('an ensemble over itself, over another, over a model twice, over one', () => {
    const text = withModels(
      '  a: { kind: linear }',
      'ensembles:\n  e: { combine: mean, of: [e, a] }\n  f: { combine: mean, of: [a, e] }\n  g: { combine: mean, of: [a, a] }\n  h: { combine: mean }',
    );
    expect(places(parseExperiment(text).diagnostics)).toEqual([
      '6:28 ensemble-of-itself',
      '7:31 ensemble-of-ensemble',
      '8:31 listed-twice',
      '9:3 ensemble-of-one',
    ]);
  });

  it('a sweep of a model that does not exist, or that is swept already', () => {
    const text = withModels(
      '  a: { kind: linear, lambda: { points: 3 } }',
      'sweeps:\n  s: { model: b, over: { lambda: 1 } }\n  t: { model: a, over: { lambda: 1 } }\n  u: { model: a, over: { lambda: 2 } }',
    );
    expect(places(parseExperiment(text).diagnostics)).toEqual([
      '4:22 ignored-key',
      '6:15 unknown-model',
      '8:15 swept-twice',
    ]);
  });

  it('a model that has a mistake of its own is not said to be missing', () => {
    const text = withModels(
      '  a: { kind: linear }\n  b: { knd: forest }',
      'ensembles: { e: { combine: mean, of: [a, b] } }',
    );
    expect(places(parseExperiment(text).diagnostics)).toEqual(['5:8 unknown-key']);
  });

  it('names that the leaderboard needs for itself', () => {
    const text = withModels(
      '  constant: { kind: forest }\n  "m (single-task)": { kind: forest }',
      'ensembles: { constant: { combine: mean } }',
    );
    expect(places(parseExperiment(text).diagnostics)).toEqual([
      '4:3 reserved-name',
      '5:3 reserved-name',
      '6:14 reserved-name',
    ]);
  });

  it('an ensemble with the name of a model', () => {
    const text = withModels(
      '  a: { kind: linear }\n  b: { kind: forest }',
      'ensembles: { a: { combine: mean } }',
    );
    expect(mistake(text)).toMatchObject({ code: 'name-taken', line: 6, column: 14 });
  });

  it('a grid that does not go down', () => {
    expect(mistake(withModels('  m: { kind: linear, lambda: { from: 0.1, to: 1 } }'))).toMatchObject({
      code: 'out-of-range',
      line: 4,
      column: 47,
    });
  });

  it('long data with a second target, and with a file a task', () => {
    const text = `data: { source: a.csv, task: clinic }
tasks:
  a: { target: a }
  b: { target: b, source: b.csv }
models: { m: { kind: forest } }`;
    expect(places(parseExperiment(text).diagnostics)).toEqual(['4:3 long-form', '4:19 conflicting-keys']);
  });

  it('keys that have no effect are warned of', () => {
    const text = `data: { source: a.csv, split: s, test: 0.3 }
tasks: { y: y }
models: { m: { kind: linear, lambda: { from: 1, to: 0.1, ratio: 0.01 } } }`;
    const { diagnostics, experiment } = parseExperiment(text);
    expect(places(diagnostics)).toEqual(['1:34 ignored-key', '3:58 ignored-key']);
    expect(experiment).toBeDefined();
  });
});

it('reports all mistakes at once, in the order of the file', () => {
  const { diagnostics, experiment, draft } = parseExperiment(`data: { source: a.csv, folds: 0, colour: red }
tasks:
  good: { target: x }
  bad: { target: y, type: binray }
models:
  a: { kind: linear, lamda: 3 }
  b: { kind: tree }
ensembles:
  e: { combine: mean, of: [a, c] }
`);
  expect(places(diagnostics)).toEqual([
    '1:31 out-of-range',
    '1:34 unknown-key',
    '4:27 wrong-value',
    '6:22 unknown-key',
    '7:14 wrong-value',
    '9:31 unknown-model',
  ]);
  expect(experiment).toBeUndefined();
  // What is left can be shown and checked meanwhile.
  expect(draft.data.folds).toBe(5);
  expect(draft.tasks.map(({ id }) => id)).toEqual(['good', 'bad']);
  expect(draft.models.map(({ name }) => name)).toEqual(['a']);
});

describe('parameters that do not go together', () => {
  it('a solver that cannot minimise the penalty, written or by default', () => {
    for (const penalty of ['penalty: lasso, ', 'penalty: group-lasso, ', '']) {
      const text = withModels(`  m: { kind: linear, ${penalty}solver: newton }`);
      const found = mistake(text);
      expect(found).toMatchObject({ severity: 'error', code: 'conflicting-keys', line: 4 });
      expect(found.message).toContain('the solver "newton" cannot minimise the penalty');
      expect(covered(text, found)).toBe('newton');
      expect(parseExperiment(fixed(text, found)).diagnostics).toEqual([]);
    }
    const sound = withModels('  m: { kind: linear, penalty: ridge, solver: newton }');
    expect(parseExperiment(sound).diagnostics).toEqual([]);
  });

  it('are not looked for where one of them has a mistake of its own', () => {
    expect(mistake(withModels('  m: { kind: linear, penalty: rigde, solver: newton }'))).toMatchObject({
      code: 'wrong-value',
      replacement: 'ridge',
    });
    expect(mistake(withModels('  m: { kind: linear, penality: ridge, solver: newton }')).code).toBe(
      'unknown-key',
    );
  });

  it('a strength of sharing without soft sharing has no effect', () => {
    const text = withModels('  m: { kind: neural, lambda: [1, 2], lambda_on: sharing, sharing_strength: 2 }');
    const { diagnostics } = parseExperiment(text);
    expect(diagnostics.map(({ severity, code }) => [severity, code])).toEqual([
      ['warning', 'ignored-key'],
      ['warning', 'ignored-key'],
    ]);
    expect(diagnostics.map((one) => covered(text, one))).toEqual(['sharing', '2']);
    const soft = text.replace('kind: neural', 'kind: neural, architecture: soft-sharing');
    expect(parseExperiment(soft).diagnostics).toEqual([]);
  });
});
