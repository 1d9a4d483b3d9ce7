import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../../src/core/experiment';
import { changedLines } from '../../../../src/extension/editor/changed-lines';
import { hoverText } from '../../../../src/extension/editor/hover-text';
import { inlineNotes } from '../../../../src/extension/editor/inline-notes';
import { memberAdded, memberRemoved } from '../../../../src/extension/editor/member-edit';
import { sparkline } from '../../../../src/extension/editor/sparkline';
import { outlineOf } from '../../../../src/extension/outline';
import type { ShownRun } from '../../../../src/extension/run-library';
import { board, detail, EXPERIMENT, path, summary, TEXT } from '../support';

const parsed = parseExperiment(TEXT);
const outline = outlineOf(parsed.draft, ({ kind }) => ({
  lambda: kind === 'linear',
  lambdaMax: true,
  hyperparameters: [],
}));

function notes(shown: readonly ShownRun[], mean: number | null = null) {
  const standing = () => [{ model: 'linear', folds: { done: 2, total: 5 }, mean, tasks: [] }];
  const found = inlineNotes({ outline, shown, standing, locate: parsed.locate });
  const lines = TEXT.split('\n');
  return Object.fromEntries(
    found.map(({ line, text, tone }) => [lines[line].trim().split(':')[0], `${tone}: ${text}`]),
  );
}

const run = (part: object = {}): ShownRun => ({ detail: detail(), leaderboard: { ...board(), ...part } });

/** The same leaderboard with every mean and score moved. */
function moved(by: number): ShownRun {
  const { rows, ...rest } = board();
  return {
    detail: detail({ summary: summary({ run: 'r0' }) }),
    leaderboard: {
      ...rest,
      rows: rows.map((row) => ({
        ...row,
        mean: row.mean + by,
        scores: Object.fromEntries(
          Object.entries(row.scores).map(([task, scores]) => [
            task,
            Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, (value ?? 0) + by])),
          ]),
        ),
      })),
    },
  };
}

describe('what stands after a line', () => {
  it('is nothing before there is a run', () => {
    expect(notes([])).toEqual({});
  });

  it('is the score of the newest run, and the harm that sharing did', () => {
    const found = notes([run()]);
    expect(found.average).toBe('plain: skill 0.890');
    expect(found.linear).toBe('worse: skill 0.885  ⚠ negative transfer: sex');
    expect(found.sex).toBe('plain: AUC 0.980  average');
    expect(found.forest).toBeUndefined();
  });

  it('says how much better or worse than the run before', () => {
    expect(notes([run(), moved(-0.02)]).average).toBe('better: skill 0.890  ▲ +0.020');
    expect(notes([run(), moved(0.02)]).average).toBe('worse: skill 0.890  ▼ −0.020');
    expect(notes([run(), moved(0)]).average).toBe('plain: skill 0.890  =');
    expect(notes([run(), moved(-0.02)]).mass).toBe('better: R² 0.820  linear  ▲ +0.020');
  });

  it('tells how far training is, with the score over the folds done so far', () => {
    const going = detail({
      summary: summary({ status: 'running' }),
      models: detail().models.map((state) => ({
        ...state,
        status: 'running' as const,
        fits: { done: 4, total: 10 },
      })),
    });
    const shown = [{ detail: going, leaderboard: null }, run()];
    expect(notes(shown).linear).toBe('live: ◌ 40 %');
    expect(notes(shown, 0.5).linear).toBe('live: ◌ 40 %  skill 0.500 so far (2 of 5 folds)');
  });

  it('say type and labels of a task before anything has run, and the score after that', () => {
    const found = new Map([['sex', { id: 'sex', type: 'binary', target: 'sex', labelled: 333 }]]);
    const notesOf = (shown: readonly ShownRun[]) =>
      inlineNotes({ outline, found, shown, standing: () => undefined, locate: parsed.locate });
    expect(notesOf([])).toEqual([{ line: 3, text: 'binary · 333 rows', tone: 'plain' }]);
    expect(notesOf([run()])[0].text).toBe('AUC 0.980  average');
    const written = { ...outline, longForm: true, tasks: [{ id: 'mass', target: 'value' }] };
    const long = inlineNotes({
      outline: written,
      found,
      shown: [],
      standing: () => undefined,
      locate: parsed.locate,
    });
    expect(long).toEqual([{ line: 4, text: '1 task', tone: 'plain' }]);
  });

  it('names things that share a line', () => {
    const text =
      'data: { source: a.csv }\ntasks: { sex: { target: sex }, mass: { target: m } }\nmodels: { linear: { kind: linear } }\n';
    const file = parseExperiment(text);
    const [note] = inlineNotes({
      outline: outlineOf(file.draft, () => ({ lambda: true, lambdaMax: true, hyperparameters: [] })),
      shown: [run()],
      standing: () => undefined,
      locate: file.locate,
    });
    expect(note).toMatchObject({ line: 1, text: 'sex AUC 0.980  average · mass R² 0.820  linear' });
  });
});

