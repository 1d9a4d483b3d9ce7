import { describe, expect, it } from 'vitest';
import { BlockGram } from '../../../src/core/learner/linear/block-gram';
import { toLazyDesign } from '../../../src/core/learner/linear/design';
import { Gram } from '../../../src/core/learner/linear/gram';
import { layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { logisticLoss, softmaxLoss, squaredLoss } from '../../../src/core/learner/linear/losses';
import { correlateInto, predictInto, turnInto } from '../../../src/core/learner/linear/products';
import { normalMatrix, Random, toDesign } from './problems';

// As many features as make a block 256 rows long: the rows are three blocks, the last of them shorter.
const n = 601;
const d = 512;
const random = new Random(11);
const rowMajor = normalMatrix(random, n, d);
const dense = toDesign(rowMajor, n, d);
const lazy = toLazyDesign(n, d, (j, from, out) => {
  for (let i = 0; i < out.length; i++) out[i] = rowMajor[(from + i) * d + j];
});

/** Tasks of all rows, of some (a list), and of three columns. */
function lay(design: typeof dense) {
  const labels = (missing: number, classes: number) =>
    Float64Array.from({ length: n }, (_, i) => (i % 10 < missing ? Number.NaN : (i * 7) % classes));
  return layOutProblem(
    design,
    [
      { loss: squaredLoss, width: 1, taskWeight: 1, labels: labels(2, 5) },
      { loss: logisticLoss, width: 1, taskWeight: 2, labels: labels(7, 2) },
      { loss: softmaxLoss, width: 3, taskWeight: 1, labels: labels(0, 3) },
      { loss: softmaxLoss, width: 3, taskWeight: 1, labels: labels(6, 3) },
    ],
    { intercept: true },
  );
}

const [whole, byBlocks] = [lay(dense), lay(lazy)];
const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
const W = normals(d * whole.columns).map((w, i) => (i % 3 === 0 ? 0 : w));
const b = normals(whole.columns);
const theta = normals(whole.predictionCount);
const some = Int32Array.from([3, 500, 17, 4, 90]);

describe('features made block by block', () => {
  it('give the predictions of the whole matrix', () => {
    const [expected, found] = [new Float64Array(theta.length), new Float64Array(theta.length).fill(9)];
    predictInto(whole, W, b, expected);
    predictInto(byBlocks, W, b, found);
    expectAlike(found, expected);
    for (const { rows, offset } of [whole.tasks[1]]) {
      const row = rows?.[40] ?? Number.NaN;
      let z = b[1];
      for (let j = 0; j < d; j++) z += rowMajor[row * d + j] * W[j * whole.columns + 1];
      expect(found[offset + 40]).toBeCloseTo(z, 9);
    }
  });

  it.each([
    ['all', undefined],
    ['some', some],
  ])('give the gradient of %s features', (_, features) => {
    const [expected, found] = [new Float64Array(W.length), new Float64Array(W.length)];
    correlateInto(whole, theta, expected, features);
    correlateInto(byBlocks, theta, found, features);
    expectAlike(found, expected);
    expect(found.some((v) => v !== 0)).toBe(true);
  });

  it.each([
    ['whole', whole],
    ['by blocks', byBlocks],
  ])('turn predictions, row by row, into what is correlated: the design %s', (_, problem) => {
    const onSome = W.map((w, i) => (some.includes(Math.floor(i / whole.columns)) ? w : 0));
    const Z = new Float64Array(theta.length);
    predictInto(whole, onSome, b, Z);
    const expected = new Float64Array(W.length);
    const turned = new Float64Array(theta.length);
    for (const { offset, count, width } of whole.tasks) {
      for (let k = 0; k < width; k++) {
        for (let i = 0; i < count; i++) turned[offset + k * count + i] = (i + k) * Z[offset + k * count + i];
      }
    }
    correlateInto(whole, turned, expected, some);
    const found = new Float64Array(W.length);
    const turn = (task: { width: number }, from: number, count: number, part: Float64Array) => {
      for (let k = 0; k < task.width; k++) {
        for (let i = 0; i < count; i++) part[k * count + i] *= from + i + k;
      }
    };
    turnInto(problem, onSome, b, turn, found, some);
    expectAlike(found, expected);
  });

  it.each([0, 1, 3])('give inner products, of several tasks in one pass: task %i', (t) => {
    const weights = whole.tasks.map(({ weight }) => weight.map((w) => w * (1 + random.uniform())));
    const grams = byBlocks.tasks.map(({ rows }, k) => new BlockGram(lazy, rows, weights[k], 0, true));
    grams[0].gather(some);
    BlockGram.includeTogether(grams, Int32Array.from([500, 8, 9]));
    const asked = Int32Array.from({ length: 200 }, (_, k) => 2 * k);
    for (const features of [Int32Array.from([8, 500]), some, asked]) {
      const expected = new Gram(dense, whole.tasks[t].rows, weights[t], 0, true).gather(features);
      expectAlike(grams[t].gather(features), expected);
    }
    grams[t].forget();
    expect(grams[t].size).toBe(0);
  });
});

function expectAlike(found: Float64Array, expected: Float64Array): void {
  const largest = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => {
    if (Math.abs(value - expected[i]) > 1e-12 * largest) expect(value).toBeCloseTo(expected[i], 12);
  });
}
