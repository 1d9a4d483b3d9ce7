import { describe, expect, it } from 'vitest';
import { type Experiment, parseExperiment, plan } from '../../../src/core/experiment';
import type { TransferTrial } from '../../../src/core/experiment/trial';

const text = (relatedness: string, tasks = ['a', 'b', 'c']) => `data: { source: t.csv, folds: 4 }
tasks: { ${tasks.map((id) => `${id}: { target: ${id} }`).join(', ')} }
models:
  linear: { kind: linear, lambda: [1, 0.1] }
  forest: { kind: forest }
relatedness: ${relatedness}
`;

function planned(relatedness: string, tasks?: string[]) {
  const experiment = parseExperiment(text(relatedness, tasks)).experiment as Experiment;
  return plan(experiment, {
    fingerprint: 'f',
    engineVersion: '1',
    tasks: experiment.tasks.map(({ id }) => ({ id, type: 'regression' as const, weight: 1, classes: [] })),
    longForm: false,
    lambdaMax: {},
  });
}

const transfersOf = (made: ReturnType<typeof plan>) =>
  made.trials.filter((trial): trial is TransferTrial => trial.kind === 'transfer');

describe('tasks learned in pairs', () => {
  it('are a trial a fold, after both choices; every pair and every task alone is a fit', () => {
    const with_ = planned('pairwise');
    const transfers = transfersOf(with_);
    expect(transfers).toHaveLength(4);
    expect(new Set(transfers.map(({ id }) => id)).size).toBe(4);
    for (const { key, pairs, after } of transfers) {
      expect(key).toEqual({ model: 'linear', scope: 'joint' });
      expect(pairs).toBe(3);
      const before = after.map((id) => with_.trials.find((trial) => trial.id === id));
      expect(before.map((trial) => [trial?.kind, trial && 'key' in trial && trial.key.scope])).toEqual([
        ['select', 'joint'],
        ['select', 'single-task'],
      ]);
    }
    const without = plan(
      parseExperiment(text('pairwise').replace(/relatedness.*/, '')).experiment as Experiment,
      {
        fingerprint: 'f',
        engineVersion: '1',
        tasks: ['a', 'b', 'c'].map((id) => ({ id, type: 'regression' as const, weight: 1, classes: [] })),
        longForm: false,
        lambdaMax: {},
      },
    );
    expect(with_.fitCount - without.fitCount).toBe(4 * (3 + 3));
    // All other work is the same work, but for the report that reads the pairs.
    const others = with_.trials.filter(({ kind }) => kind !== 'transfer' && kind !== 'report');
    expect(others.map(({ id }) => id)).toEqual(
      without.trials.filter(({ kind }) => kind !== 'report').map(({ id }) => id),
    );
  });

  it('are learned by the model that is named', () => {
    expect(transfersOf(planned('{ by: pairwise, model: forest }'))[0].learner).toBe('forest');
    const { diagnostics } = parseExperiment(text('{ by: pairwise, model: forst }'));
    expect(diagnostics.map(({ code, replacement }) => [code, replacement])).toEqual([
      ['unknown-model', 'forest'],
    ]);
  });

  it('are refused where they are too many, and are none with one task', () => {
    const many = Array.from({ length: 41 }, (_, t) => `t${t}`);
    expect(() => planned('pairwise', many)).toThrow(/820 pairs/);
    expect(transfersOf(planned('pairwise', ['a']))).toHaveLength(0);
  });
});