describe('a hover', () => {
  const input = {
    target: { experiment: EXPERIMENT, model: 'linear' },
    shown: [run(), moved(-0.02)],
    sweepable: true,
    trusted: true,
    color: '#123456',
  };

  it('shows a curve, the score per task with its change, and what can be done', () => {
    const text = hoverText({ ...input, subject: { kind: 'model', name: 'linear' }, path: path() });
    expect(text).toContain('data:image/svg+xml;base64,');
    expect(text).toContain('Mean skill against λ, from 1 down to 0.01 · chosen λ 0.1');
    expect(text).toContain('| sex&ensp; | AUC\u00a00.950&ensp; | +0.020&ensp; |');
    expect(text).toMatch(/\(command:taskweave\.sweep\?%5B%7B/);
  });

  it('offers nothing that runs in Restricted Mode, and is empty before there is a run', () => {
    const subject = { kind: 'model', name: 'linear' } as const;
    expect(hoverText({ ...input, subject, trusted: false })).not.toContain('command:taskweave.run');
    expect(hoverText({ ...input, subject, shown: [] })).toBe('');
  });

  it('shows how a task did over the last runs', () => {
    const text = hoverText({ ...input, subject: { kind: 'task', name: 'sex' } });
    expect(text).toContain('Best score of the last 2 runs');
    expect(text).toContain('| average&ensp; | 0.980&ensp; |');
  });
});

describe('a sparkline', () => {
  it('draws each value at its place, the largest on top, and leaves gaps out', () => {
    const svg = sparkline({ values: [0, null, 10], color: 'red', mark: 2 });
    expect(svg).toContain('points="4,52 276,4"');
    expect(svg).toContain('cx="276" cy="4"');
    expect(sparkline({ values: [1, null], color: 'red' })).toBeUndefined();
  });
});

describe('lines changed since a run', () => {
  it('are those that say something else, not those that moved or have another comment', () => {
    expect(changedLines('a: 1\nb: 2\nc: 3\n', 'a: 1\nnew: 0\nb: 2 # why\nc: 4\n')).toEqual([1, 3]);
    expect(changedLines(TEXT, TEXT.replaceAll('\n', '\r\n'))).toEqual([]);
    expect(changedLines(TEXT, `# first\n\n${TEXT}`)).toEqual([]);
  });
});

describe('members of an ensemble', () => {
  const base =
    'data: { source: a.csv }\ntasks: { a: { target: a } }\nmodels:\n  x: { kind: linear }\n  y: { kind: forest }\n  z: { kind: forest }\n';
  function edited(text: string, change: typeof memberAdded, model: string): string {
    const result = change(parseExperiment(text), text, 'e', model);
    return typeof result === 'string'
      ? result
      : text.slice(0, result.start) + result.text + text.slice(result.end);
  }

  it('are added in the style of the list', () => {
    const flow = `${base}ensembles:\n  e: { combine: mean, of: [x] }\n`;
    expect(edited(flow, memberAdded, 'y')).toBe(flow.replace('[x]', '[x, y]'));
    const block = `${base}ensembles:\n  e:\n    combine: mean\n    of:\n      - x # one\n`;
    expect(edited(block, memberAdded, 'y')).toBe(`${block}      - y\n`);
    const json =
      '{"data": {"source": "a.csv"}, "tasks": {"a": {"target": "a"}}, "models": {"x": {"kind": "linear"}, "y": {"kind": "forest"}}, "ensembles": {"e": {"combine": "mean", "of": ["x"]}}}';
    expect(edited(json, memberAdded, 'y')).toBe(json.replace('["x"]', '["x", "y"]'));
  });

  it('are taken out with the comma beside them, or with their line', () => {
    const flow = `${base}ensembles:\n  e: { combine: mean, of: [x, y, z] }\n`;
    expect(edited(flow, memberRemoved, 'y')).toBe(flow.replace('[x, y, z]', '[x, z]'));
    expect(edited(flow, memberRemoved, 'z')).toBe(flow.replace('[x, y, z]', '[x, y]'));
    const block = `${base}ensembles:\n  e:\n    combine: mean\n    of:\n      - x\n      - y\n`;
    expect(edited(block, memberRemoved, 'x')).toBe(block.replace('      - x\n', ''));
  });

  it('are taken out of an ensemble of all by listing the rest', () => {
    const flow = `${base}ensembles: { e: { combine: mean } }\n`;
    expect(edited(flow, memberRemoved, 'y')).toBe(flow.replace('combine: mean', 'combine: mean, of: [x, z]'));
    const block = `${base}ensembles:\n  e:\n    combine: mean # of all\n`;
    expect(edited(block, memberRemoved, 'x')).toBe(`${block}    of: [y, z]\n`);
    const json =
      '{"data": {"source": "a.csv"}, "tasks": {"a": {"target": "a"}}, "models": {"x": {"kind": "linear"}, "y": {"kind": "forest"}}, "ensembles": {"e": {"combine": "mean"}}}';
    expect(edited(json, memberRemoved, 'x')).toBe(json.replace('"mean"', '"mean", "of": ["y"]'));
  });

  it('are not added twice, nor to an ensemble of all, and the last one stays', () => {
    const one = `${base}ensembles:\n  e: { combine: mean, of: [x] }\n`;
    expect(edited(one, memberAdded, 'x')).toBe('x is already in e.');
    expect(edited(one, memberRemoved, 'x')).toBe('x is the only model of e.');
    expect(edited(`${base}ensembles: { e: { combine: mean } }\n`, memberAdded, 'x')).toBe(
      'e combines all base models already.',
    );
  });
});
