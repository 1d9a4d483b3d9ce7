import { describe, expect, it } from 'vitest';
import { cutFolds, DataError, type FoldInput } from '../../../src/core/dataset';
import { Random } from '../../../src/core/random';

const ROWS = 240;
const rows = Int32Array.from({ length: ROWS }, (_, i) => i);
const random = new Random(4);
const labels = Float64Array.from(rows, () => (random.uniform() < 0.2 ? 1 : 0));
const rowTime = Float64Array.from(rows, () => random.integer(40));
const rowGroup = Int32Array.from(rows, () => random.integer(30));
const base: FoldInput = {
  rows,
  tasks: [{ id: 'y', type: 'binary', weight: 1, classes: ['no', 'yes'] }],
  labels: [labels],
  folds: 4,
  repeat: 0,
  seed: 3,
};
const scheme = { gap: 0, fraction: 0.25 } as const;

const folds = (input: FoldInput, count = input.folds) => {
  const cut = cutFolds(input);
  return Array.from({ length: count }, (_, fold) => cut.parts(fold));
};

describe('every kind of folds', () => {
  const kinds: [string, FoldInput, number][] = [
    ['stratified', base, 4],
    ['stratified, second repeat', { ...base, repeat: 1 }, 4],
    ['random', { ...base, scheme: { ...scheme, by: 'random' } }, 4],
    ['by group', { ...base, rowGroup }, 4],
    ['random by group', { ...base, rowGroup, scheme: { ...scheme, by: 'random' } }, 4],
    ['by time', { ...base, rowTime, scheme: { ...scheme, by: 'time' } }, 4],
    ['by time and group', { ...base, rowTime, rowGroup, scheme: { ...scheme, by: 'time', gap: 2 } }, 4],
    ['hold-out', { ...base, scheme: { ...scheme, by: 'hold-out' }, folds: 1 }, 1],
    ['hold-out by group', { ...base, rowGroup, scheme: { ...scheme, by: 'hold-out' }, folds: 1 }, 1],
    [
      'by a column',
      { ...base, rowFold: rows.map((row) => (row % 5) - 1), scheme: { ...scheme, by: 'column' } },
      4,
    ],
  ];

  it.each(kinds)('keeps held-out rows, and their groups, out of training: %s', (_, input, count) => {
    const seen = new Set<number>();
    for (const { train, heldOut } of folds(input, count)) {
      expect(heldOut.length).toBeGreaterThan(0);
      expect(train.length).toBeGreaterThan(0);
      const trained = new Set(train);
      for (const row of heldOut) {
        expect(trained.has(row)).toBe(false);
        expect(seen.has(row)).toBe(false);
        seen.add(row);
      }
      if (input.rowGroup) {
        const groups = new Set(Array.from(heldOut, (row) => rowGroup[row]));
        for (const row of train) expect(groups.has(rowGroup[row])).toBe(false);
      }
    }
  });
});

describe('folds by time', () => {
  const cut = (gap: number) => folds({ ...base, rowTime, scheme: { ...scheme, by: 'time', gap } });

  it('predict each block from what came strictly before it, with the gap between', () => {
    for (const gap of [0, 3]) {
      for (const { train, heldOut } of cut(gap)) {
        const first = Math.min(...Array.from(heldOut, (row) => rowTime[row]));
        const last = Math.max(...Array.from(train, (row) => rowTime[row]));
        const between = new Set(Array.from(rowTime).filter((time) => time > last && time < first));
        expect(last).toBeLessThan(first);
        expect(between.size).toBe(gap);
      }
    }
  });

  it('grow, are of about equal size, and reach the end', () => {
    const parts = cut(0);
    for (let k = 1; k < parts.length; k++)
      expect(parts[k].train.length).toBeGreaterThan(parts[k - 1].train.length);
    for (const { heldOut } of parts) expect(Math.abs(heldOut.length - ROWS / 5)).toBeLessThan(ROWS / 12);
    expect(Math.max(...Array.from(parts[3].heldOut, (row) => rowTime[row]))).toBe(39);
  });

  it('are refused where there are too few times', () => {
    const few = Float64Array.from(rows, (row) => row % 4);
    expect(() => cutFolds({ ...base, rowTime: few, scheme: { ...scheme, by: 'time' } })).toThrow(DataError);
  });
});

describe('hold-out and repeats', () => {
  it('hold out the fraction asked for, stratified, other rows in each repeat', () => {
    const held = (repeat: number) =>
      cutFolds({ ...base, scheme: { ...scheme, by: 'hold-out' }, folds: 1, repeat }).parts(0).heldOut;
    expect(held(0)).toHaveLength(60);
    expect(held(0)).toEqual(held(0));
    expect(held(1)).not.toEqual(held(0));
    const share = (of: Int32Array) => of.reduce((sum, row) => sum + labels[row], 0) / of.length;
    expect(share(held(0))).toBeCloseTo(share(rows), 1);
  });
});
