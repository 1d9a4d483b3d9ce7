import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/core/experiment';
import { type SweepText, sweepOnly, sweepWritten } from '../../../src/core/experiment/sweep-text';

const BLOCK = `# my experiment
data: { source: a.csv, folds: 3 }
tasks:
  y: { target: y }
models:
  net: { kind: neural, hidden: [16] }   # small
  ridge: { kind: linear, penalty: ridge }
ensembles:
  both: { combine: mean }
`;

const SWEEP: SweepText = {
  model: 'net',
  over: {
    lambda: { points: 4, from: 1, to: 0.01 },
    dropout: [0, 0.2],
    learning_rate: { from: 0.001, to: 0.1, scale: 'log' },
  },
  folds: 4,
  search: 'random',
  budget: { configurations: 9 },
};

const applied = (text: string, sweep = SWEEP) => {
  const { start, end, text: added } = sweepWritten(text, sweep);
  return text.slice(0, start) + added + text.slice(end);
};

const sweepsOf = (text: string) => {
  const { experiment, diagnostics } = parseExperiment(text);
  expect(diagnostics).toEqual([]);
  return experiment?.sweeps ?? [];
};

describe('a sweep alone', () => {
  it('is its model, without the others and without ensembles', () => {
    const { experiment, diagnostics } = parseExperiment(sweepOnly(BLOCK, SWEEP));
    expect(diagnostics).toEqual([]);
    expect(experiment?.models.map(({ name }) => name)).toEqual(['net']);
    expect(experiment?.ensembles).toEqual([]);
    expect(experiment?.sweeps).toMatchObject([
      { name: 'net', model: 'net', folds: 4, search: { method: 'random' }, budget: { configurations: 9 } },
    ]);
    expect(Object.keys(experiment?.sweeps[0].over ?? {})).toEqual(['dropout', 'learning_rate']);
  });

  it('keeps its mistakes, for whoever reads it to say', () => {
    const { diagnostics } = parseExperiment(sweepOnly(BLOCK, { model: 'net', over: { dropuot: [0, 1] } }));
    expect(diagnostics[0]?.message).toContain('dropuot');
  });
});

describe('a sweep written into the file', () => {
  it('comes at the end where there was none, and changes nothing else', () => {
    const written = applied(BLOCK);
    expect(written.startsWith(BLOCK.trimEnd())).toBe(true);
    expect(sweepsOf(written)).toMatchObject([{ name: 'net', model: 'net', folds: 4 }]);
    expect(written).toContain('\nsweeps:\n  net: { model: "net", over: { lambda: { points: 4,');
  });

  it('comes after the others, in their indentation', () => {
    const text = `${BLOCK}sweeps:\n    wide: { model: ridge, over: { lambda: [1, 2] } }\n\n# the end\n`;
    const written = applied(text);
    expect(sweepsOf(written).map(({ name }) => name)).toEqual(['wide', 'net']);
    expect(written).toContain('\n    net: {');
    expect(written.endsWith('\n\n# the end\n')).toBe(true);
  });

  it('takes the place of the one its model has, whatever that is called', () => {
    const text = `${BLOCK}sweeps:\n  tune: { model: net, over: { dropout: [0.5] } } # mine\n  wide: { model: ridge, over: { lambda: [1, 2] } }\n`;
    const written = applied(text);
    expect(sweepsOf(written).map(({ name, model }) => [name, model])).toEqual([
      ['tune', 'net'],
      ['wide', 'ridge'],
    ]);
    expect(written).toContain('# mine');
    const block = `${BLOCK}sweeps:\n  tune:\n    model: net\n    over:\n      dropout: [0.5]\n  wide: { model: ridge, over: { lambda: [1, 2] } }\n`;
    expect(sweepsOf(applied(block)).map(({ name }) => name)).toEqual(['tune', 'wide']);
  });

  it('keeps a file in JSON in JSON', () => {
    const json = JSON.stringify(
      { data: { source: 'a.csv' }, tasks: { y: { target: 'y' } }, models: { net: { kind: 'neural' } } },
      null,
      2,
    );
    const written = applied(json);
    expect(sweepsOf(written).length).toBe(1);
    expect(Object.keys(JSON.parse(written))).toContain('sweeps');
  });
});
