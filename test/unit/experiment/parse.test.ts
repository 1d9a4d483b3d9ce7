import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/core/experiment';
import { mistake, withModels } from './parsed';
import { covered, EXAMPLE, fixed, places } from './support';

describe('a sound file', () => {
  it('is read with every default filled in', () => {
    const { experiment, diagnostics } = parseExperiment(EXAMPLE);
    expect(diagnostics).toEqual([]);
    expect(experiment?.data).toEqual({
      source: 'penguins.csv',
      exclude: [],
      test: 0.2,
      folds: 5,
      seed: 42,
      missing: ['', 'NA', '?'],
    });
    expect(experiment?.tasks).toEqual([
      { id: 'species', target: 'species', weight: 1 },
      { id: 'sex', target: 'sex', weight: 1 },
      { id: 'mass', target: 'body_mass_g', weight: 1 },
    ]);
    expect(experiment?.models.map(({ name, kind, lambda }) => ({ name, kind, lambda }))).toEqual([
      { name: 'linear', kind: 'linear', lambda: { kind: 'grid', points: 20 } },
      { name: 'net', kind: 'neural', lambda: { kind: 'list', values: [0.01, 0.001, 0.0001] } },
      { name: 'forest', kind: 'forest', lambda: undefined },
    ]);
    expect(experiment?.models[2].parameters).toMatchObject({ trees: 200, bootstrap: true });
    expect(experiment?.ensembles).toEqual([
      { name: 'average', combine: 'mean', of: ['linear', 'net', 'forest'], refit: true },
      {
        name: 'weighted',
        combine: 'weighted',
        weights: 'task',
        of: ['linear', 'net', 'forest'],
        refit: true,
      },
    ]);
  });

  it('may be JSON', () => {
    const text =
      '{"data": {"source": "a.csv"}, "tasks": {"y": "label"}, "models": {"m": {"kind": "forest"}}}';
    expect(parseExperiment(text).experiment?.tasks).toEqual([{ id: 'y', target: 'label', weight: 1 }]);
  });

  it('takes a plain text for the target of a task', () => {
    expect(parseExperiment(withModels('  m: { kind: forest }')).experiment?.tasks[0].target).toBe('y');
  });

  it('reads names of columns and cells as their very characters', () => {
    const text = `data: { source: a.csv, exclude: [007, 1.0], missing: [NA, -999, null, ~, ""], split: 2020 }
tasks: { a: { target: 2021, positive: true }, b: 1e3 }
models: { m: { kind: forest } }`;
    const { experiment } = parseExperiment(text);
    expect(experiment?.data.exclude).toEqual(['007', '1.0']);
    expect(experiment?.data.missing).toEqual(['NA', '-999', 'null', '~', '']);
    expect(experiment?.data.split).toBe('2020');
    expect(experiment?.tasks.map(({ target, positive }) => [target, positive])).toEqual([
      ['2021', 'true'],
      ['1e3', undefined],
    ]);
  });

  it('lets parts be repeated by anchors and merge keys', () => {
    const text = withModels(
      '  a: &base { kind: forest, trees: 7 }\n  b: { <<: *base, trees: 9 }\n  c: *base',
    );
    const models = parseExperiment(text).experiment?.models;
    expect(models?.map(({ parameters }) => parameters.trees)).toEqual([7, 9, 7]);
  });

  it('sorts a list of λ, largest first, each once', () => {
    const { experiment } = parseExperiment(withModels('  m: { kind: linear, lambda: [0.1, 10, 0.1, 1] }'));
    expect(experiment?.models[0].lambda).toEqual({ kind: 'list', values: [10, 1, 0.1] });
  });

  it('may leave a section empty while it is being written', () => {
    expect(parseExperiment(withModels('  m: { kind: forest }', 'ensembles:\nsweeps:\n')).diagnostics).toEqual(
      [],
    );
  });

  it('knows where everything stands', () => {
    const { locate } = parseExperiment(EXAMPLE);
    expect(locate(['models', 'net'])).toEqual({ line: 8, column: 3, endLine: 8, endColumn: 6 });
    expect(locate(['data', 'folds'])).toEqual({ line: 1, column: 49, endLine: 1, endColumn: 50 });
    expect(locate(['data', 'folds'], 'key')).toMatchObject({ line: 1, column: 42, endColumn: 47 });
    expect(covered(EXAMPLE, locate(['models', 'net', 'hidden', 1]))).toBe('32');
    expect(covered(EXAMPLE, locate(['tasks', 'mass', 'target']))).toBe('body_mass_g');
    expect(locate(['models', 'net', 'nothing', 'here'])).toMatchObject({ line: 8, column: 3 });
  });
});

