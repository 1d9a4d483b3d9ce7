import { describe, expect, it } from 'vitest';
import type { Task, TaskType } from '../../../src/core/dataset/problem';
import {
  applyWeights,
  combineMean,
  crossFitWeightedMean,
  fitWeightedMean,
  type WeightsInput,
} from '../../../src/core/ensemble';
import { scorePrimary } from '../../../src/core/evaluate';
import { Random } from '../../../src/core/random';
import { normals, predictions, task } from '../evaluate/support';
import stored from './fixtures/scipy.json';

describe('weights on the simplex', () => {
  it.each([
    ['squared error', 'regression', stored.regression],
    ['log loss', 'binary', stored.binary],
  ] as const)('for %s are no worse than scipy’s SLSQP finds, and the same', (_, type, fixture) => {
    const input = inputOf(
      [task(type)],
      [fixture.labels],
      fixture.members.map((member) => [member]),
      fixture.sampleWeights,
    );
    const { weights, gaps } = fitWeightedMean(input);
    expect(lossOf(input, 0, weights[0])).toBeLessThanOrEqual(fixture.loss + 1e-12);
    fixture.weights.forEach((weight, m) => {
      expect(weights[0][m]).toBeCloseTo(weight, 5);
      if (weight < 1e-8) expect(weights[0][m]).toBe(0);
    });
    expect(gaps[0]).toBeLessThan(1e-10);
  });

  it.each([
    ['regression', 2],
    ['regression', 3],
    ['binary', 2],
    ['binary', 3],
    ['multiclass', 2],
    ['multiclass', 3],
  ] as const)('of a %s task with %i members beat every point of a grid', (type, members) => {
    for (let seed = 0; seed < 12; seed++) {
      const input = simulated([task(type)], seed, 60, members);
      const { weights } = fitWeightedMean(input);
      const best = lossOf(input, 0, weights[0]);
      let leastOnGrid = Number.POSITIVE_INFINITY;
      for (const point of grid(members, 50)) {
        leastOnGrid = Math.min(leastOnGrid, lossOf(input, 0, point));
      }
      expect(best).toBeLessThanOrEqual(leastOnGrid + 1e-12);
      expect(leastOnGrid - best).toBeLessThan(0.01);
    }
  });

  it.each(['regression', 'binary', 'multiclass'] as const)(
    'of a %s task satisfy the optimality conditions with many alike members',
    (type) => {
      for (let seed = 0; seed < 6; seed++) {
        const input = simulated([task(type)], 100 + seed, 400, 25);
        const { weights, gaps } = fitWeightedMean(input);
        expect(weights[0].reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        expect(Math.min(...weights[0])).toBeGreaterThanOrEqual(0);
        expect(gaps[0]).toBeLessThan(1e-9);
        expect(violation(input, 0, weights[0])).toBeLessThan(1e-6);
      }
    },
  );

  it('give copies of a member no more than one member’s share, and drop what does not help', () => {
    const input = simulated([task('regression')], 3, 200, 2);
    const copied = { ...input, members: [...input.members, input.members[0], input.members[1]] };
    const { weights } = fitWeightedMean(copied);
    expect(lossOf(copied, 0, weights[0])).toBeCloseTo(
      lossOf(input, 0, fitWeightedMean(input).weights[0]),
      10,
    );
    expect(weights[0].filter((weight) => weight === 0)).toHaveLength(2);
  });

  it('are all on a member that is never wrong', () => {
    const labels = [1, 2, 3, 4];
    const input = inputOf([task('regression')], [labels], [[[0, 0, 0, 0]], [labels], [[2, 2, 2, 2]]]);
    expect(fitWeightedMean(input).weights).toEqual([[0, 1, 0]]);
  });

  it('find members whose errors cancel', () => {
    const input = inputOf([task('regression')], [[1, 2, 3]], [[[2, 2, 4]], [[0, 2, 2]], [[9, 9, 9]]]);
    const { weights } = fitWeightedMean(input);
    [0.5, 0.5, 0].forEach((weight, m) => {
      expect(weights[0][m]).toBeCloseTo(weight, 6);
    });
  });

  it('survive members that are certain and wrong', () => {
    const input = inputOf(
      [task('binary')],
      [[1, 0, 1, 1]],
      [[[0, 0, 1, 1]], [[1, 1, 1, 1]], [[0.5, 0.5, 0.5, 0.5]]],
    );
    const { weights, gaps } = fitWeightedMean(input);
    expect(gaps[0]).toBeLessThan(1e-8);
    let least = Number.POSITIVE_INFINITY;
    for (const point of grid(3, 100)) least = Math.min(least, lossOf(input, 0, point));
    expect(lossOf(input, 0, weights[0])).toBeLessThanOrEqual(least + 1e-12);
  });
});

describe('a weighted mean over tasks of mixed type', () => {
  const tasks = [task('regression', 'mass'), task('binary', 'sex'), task('multiclass', 'species')];

  it('learns each task’s weights from its own labelled rows', () => {
    const together = simulated(tasks, 5, 150, 3);
    const apart = tasks.map((one, t) =>
      fitWeightedMean({
        tasks: [one],
        labels: [together.labels[t]],
        members: together.members.map((member) => [member[t]]),
      }),
    );
    expect(fitWeightedMean(together).weights).toEqual(apart.map(({ weights }) => weights[0]));
  });

  it('masks rows without a label, without a prediction or of weight 0', () => {
    const input = simulated(tasks, 6, 90, 2);
    const weights = new Float64Array(90).fill(1);
    const spoiled = {
      ...input,
      weights,
      labels: input.labels.map((labels) => labels.map((label, i) => (i < 20 ? Number.NaN : label))),
      members: input.members.map((member) => member.map((p) => ({ ...p, values: p.values.slice() }))),
    };
    for (let i = 20; i < 25; i++) weights[i] = 0;
    spoiled.members[0].forEach(({ values, width }) => {
      values.fill(Number.NaN, 25 * width, 30 * width);
    });
    const rest = {
      tasks,
      labels: input.labels.map((labels) => labels.slice(30)),
      members: input.members.map((member) =>
        member.map(({ values, width }) => ({ values: values.slice(30 * width), width })),
      ),
    };
    expect(fitWeightedMean(spoiled).weights).toEqual(fitWeightedMean(rest).weights);
  });

  it('gives nothing to a member that predicted none of a task’s rows, and equal shares where no row is labelled', () => {
    const input = simulated(tasks, 7, 60, 3);
    input.members[1][0].values.fill(Number.NaN);
    input.labels[1].fill(Number.NaN);
    const { weights } = fitWeightedMean(input);
    expect(weights[0][1]).toBe(0);
    expect(weights[0][0] + weights[0][2]).toBeCloseTo(1, 12);
    expect(weights[1]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(applyWeights(input.members, weights)[0].values.some(Number.isNaN)).toBe(false);
  });

  it('refuses members, labels and weights that do not fit together', () => {
    const input = simulated(tasks, 8, 30, 2);
    expect(() => fitWeightedMean({ ...input, members: [] })).toThrow(/at least one member/);
    expect(() =>
      fitWeightedMean({ ...input, members: [input.members[0], input.members[1].slice(1)] }),
    ).toThrow(/tasks/);
    expect(() => fitWeightedMean({ ...input, labels: input.labels.map((l) => l.slice(1)) })).toThrow(
      /labels/,
    );
    expect(() => applyWeights(input.members, [[1, 0]])).toThrow(/3 task/);
  });
});

describe('the mean', () => {
  it('averages values and probabilities, and does not know what a member does not', () => {
    const members = [
      [predictions([1, 2, Number.NaN]), predictions([0.2, 0.8, 0.6, 0.4], 2)],
      [predictions([3, 5, 1]), predictions([0.4, 0.6, 1, 0], 2)],
    ];
    const [values, probabilities] = combineMean(members);
    expect(Array.from(values.values)).toEqual([2, 3.5, Number.NaN]);
    expect(Array.from(probabilities.values, (p) => Number(p.toFixed(6)))).toEqual([0.3, 0.7, 0.8, 0.2]);
    expect(probabilities.width).toBe(2);
  });
});

describe('cross-fitted predictions', () => {
  const tasks = [task('regression'), task('binary')];

  it('of a fold do not change, whatever its own labels are', () => {
    const input = simulated(tasks, 21, 120, 3);
    const folds = Int32Array.from({ length: 120 }, (_, i) => i % 4);
    const before = crossFitWeightedMean(input, folds);
    const random = new Random(1);
    const changed = {
      ...input,
      labels: input.labels.map((labels, t) =>
        labels.map((label, i) => (folds[i] !== 2 ? label : t === 0 ? 1e6 * random.normal() : 1 - label)),
      ),
    };
    const after = crossFitWeightedMean(changed, folds);
    before.forEach(({ values }, t) => {
      for (let i = 0; i < 120; i++) if (folds[i] === 2) expect(after[t].values[i]).toBe(values[i]);
    });
    expect(after).not.toEqual(before);
  });

  it('use the weights that the other folds’ rows give', () => {
    const input = simulated(tasks, 22, 90, 3);
    const folds = Int32Array.from({ length: 90 }, (_, i) => (i < 30 ? 0 : i < 60 ? 1 : -1));
    const second = {
      tasks,
      labels: input.labels.map((labels) => labels.slice(30, 60)),
      members: input.members.map((member) =>
        member.map(({ values, width }) => ({ values: values.slice(30, 60), width })),
      ),
    };
    const combined = crossFitWeightedMean(input, folds);
    const expected = applyWeights(input.members, fitWeightedMean(second).weights);
    combined.forEach(({ values }, t) => {
      expect(values.slice(0, 30)).toEqual(expected[t].values.slice(0, 30));
      expect(values.slice(60).every(Number.isNaN)).toBe(true);
    });
  });

  it('of random labels score no better than chance, where the fitted weights themselves look better', () => {
    let honest = 0;
    let selected = 0;
    const repeats = 30;
    for (let seed = 0; seed < repeats; seed++) {
      const random = new Random(seed);
      const labels = Array.from({ length: 80 }, () => random.integer(2));
      const members = Array.from({ length: 20 }, () => [
        Array.from(labels, () => 0.02 + 0.96 * random.uniform()),
      ]);
      const input = inputOf([task('binary')], [labels], members);
      const folds = Int32Array.from({ length: 80 }, (_, i) => i % 5);
      const auc = (p: ReturnType<typeof predictions>) =>
        scorePrimary(task('binary'), input.labels[0], p) ?? 0;
      honest += auc(crossFitWeightedMean(input, folds)[0]) / repeats;
      selected += auc(applyWeights(input.members, fitWeightedMean(input).weights)[0]) / repeats;
    }
    expect(honest).toBeGreaterThan(0.44);
    expect(honest).toBeLessThan(0.54);
    expect(selected).toBeGreaterThan(0.6);
  });

  it('refuse folds for other rows', () => {
    expect(() => crossFitWeightedMean(simulated(tasks, 1, 10, 2), new Int32Array(9))).toThrow(/folds of 9/);
  });
});

function inputOf(
  tasks: readonly Task[],
  labels: readonly (readonly number[])[],
  members: readonly (readonly (readonly number[])[])[],
  weights?: readonly number[],
): WeightsInput {
  return {
    tasks,
    labels: labels.map((values) => Float64Array.from(values)),
    members: members.map((member) => member.map((values) => predictions(values))),
    ...(weights && { weights: Float64Array.from(weights) }),
  };
}

/** Members that each see the labels through their own noise; the first ones see more. */
function simulated(tasks: readonly Task[], seed: number, rows: number, members: number): WeightsInput {
  const random = new Random(seed);
  const labels = tasks.map(({ type }) =>
    type === 'regression'
      ? normals(random, rows)
      : Float64Array.from({ length: rows }, () => random.integer(type === 'binary' ? 2 : 3)),
  );
  return {
    tasks,
    labels,
    members: Array.from({ length: members }, (_, m) =>
      tasks.map(({ type }, t) => noisy(type, labels[t], 0.6 + 0.1 * m, random)),
    ),
  };
}

function noisy(type: TaskType, labels: Float64Array, noise: number, random: Random) {
  if (type === 'regression') return predictions(labels.map((label) => 0.8 * label + noise * random.normal()));
  if (type === 'binary') {
    return predictions(
      labels.map((label) => 1 / (1 + Math.exp(1 - 2 * label + 2 * noise * random.normal()))),
    );
  }
  const values = Array.from(labels).flatMap((label) => {
    const scores = [0, 1, 2].map((k) => Math.exp((k === label ? 1 : 0) + 2 * noise * random.normal()));
    const sum = scores.reduce((total, score) => total + score, 0);
    return scores.map((score) => score / sum);
  });
  return predictions(values, 3);
}

/** The loss as one would write it down: weighted mean of squared error, or of −log of the mixed probability. */
function lossOf(input: WeightsInput, t: number, weights: readonly number[]): number {
  const labels = input.labels[t];
  let loss = 0;
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    const weight = input.weights?.[i] ?? 1;
    const mixed = weights.reduce((sum, w, m) => sum + w * memberValue(input, t, m, i), 0);
    loss += weight * (input.tasks[t].type === 'regression' ? (labels[i] - mixed) ** 2 : -Math.log(mixed));
    total += weight;
  }
  return loss / total;
}

/** The value predicted, or the (clipped) probability of the row's class. */
function memberValue(input: WeightsInput, t: number, m: number, i: number): number {
  const { values, width } = input.members[m][t];
  const label = input.labels[t][i];
  if (input.tasks[t].type === 'regression') return values[i];
  const p = width > 1 ? values[i * width + label] : label === 1 ? values[i] : 1 - values[i];
  return Math.min(Math.max(p, 2 ** -23), 1 - 2 ** -23);
}

/** Largest violation of the Karush-Kuhn-Tucker conditions, with the gradient by central differences. */
function violation(input: WeightsInput, t: number, weights: readonly number[]): number {
  const step = 1e-5;
  const gradient = weights.map((_, m) => {
    const moved = (by: number) => weights.map((weight, k) => (k === m ? weight + by : weight));
    return (lossOf(input, t, moved(step)) - lossOf(input, t, moved(-step))) / (2 * step);
  });
  const multiplier = weights.reduce((sum, weight, m) => sum + weight * gradient[m], 0);
  return Math.max(
    ...gradient.map((slope, m) =>
      weights[m] > 0 ? Math.abs(slope - multiplier) : Math.max(0, multiplier - slope),
    ),
  );
}

/** Every point of the simplex with coordinates that are multiples of 1/steps. */
function grid(members: number, steps: number): number[][] {
  if (members === 1) return [[1]];
  const points: number[][] = [];
  const fill = (prefix: number[], left: number) => {
    if (prefix.length === members - 1) points.push([...prefix, left].map((count) => count / steps));
    else for (let count = 0; count <= left; count++) fill([...prefix, count], left - count);
  };
  fill([], steps);
  return points;
}
