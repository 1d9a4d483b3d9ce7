import { describe, expect, it } from 'vitest';
import { buildTaskTable, type Dataset } from '../../../src/core/dataset';
import { parseExperiment } from '../../../src/core/experiment';
import { RunData } from '../../../src/jobs/run-data';
import { partsOf } from '../../../src/jobs/trials/parts';

/** Task b has labels in fold x alone, the second with a weight of 0 alone where x is held out. */
const TABLE: Dataset = {
  rowCount: 6,
  fingerprint: '',
  columns: [
    { kind: 'numeric', name: 'u', values: Float64Array.of(1, 2, 3, 4, 5, 6) },
    { kind: 'numeric', name: 'a', values: Float64Array.of(0.5, 2.5, 1.5, 4, 3, 6) },
    { kind: 'numeric', name: 'b', values: Float64Array.of(7.5, 3, Number.NaN, 9, Number.NaN, Number.NaN) },
    { kind: 'numeric', name: 'w', values: Float64Array.of(1, 1, 1, 0, 1, 1) },
    {
      kind: 'categorical',
      name: 'f',
      codes: Int32Array.of(0, 0, 1, 1, 1, 1),
      categories: ['x', 'y'],
    },
  ],
};

function dataOf(): RunData {
  const { experiment } = parseExperiment(`data:
  source: t.csv
  weight: w
  test: 0
  folds: { by: column, column: f }
tasks: { a: a, b: b }
models: { m: { kind: linear } }
`);
  if (experiment === undefined) throw new Error('The experiment has mistakes.');
  return new RunData(experiment, buildTaskTable(TABLE, experiment));
}

describe('tasks that a part predicts', () => {
  const parts = (scope: 'joint' | 'single-task', fold: number) => {
    const data = dataOf();
    const { train } = data.fold(fold, 2, 0);
    const one = [{ parameters: {}, lambda: 1 }];
    const configurations = scope === 'joint' ? [one] : [one, one];
    return partsOf(data, { key: { model: 'm', scope }, configurations }, train).map(({ covers }) => covers);
  };

  it('are those that have a label to learn from, one of weight 0 is none', () => {
    expect(parts('joint', 0)).toEqual([[{ task: 0, own: 0 }]]);
    expect(parts('single-task', 0)).toEqual([[{ task: 0, own: 0 }], []]);
  });

  it('are all where all have', () => {
    expect(parts('joint', 1)).toEqual([
      [
        { task: 0, own: 0 },
        { task: 1, own: 1 },
      ],
    ]);
    expect(parts('single-task', 1)).toEqual([[{ task: 0, own: 0 }], [{ task: 1, own: 0 }]]);
  });
});