describe('mistakes of the schema', () => {
  it.each([
    ['data: { source: a.csv, fold: 3 }', 'fold', 'folds'],
    ['data: { source: a.csv, tset: 0.3 }', 'tset', 'test'],
    ['data: { source: a.csv, misssing: [NA] }', 'misssing', 'missing'],
  ])('an unknown key gets the nearest right one: %s', (data, key, right) => {
    const text = `${data}\ntasks: { y: y }\nmodels: { m: { kind: forest } }\n`;
    const diagnostic = mistake(text);
    expect(diagnostic).toMatchObject({ code: 'unknown-key', line: 1, replacement: right });
    expect(covered(text, diagnostic)).toBe(key);
    expect(parseExperiment(fixed(text, diagnostic)).experiment).toBeDefined();
  });

  it('an unknown key of a model is looked for among its learner’s', () => {
    const text = withModels('  m: { kind: forest, tree: 10 }');
    expect(mistake(text)).toMatchObject({
      code: 'unknown-key',
      message: 'unknown key "tree" in models.m',
      remedy: 'write "trees"',
      line: 4,
      column: 22,
      endLine: 4,
      endColumn: 26,
    });
  });

  it('an unknown key like no other gets the list', () => {
    expect(mistake(withModels('  m: { kind: forest }', 'qqqq: 1')).remedy).toBe(
      'its keys are data, tasks, models, sweeps, ensembles, metrics, relatedness',
    );
  });

  it('an empty list, and a second document, are told in words about the file', () => {
    expect(mistake(withModels('  m: { kind: linear, lambda: [] }'))).toMatchObject({
      message: 'models.m.lambda is empty',
      remedy: 'write at least 1 entry',
    });
    const two = `${withModels('  m: { kind: forest }')}\n---\nx: 1\n`;
    expect(parseExperiment(two).diagnostics[0]).toMatchObject({
      code: 'yaml-syntax',
      message: 'a second document begins here',
    });
  });

  it('a required key written wrong is one mistake', () => {
    const text = 'data: { source: a.csv }\ntasks: { y: { targt: y } }\nmodels: { m: { kind: forest } }';
    expect(places(parseExperiment(text).diagnostics)).toEqual(['2:15 unknown-key']);
  });

  it.each([
    ['m: { kind: forrest }', 'forest', 'forrest'],
    ['m: { kind: linear, penalty: group_lasso }', 'group-lasso', 'group_lasso'],
    ['m: { kind: neural, activation: "ReLU" }', '"relu"', '"ReLU"'],
  ])('a wrong choice gets the nearest: %s', (model, right, wrong) => {
    const text = withModels(`  ${model}`);
    const diagnostic = mistake(text);
    expect(covered(text, diagnostic)).toBe(wrong);
    expect(diagnostic).toMatchObject({ code: 'wrong-value', replacement: right });
    expect(parseExperiment(fixed(text, diagnostic)).diagnostics).toEqual([]);
  });

  it.each([
    ['folds: 1', 'data.folds cannot be 1', 'write a number of at least 2', '2'],
    [
      'folds: 2.5',
      'data.folds cannot be 2.5',
      'write cross-validation folds over the training rows: a number, or a map with `count`, `by`, `repeats` and more',
      undefined,
    ],
    [
      'folds: "5"',
      'data.folds cannot be "5"',
      'write cross-validation folds over the training rows: a number, or a map with `count`, `by`, `repeats` and more',
      '5',
    ],
    [
      'folds: many',
      'data.folds cannot be "many"',
      'write cross-validation folds over the training rows: a number, or a map with `count`, `by`, `repeats` and more',
      undefined,
    ],
    ['test: 1', 'data.test cannot be 1', 'write a number less than 1', undefined],
    ['test: -0.1', 'data.test cannot be -0.1', 'write a number of at least 0', '0'],
    ['seed: -1', 'data.seed cannot be -1', 'write a number of at least 0', '0'],
  ])('a number out of range or no number: %s', (entry, message, remedy, replacement) => {
    const text = `data: { source: a.csv, ${entry} }\ntasks: { y: y }\nmodels: { m: { kind: forest } }`;
    const diagnostic = mistake(text);
    expect(diagnostic).toMatchObject({ message, remedy, line: 1, column: 24 + entry.indexOf(' ') + 1 });
    expect(diagnostic.replacement).toBe(replacement);
  });

  it('an item of a list is told by its value', () => {
    const messages = (text: string) => parseExperiment(text).diagnostics.map(({ message }) => message);
    const net = '  m: { kind: neural, hidden: [64, -3], lambda: [1, -1] }';
    expect(messages(withModels(net, 'metrics: [auc, rmsee]'))).toEqual([
      'models.m.hidden: -3 cannot be in the list',
      'models.m.lambda: -1 cannot be in the list',
      'metrics: "rmsee" cannot be in the list',
    ]);
    expect(messages('data: { source: a.csv, features: [a, ""] }\ntasks: { y: y }\nmodels: {}')[0]).toBe(
      'data.features has an empty entry',
    );
  });

  it('one value where a list is wanted gets brackets', () => {
    const text = withModels(
      '  m: { kind: forest }\n  n: { kind: forest }',
      'ensembles: { e: { combine: mean, of: m } }',
    );
    const diagnostic = mistake(text);
    expect(diagnostic).toMatchObject({ code: 'wrong-type', replacement: '[m]', line: 6, column: 38 });
  });

  it('λ that is none of its three forms', () => {
    const text = withModels('  m: { kind: linear, lambda: small }');
    expect(mistake(text)).toMatchObject({ code: 'wrong-type', line: 4, column: 30, endColumn: 35 });
  });

  it('a mistake inside one of the forms of λ is reported there', () => {
    expect(
      places(parseExperiment(withModels('  m: { kind: linear, lambda: [1, x, -2] }')).diagnostics),
    ).toEqual(['4:34 wrong-type', '4:37 out-of-range']);
    expect(mistake(withModels('  m: { kind: linear, lambda: { point: 5 } }'))).toMatchObject({
      code: 'unknown-key',
      replacement: 'points',
      column: 32,
    });
  });

  it('a model without a kind, a model with nothing', () => {
    const { diagnostics } = parseExperiment(withModels('  a: { trees: 3 }\n  b:'));
    expect(places(diagnostics)).toEqual(['4:3 missing-key', '5:3 missing-value']);
    expect(diagnostics[0].remedy).toMatch(/^add `kind:` with one of linear, forest, .*neural$/);
  });

  it('sections that are missing or hold nothing', () => {
    expect(parseExperiment('tasks: {}\n').diagnostics.map(({ message }) => message)).toEqual([
      'the file has no "data"',
      'the file has no "models"',
      'tasks is empty',
    ]);
    expect(mistake('').code).toBe('empty-file');
    expect(mistake('- a\n- b').code).toBe('wrong-type');
  });

  it('data without a table', () => {
    const text = 'data: { folds: 3 }\ntasks: { y: y }\nmodels: { m: { kind: forest } }';
    expect(mistake(text)).toMatchObject({ code: 'missing-key', line: 1, column: 1, endColumn: 5 });
  });

  it('what is still to come is refused by name, never ignored', () => {
    const text = withModels(
      '  a: { kind: linear }\n  b: { kind: command }',
      'ensembles: { e: { combine: bagging } }',
    );
    expect(places(parseExperiment(text).diagnostics)).toEqual(['5:14 not-supported', '6:28 not-supported']);
  });
});
