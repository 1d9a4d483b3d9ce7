import { describe, expect, it } from 'vitest';
import { assignFolds, splitTest, type Task } from '../../../src/core/dataset';
import { Random } from '../../../src/core/random';

const ROWS = 503;
const FOLDS = 5;
const tasks: readonly Task[] = [
  { id: 'species', type: 'multiclass', weight: 1, classes: ['a', 'b', 'c'] },
  { id: 'rare', type: 'binary', weight: 1, classes: ['no', 'yes'] },
  { id: 'mass', type: 'regression', weight: 1, classes: [] },
];

/** Three correlated tasks; `rare` has 4 % positives and is unlabelled in a tenth of the rows. */
function labelsOf(seed: number): Float64Array[] {
  const random = new Random(seed);
  const labels = tasks.map(() => new Float64Array(ROWS));
  for (let row = 0; row < ROWS; row++) {
    const z = random.normal();
    labels[0][row] = z < -0.5 ? 0 : z < 1 ? 1 : 2;
    labels[1][row] = random.uniform() < 0.1 ? NaN : Number(random.uniform() < 0.04);
    labels[2][row] = z + random.normal();
  }
  return labels;
}

const all = Int32Array.from({ length: ROWS }, (_, row) => row);

function counts(foldOf: Int32Array, belongs: (row: number) => boolean, rows = all): number[] {
  const count = new Array<number>(FOLDS).fill(0);
  rows.forEach((row, i) => {
    if (belongs(row)) count[foldOf[i]]++;
  });
  return count;
}

const spread = (count: readonly number[]) => Math.max(...count) - Math.min(...count);

describe('folds', () => {
  const labels = labelsOf(7);
  const foldOf = assignFolds({ rows: all, tasks, labels, folds: FOLDS, seed: 3 });

  it('differ in size by one row at most', () => {
    expect(spread(counts(foldOf, () => true))).toBeLessThanOrEqual(1);
  });

  it('spread every class of every task, and the rows without a label, evenly', () => {
    const classes: [number, number][] = [
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
    ];
    for (const [t, k] of classes) {
      expect(
        spread(counts(foldOf, (row) => labels[t][row] === k)),
        `task ${t} class ${k}`,
      ).toBeLessThanOrEqual(3);
    }
    expect(spread(counts(foldOf, (row) => labels[1][row] === 1))).toBeLessThanOrEqual(1);
    expect(spread(counts(foldOf, (row) => Number.isNaN(labels[1][row])))).toBeLessThanOrEqual(1);
  });

  it('cover the range of a regression target alike', () => {
    const sorted = Float64Array.from(labels[2]).sort();
    const quartile = (q: number) => sorted[Math.floor(q * ROWS)];
    expect(spread(counts(foldOf, (row) => labels[2][row] < quartile(0.25)))).toBeLessThanOrEqual(8);
    expect(spread(counts(foldOf, (row) => labels[2][row] > quartile(0.9)))).toBeLessThanOrEqual(3);
  });

  it('are the same for the same seed and others for another', () => {
    expect(assignFolds({ rows: all, tasks, labels, folds: FOLDS, seed: 3 })).toEqual(foldOf);
    expect(assignFolds({ rows: all, tasks, labels, folds: FOLDS, seed: 4 })).not.toEqual(foldOf);
  });

  it('depend on the labels of their own rows only', () => {
    const rows = all.filter((row) => row % 3 !== 0);
    const altered = labels.map((column) => column.map((label, row) => (row % 3 === 0 ? NaN : label)));
    expect(assignFolds({ rows, tasks, labels: altered, folds: FOLDS, seed: 3 })).toEqual(
      assignFolds({ rows, tasks, labels, folds: FOLDS, seed: 3 }),
    );
  });

  it('spread each task of long data', () => {
    const rowTask = all.map((row) => row % 20);
    const own = tasks[2];
    const longTasks = Array.from({ length: 20 }, (_, t) => ({ ...own, id: `${t}` }));
    const longLabels = longTasks.map((_, t) => labels[2].map((y, row) => (rowTask[row] === t ? y : NaN)));
    const long = assignFolds({
      rows: all,
      tasks: longTasks,
      labels: longLabels,
      folds: FOLDS,
      seed: 1,
      rowTask,
    });
    for (let t = 0; t < 20; t++) {
      expect(spread(counts(long, (row) => rowTask[row] === t))).toBeLessThanOrEqual(3);
    }
    expect(spread(counts(long, () => true))).toBeLessThanOrEqual(1);
  });

  it('keep groups whole and still spread the classes', () => {
    const rowGroup = all.map((row) => Math.floor(row / 9));
    const grouped = assignFolds({ rows: all, tasks, labels, folds: FOLDS, seed: 2, rowGroup });
    const foldOfGroup = new Map<number, Set<number>>();
    grouped.forEach((fold, row) => {
      const folds = foldOfGroup.get(rowGroup[row]) ?? new Set();
      foldOfGroup.set(rowGroup[row], folds.add(fold));
    });
    expect([...foldOfGroup.values()].every((folds) => folds.size === 1)).toBe(true);
    expect(spread(counts(grouped, () => true))).toBeLessThanOrEqual(18);
    expect(spread(counts(grouped, (row) => labels[1][row] === 1))).toBeLessThanOrEqual(3);
  });

  it('are refused when there are more of them than rows', () => {
    expect(() => assignFolds({ rows: all.slice(0, 3), tasks, labels, folds: 5, seed: 1 })).toThrowError(
      expect.objectContaining({ code: 'folds' }),
    );
  });
});

describe('the test split', () => {
  const labels = labelsOf(11);

  it('holds out the fraction, disjoint from training, with every class in proportion', () => {
    const { trainRows, testRows } = splitTest({ rows: all, tasks, labels, fraction: 0.2, seed: 5 });
    expect(testRows.length).toBe(Math.round(0.2 * ROWS));
    expect([...trainRows, ...testRows].sort((a, b) => a - b)).toEqual([...all]);
    expect([...testRows]).toEqual([...testRows].sort((a, b) => a - b));
    for (const [t, k] of [
      [0, 2],
      [1, 1],
    ]) {
      const total = labels[t].filter((label) => label === k).length;
      const held = testRows.filter((row) => labels[t][row] === k).length;
      expect(Math.abs(held - 0.2 * total)).toBeLessThanOrEqual(1);
    }
  });

  it('keeps groups whole', () => {
    const rowGroup = all.map((row) => row % 40);
    const { trainRows, testRows } = splitTest({
      rows: all,
      tasks,
      labels,
      fraction: 0.25,
      seed: 5,
      rowGroup,
    });
    const train = new Set(Array.from(trainRows, (row) => rowGroup[row]));
    expect(Array.from(testRows).some((row) => train.has(rowGroup[row]))).toBe(false);
    expect(Math.abs(testRows.length - 0.25 * ROWS)).toBeLessThanOrEqual(13);
  });

  it('is empty for a fraction of 0', () => {
    const { trainRows, testRows } = splitTest({ rows: all, tasks, labels, fraction: 0, seed: 5 });
    expect([trainRows.length, testRows.length]).toEqual([ROWS, 0]);
  });
});
