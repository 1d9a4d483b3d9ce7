import { describe, expect, it } from 'vitest';
import type { Column } from '../../../src/core/dataset/dataset';
import type { Problem } from '../../../src/core/dataset/problem';
import { restrictToTask } from '../../../src/core/dataset/restrict';
import { encodeFeatures } from '../../../src/core/learner/linear/features';
import { Random } from './problems';

const random = new Random(4);
const n = 40;
const columns: Column[] = ['a', 'b', 'c'].map((name) => ({
  kind: 'numeric',
  name,
  values: Float64Array.from({ length: n }, () => random.normal()),
}));
const label = () => Float64Array.from({ length: n }, () => random.normal());
const gaps = label();
gaps[7] = Number.NaN;
const problem: Problem = {
  dataset: { rowCount: n, columns, fingerprint: 'f' },
  features: [0, 1, 2],
  tasks: ['one', 'two', 'three'].map((id) => ({ id, type: 'regression', weight: 1, classes: [] })),
  labels: [label(), label(), gaps],
  rows: Int32Array.from({ length: n - 5 }, (_, i) => i),
};
const [one, two, three] = [0, 1, 2].map((t) => restrictToTask(problem, t));

describe('features of the rows that train', () => {
  it('are encoded once for tasks with the same rows', () => {
    expect(encodeFeatures(two).design).toBe(encodeFeatures(one).design);
  });

  it('are those of a task’s own rows where it lacks labels', () => {
    const own = encodeFeatures(three);
    expect(own.design.rowCount).toBe(n - 6);
    expect(own.encoder.toJSON()).not.toEqual(encodeFeatures(one).encoder.toJSON());
  });

  it('are encoded anew where other columns, or other weights, count', () => {
    const fewer = encodeFeatures({ ...one, features: [0, 1] });
    expect(fewer.encoder.names).toEqual(['a', 'b']);
    const sampleWeight = new Float64Array(n).fill(1);
    sampleWeight[3] = 0;
    const weighted = encodeFeatures({ ...one, sampleWeight });
    expect(weighted.encoder.toJSON()).not.toEqual(encodeFeatures(one).encoder.toJSON());
  });
});
