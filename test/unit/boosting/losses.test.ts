import { describe, expect, it } from 'vitest';
import type { TaskType } from '../../../src/core/dataset/problem';
import { bestConstant, type Derivatives, differentiate } from '../../../src/core/learner/boosting/losses';

const NONE = Number.NaN;
const ROWS = 6;
const all = Int32Array.from({ length: ROWS }, (_, i) => i);
const weights = Float64Array.of(1, 0.5, 2, 1, 3, 1);
const taskWeight = 1.5;

const scoresOf = (outputs: number) =>
  Array.from({ length: outputs }, (_, k) => Float32Array.from(all, (i) => Math.sin(3 * i + 2 * k)));

const cases: readonly [TaskType, number, Float64Array, number][] = [
  ['regression', 1, Float64Array.of(0.3, -1, NONE, 2, 0, 0.7), 1],
  ['binary', 1, Float64Array.of(1, 0, NONE, 1, 0, 1), 1],
  // The softmax's hessian is a bound of the true one: twice its diagonal.
  ['multiclass', 3, Float64Array.of(0, 2, NONE, 1, 1, 2), 2],
];

function loss(
  type: TaskType,
  labels: Float64Array,
  scores: readonly Float32Array[],
  derivatives?: Derivatives[],
) {
  const probabilities = scores[0].map((score) => 1 / (1 + Math.exp(-score)));
  const target = { type, taskWeight, labels, weights, scores, probabilities };
  return differentiate(target, all, derivatives);
}

function derivativesOf(outputs: number): Derivatives[] {
  return Array.from({ length: outputs }, () => ({
    gradient: new Float32Array(ROWS),
    hessian: new Float32Array(ROWS),
    magnitude: 0,
    squares: 0,
    curvature: 0,
    weight: 0,
  }));
}

describe.each(cases)('the loss of a %s', (type, outputs, labels, bound) => {
  const labelled = [...all].filter((i) => !Number.isNaN(labels[i]));
  const total = labelled.reduce((sum, i) => sum + weights[i], 0);
  const derivatives = derivativesOf(outputs);
  loss(type, labels, scoresOf(outputs), derivatives);

  it('has the gradient and hessian of its finite differences', () => {
    const step = 2 ** -6;
    for (let k = 0; k < outputs; k++) {
      for (const i of labelled) {
        const at = (move: number) => {
          const scores = scoresOf(outputs);
          scores[k][i] += move;
          return taskWeight * total * loss(type, labels, scores);
        };
        // Richardson's extrapolation of central differences.
        const slope = (h: number) => (at(h) - at(-h)) / (2 * h);
        const bend = (h: number) => (at(h) - 2 * at(0) + at(-h)) / (h * h);
        expect(derivatives[k].gradient[i]).toBeCloseTo((4 * slope(step) - slope(2 * step)) / 3, 4);
        expect(derivatives[k].hessian[i] / bound).toBeCloseTo((4 * bend(4 * step) - bend(8 * step)) / 3, 3);
      }
    }
  });

  it('is nothing where there is no label', () => {
    for (const { gradient, hessian } of derivatives) expect([gradient[2], hessian[2]]).toEqual([0, 0]);
  });

  it('sums its derivatives', () => {
    for (const { gradient, hessian, magnitude, squares, curvature, weight } of derivatives) {
      const sum = (of: (i: number) => number) => labelled.reduce((so, i) => so + of(i), 0);
      expect(magnitude).toBeCloseTo(
        sum((i) => Math.abs(gradient[i])),
        5,
      );
      expect(squares).toBeCloseTo(
        sum((i) => gradient[i] ** 2 / (taskWeight * weights[i])),
        5,
      );
      expect(curvature).toBeCloseTo(
        sum((i) => hessian[i]),
        5,
      );
      expect(weight).toBeCloseTo(taskWeight * total, 10);
    }
  });

  it('has no gradient at its best constant', () => {
    const base = bestConstant(type, Math.max(2, outputs), labels, weights, all);
    const there = derivativesOf(outputs);
    const scores = base.slice(0, outputs).map((value) => new Float32Array(ROWS).fill(value));
    loss(type, labels, scores, there);
    for (const { gradient } of there) expect(gradient.reduce((sum, g) => sum + g, 0)).toBeCloseTo(0, 5);
  });
});

it('log losses of many sure predictions are summed without underflow', () => {
  const rows = 2000;
  const labels = Float64Array.from({ length: rows }, (_, i) => i % 2);
  const probabilities = new Float32Array(rows).fill(0.25);
  const target = { type: 'binary', taskWeight: 1, labels, scores: [probabilities], probabilities } as const;
  const mean = differentiate(target, Int32Array.from(labels.keys()));
  expect(mean).toBeCloseTo(-(Math.log(0.25) + Math.log(0.75)) / 2, 12);
});
