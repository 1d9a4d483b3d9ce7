import { describe, expect, it } from 'vitest';
import {
  applyWeights,
  combineMedian,
  combineVote,
  crossFitGreedy,
  fitGreedy,
  fitWeightedMean,
  type WeightsInput,
} from '../../../src/core/ensemble';
import { Random } from '../../../src/core/random';
import { normals, predictions, task } from '../evaluate/support';

describe('greedy selection', () => {
  it.each(['regression', 'binary'] as const)(
    'of a %s task chooses as the definition does, step by step',
    (type) => {
      for (let seed = 0; seed < 10; seed++) {
        const input = simulated(type, seed, 50, 5);
        expect(fitGreedy(input, { steps: 12, seed: 0 }).weights[0]).toEqual(greedyByDefinition(input, 12));
      }
    },
  );

  it('comes close to the optimal weights with many steps, and never does better', () => {
    for (const type of ['regression', 'binary'] as const) {
      const input = simulated(type, 3, 200, 3);
      const optimal = lossOf(input, fitWeightedMean(input).weights[0]);
      const greedy = lossOf(input, fitGreedy(input, { steps: 200, seed: 0 }).weights[0]);
      expect(greedy).toBeGreaterThanOrEqual(optimal - 1e-12);
      expect(greedy - optimal).toBeLessThan(1e-3);
    }
  });

  it('is cut at its best step: more steps never make it worse on the rows it saw', () => {
    const input = simulated('binary', 8, 60, 6);
    let before = Number.POSITIVE_INFINITY;
    for (const steps of [0, 1, 2, 5, 20, 80]) {
      const loss = lossOf(input, fitGreedy(input, { steps, seed: 0 }).weights[0]);
      expect(loss).toBeLessThanOrEqual(before + 1e-12);
      before = loss;
    }
  });

  it('adds the member already in rather than its copy, until errors cancel', () => {
    const errors = [1, -1, 2, -2];
    const input: WeightsInput = {
      tasks: [task('regression')],
      labels: [new Float64Array(4)],
      members: [1, -7, 1, -7].map((size) => [predictions(errors.map((error) => size * error))]),
    };
    expect(fitGreedy(input, { steps: 20, seed: 0 }).weights).toEqual([[7 / 8, 1 / 8, 0, 0]]);
  });

  it('with bags averages selections among parts of the members, the same from the same seed', () => {
    const input = simulated('binary', 5, 80, 8);
    const bagged = (seed: number) => fitGreedy(input, { bags: 20, steps: 10, seed }).weights[0];
    expect(bagged(1)).toEqual(bagged(1));
    expect(bagged(1)).not.toEqual(bagged(2));
    expect(bagged(1).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const used = (weights: readonly number[]) => weights.filter((weight) => weight > 0).length;
    expect(used(bagged(1))).toBeGreaterThan(used(fitGreedy(input, { steps: 10, seed: 1 }).weights[0]));
  });

  it('cross-fitted, gives a fold the weights that the other folds’ rows choose', () => {
    const input = simulated('regression', 6, 90, 4);
    const folds = Int32Array.from({ length: 90 }, (_, i) => (i < 40 ? 0 : 1));
    const rest: WeightsInput = {
      tasks: input.tasks,
      labels: input.labels.map((labels) => labels.slice(40)),
      members: input.members.map(([one]) => [{ ...one, values: one.values.slice(40) }]),
    };
    const [combined] = crossFitGreedy(input, folds, { seed: 0 });
    const [expected] = applyWeights(input.members, fitGreedy(rest, { seed: 0 }).weights);
    expect(combined.values.slice(0, 40)).toEqual(expected.values.slice(0, 40));
  });
});

describe('the median', () => {
  it('is the middle value, the mean of two middle ones, and unknown where a member is', () => {
    const odd = combineMedian([
      [predictions([3, 1])],
      [predictions([9, 2])],
      [predictions([-5, Number.NaN])],
    ]);
    expect(Array.from(odd[0].values)).toEqual([3, Number.NaN]);
    const even = combineMedian([
      [predictions([4])],
      [predictions([1])],
      [predictions([100])],
      [predictions([2])],
    ]);
    expect(Array.from(even[0].values)).toEqual([3]);
  });

  it('of class probabilities sums to 1', () => {
    const [median] = combineMedian([
      [predictions([0.6, 0.3, 0.1, 1, 0, 0], 3)],
      [predictions([0.2, 0.5, 0.3, 0, 1, 0], 3)],
      [predictions([0.1, 0.1, 0.8, 0, 0, 1], 3)],
    ]);
    [2 / 8, 3 / 8, 3 / 8, 1 / 3, 1 / 3, 1 / 3].forEach((p, k) => {
      expect(median.values[k]).toBeCloseTo(p, 6);
    });
  });
});

describe('the vote', () => {
  it('gives each class its share of the members', () => {
    const tasks = [task('binary'), task('multiclass'), task('regression')];
    const voted = combineVote(tasks, [
      [predictions([0.9, 0.5]), predictions([0.5, 0.3, 0.2, 0.4, 0.4, 0.2], 3), predictions([1, 5])],
      [predictions([0.4, 0.6]), predictions([0.1, 0.2, 0.7, 0.1, 0.8, 0.1], 3), predictions([2, 5])],
      [predictions([0.8, Number.NaN]), predictions([0.6, 0.2, 0.2, 0.3, 0.3, 0.4], 3), predictions([6, 5])],
    ]);
    const share = (t: number) => Array.from(voted[t].values, (value) => Number(value.toFixed(6)));
    expect(share(0)).toEqual([0.666667, Number.NaN]);
    expect(share(1)).toEqual([0.666667, 0, 0.333333, 0.333333, 0.333333, 0.333333]);
    expect(share(2)).toEqual([3, 5]);
  });
});

function simulated(type: 'regression' | 'binary', seed: number, rows: number, members: number): WeightsInput {
  const random = new Random(seed);
  const labels =
    type === 'regression'
      ? normals(random, rows)
      : Float64Array.from({ length: rows }, () => random.integer(2));
  return {
    tasks: [task(type)],
    labels: [labels],
    members: Array.from({ length: members }, (_, m) => {
      const noise = () => (0.6 + 0.1 * m) * random.normal();
      return [
        predictions(
          labels.map((y) =>
            type === 'regression' ? 0.9 * y + noise() : 1 / (1 + Math.exp(1 - 2 * y + 2 * noise())),
          ),
        ),
      ];
    }),
  };
}

function lossOf({ tasks, labels, members }: WeightsInput, weights: readonly number[]): number {
  let loss = 0;
  labels[0].forEach((label, i) => {
    const mixed = weights.reduce((sum, weight, m) => sum + weight * members[m][0].values[i], 0);
    loss +=
      tasks[0].type === 'regression' ? (label - mixed) ** 2 : -Math.log(label === 1 ? mixed : 1 - mixed);
  });
  return loss / labels[0].length;
}

/** Caruana's algorithm on lists of members, every candidate's loss computed from nothing. */
function greedyByDefinition(input: WeightsInput, steps: number): number[] {
  const all = Array.from(input.members.keys());
  const share = (chosen: readonly number[]) =>
    all.map((m) => chosen.filter((c) => c === m).length / chosen.length);
  const loss = (chosen: readonly number[]) => lossOf(input, share(chosen));
  const best = (lists: readonly number[][]) => lists.reduce((a, b) => (loss(b) < loss(a) ? b : a));
  const sorted = all.toSorted((a, b) => loss([a]) - loss([b]));
  const path = [best(all.map((n) => sorted.slice(0, n + 1)))];
  for (let step = 0; step < steps; step++) path.push(best(all.map((m) => [...(path.at(-1) ?? []), m])));
  return share(best(path));
}
