import { describe, expect, it } from 'vitest';
import { ensembleLines, thresholdLines } from '../../../src/cli/ensemble-text';
import type { EnsembleDetail, Leaderboard, LeaderboardRow } from '../../../src/core/evaluate';

describe('what is said of an ensemble', () => {
  it('is its weights by task, what it does not use, what comes from other tasks, and how alike its members err', () => {
    const lines = ensembleLines(
      board({
        combine: 'stacking',
        refit: false,
        unused: ['net'],
        influence: { size: [0.8, 0.2], flag: [0.4, 0.6] },
        errorCorrelation: {
          members: ['linear', 'net'],
          tasks: {
            size: [
              [1, 0.5],
              [0.5, 1],
            ],
            flag: [
              [1, null],
              [null, 1],
            ],
          },
        },
      }),
    );
    expect(lines).toEqual([
      'both  stacking of linear, net, models of the folds',
      '  shares of its weights',
      '    size  linear 1.00',
      '    flag  none',
      '  not used by any task: net',
      '  from predictions of other tasks: 30 % on average',
      '  errors of two members correlate by 0.50 on average',
      '',
    ]);
  });

  it('is the order of a single chain', () => {
    const lines = ensembleLines(
      board({
        combine: 'chains',
        refit: true,
        unused: [],
        errorCorrelation: { members: ['forest: flag → size'], tasks: { size: [[1]], flag: [[1]] } },
        chains: [{ model: 'forest', order: ['flag', 'size'] }],
      }),
    );
    expect(lines).toEqual(['both  chains of linear, net', '  1 chain: flag → size', '']);
  });

  it('names decision thresholds where there are some', () => {
    const of = board({
      combine: 'mean',
      refit: true,
      unused: [],
      errorCorrelation: { members: [], tasks: {} },
    });
    expect(thresholdLines(of)).toEqual([]);
    const rows = of.rows.map((row) => ({ ...row, thresholds: { flag: 0.25 } }));
    expect(thresholdLines({ ...of, rows })).toEqual(['both  flag 0.250']);
  });
});

function board(ensemble: EnsembleDetail): Leaderboard {
  const tasks = ['size', 'flag'].map((id) => {
    return { id, type: 'regression', primary: 'r2', labelled: 9, labelledTest: 0 } as const;
  });
  const row: LeaderboardRow = {
    rank: 1,
    name: 'both',
    role: 'ensemble',
    learner: ensemble.combine,
    lambda: null,
    scores: {},
    mean: 0.5,
    validation: { scores: {}, mean: 0.5, selectedOnThis: false },
    cpuSeconds: 1,
    negativeTransfer: [],
    warnings: [],
    members: ['linear', 'net'],
    weights: { size: [1, 0], flag: [0, 0] },
    ensemble,
  };
  return { split: 'test', tasks, rows: [row] };
}
