import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/dataset/problem';
import { constantLearner } from '../../../src/core/learner/constant';
import type { FitContext } from '../../../src/core/learner/learner';

const context: FitContext = {
  seed: 1,
  report: () => {},
  signal: new AbortController().signal,
  tensorBackend: () => Promise.reject(new Error('no tensors here')),
};

const problem: Problem = {
  dataset: { rowCount: 6, columns: [], fingerprint: '' },
  features: [],
  tasks: [
    { id: 'price', type: 'regression', weight: 1, classes: [] },
    { id: 'sold', type: 'binary', weight: 1, classes: ['no', 'yes'] },
    { id: 'colour', type: 'multiclass', weight: 1, classes: ['red', 'green', 'blue'] },
  ],
  labels: [
    Float64Array.of(1, 5, Number.NaN, 3, 100, 100),
    Float64Array.of(1, 0, 0, Number.NaN, 1, 1),
    Float64Array.of(0, Number.NaN, 2, 2, 1, 1),
  ],
  rows: Int32Array.of(0, 1, 2, 3),
};

async function predictions(of: Problem) {
  const [model] = await constantLearner.fit(of, [{ parameters: {} }], context);
  return model.predict(of.dataset, Int32Array.of(4, 5)).map(({ values }) => [...values]);
}

describe('constant learner', () => {
  it('predicts the mean and the class frequencies of the labelled training rows', async () => {
    const [price, sold, colour] = await predictions(problem);
    expect(price).toEqual([3, 3]);
    expect(sold).toEqual([Math.fround(1 / 3), Math.fround(1 / 3)]);
    expect(colour).toEqual([1 / 3, 0, 2 / 3, 1 / 3, 0, 2 / 3].map(Math.fround));
  });

  it('counts each row by its weight', async () => {
    const [price, sold] = await predictions({ ...problem, sampleWeight: Float64Array.of(3, 1, 0, 0, 9, 9) });
    expect(price[0]).toBe(2);
    expect(sold[0]).toBe(0.75);
  });

  it('predicts 0 and equal frequencies for a task without labels', async () => {
    const nothing = new Float64Array(6).fill(Number.NaN);
    const [price, sold, colour] = await predictions({ ...problem, labels: [nothing, nothing, nothing] });
    expect([price[0], sold[0]]).toEqual([0, 0.5]);
    expect(colour.slice(0, 3)).toEqual([1 / 3, 1 / 3, 1 / 3].map(Math.fround));
  });

  it('predicts the same after being saved and loaded', async () => {
    const [model] = await constantLearner.fit(problem, [{ parameters: {} }], context);
    const rows = Int32Array.of(0, 4);
    const loaded = constantLearner.load(model.serialize());
    expect(loaded.predict(problem.dataset, rows)).toEqual(model.predict(problem.dataset, rows));
  });
});
