import { describe, expect, it } from 'vitest';
import { splitInner, type Task } from '../../../src/core/dataset';

const TASKS: Task[] = [{ id: 'y', type: 'regression', weight: 1, classes: [] }];
const N = 60;
const ALL = Int32Array.from({ length: N }, (_, i) => i);
const LABELS = [Float64Array.from(ALL, (i) => Math.sin(i))];
const input = { rows: ALL, tasks: TASKS, labels: LABELS, seed: 3, fraction: 0.2 };

/** Numbers of the rows, ascending, of both sides together. */
function together({ trainRows, testRows }: ReturnType<typeof splitInner>): number[] {
  return [...trainRows, ...testRows].sort((a, b) => a - b);
}

describe('rows held out to tell when to stop', () => {
  it('are whole groups', () => {
    const rowGroup = Int32Array.from(ALL, (i) => i % 12);
    const split = splitInner({ ...input, rowGroup });
    const held = new Set(Array.from(split.testRows, (row) => rowGroup[row]));
    expect([...split.trainRows].some((row) => held.has(rowGroup[row]))).toBe(false);
    expect(split.testRows.length).toBeGreaterThanOrEqual(10);
    expect(split.testRows.length).toBeLessThanOrEqual(15);
    expect(together(split)).toEqual([...ALL]);
  });

  it('are the smallest group where all are larger than the share, and as ever where there is but one', () => {
    const rowGroup = Int32Array.from(ALL, (i) => (i < 20 ? 7 : 9));
    expect([...splitInner({ ...input, rowGroup }).testRows]).toEqual([...ALL.subarray(0, 20)]);
    const alone = splitInner({ ...input, rowGroup: new Int32Array(N) });
    expect(alone).toEqual(splitInner(input));
    expect(alone.testRows).toHaveLength(12);
  });

  it('are the latest, those of one time together', () => {
    const rowTime = Float64Array.from(ALL, (i) => Math.floor((N - 1 - i) / 5));
    const split = splitInner({ ...input, rowTime });
    // A fifth are 12 rows: times 11 and 10, and what is left of time 9.
    expect([...split.testRows]).toEqual([...ALL.subarray(0, 15)]);
    expect(together(split)).toEqual([...ALL]);
  });

  it('are of the second time on where most are of the last, and as ever where there is but one', () => {
    const rowTime = Float64Array.from(ALL, (i) => (i < 4 ? 1 : 2));
    expect([...splitInner({ ...input, rowTime }).trainRows]).toEqual([0, 1, 2, 3]);
    expect(splitInner({ ...input, rowTime: new Float64Array(N) })).toEqual(splitInner(input));
  });
});
