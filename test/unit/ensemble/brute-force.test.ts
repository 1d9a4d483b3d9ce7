import { describe, expect, it } from 'vitest';
import { fitGreedy, fitWeightedMean, type WeightsInput } from '../../../src/core/ensemble';
import { Random } from '../../../src/core/random';
import { normals, predictions, task } from '../evaluate/support';

describe('combiners beside everything there is', () => {
  it.each(['regression', 'binary', 'multiclass'] as const)(
    'weights of a %s task are as good as any on a grid over the simplex',
    (type) => {
      for (let seed = 0; seed < 5; seed++) {
        const input = simulated(type, seed, 3);
        const own = lossOf(input, fitWeightedMean(input).weights[0]);
        const best = Math.min(...simplexGrid(3, 40).map((weights) => lossOf(input, weights)));
        expect(own).toBeLessThanOrEqual(best + 1e-9);
        expect(best - own).toBeLessThan(2e-3 * own);
      }
    },
  );

  it.each(['regression', 'binary', 'multiclass'] as const)(
    'greedy selection for a %s task ends where, of all multisets on its way, the loss is least',
    (type) => {
      for (let seed = 0; seed < 5; seed++) {
        const input = simulated(type, 10 + seed, 4);
        const { weights, selections } = fitGreedy(input, { steps: 6, seed: 0 });
        const [{ start, added, losses, kept }] = selections[0];
        const rows = input.labels[0].length;
        // Every prefix of its way has the loss it says, and each step is the best of all single additions.
        losses.forEach((loss, step) => {
          const chosen = [...start, ...added.slice(0, step)];
          expect(loss).toBeCloseTo(lossOf(input, shares(chosen, 4)) / rows, 9);
          if (step === 0) return;
          const before = chosen.slice(0, -1);
          const others = [0, 1, 2, 3].map((m) => lossOf(input, shares([...before, m], 4)) / rows);
          expect(loss).toBeCloseTo(Math.min(...others), 9);
        });
        expect(losses[kept]).toBeLessThanOrEqual(Math.min(...losses) + 1e-12);
        expect(weights[0]).toEqual(shares([...start, ...added.slice(0, kept)], 4));
        // And no sequence at all of that length or less does better than the optimal weights.
        const all = sequences(4, 4).map((chosen) => lossOf(input, shares(chosen, 4)));
        expect(Math.min(...all)).toBeGreaterThanOrEqual(
          lossOf(input, fitWeightedMean(input).weights[0]) - 1e-9,
        );
        expect(lossOf(input, weights[0])).toBeLessThanOrEqual(Math.min(...all) * 1.02);
      }
    },
  );

  it('weights for all tasks together, of mixed types, are as good as any on a grid', () => {
    for (let seed = 0; seed < 2; seed++) {
      const parts = (['regression', 'binary', 'multiclass'] as const).map((type, t) =>
        simulated(type, 20 + 3 * seed + t, 3),
      );
      const input: WeightsInput = {
        tasks: parts.map(({ tasks }) => tasks[0]),
        labels: parts.map(({ labels }) => labels[0]),
        members: [0, 1, 2].map((m) => parts.map(({ members }) => members[m][0])),
        joint: true,
      };
      const equal = [1 / 3, 1 / 3, 1 / 3];
      const joint = (weights: readonly number[]) =>
        parts.reduce((sum, part) => sum + lossOf(part, weights) / lossOf(part, equal), 0);
      const { weights, gaps } = fitWeightedMean(input);
      expect(weights[1]).toEqual(weights[0]);
      expect(gaps[0]).toBeLessThan(1e-6);
      const best = Math.min(...simplexGrid(3, 25).map(joint));
      expect(joint(weights[0])).toBeLessThanOrEqual(best + 1e-9);
      expect(best - joint(weights[0])).toBeLessThan(4e-3);
      const greedy = fitGreedy(input, { steps: 100, seed: 0 });
      expect(joint(greedy.weights[2])).toBeLessThan(joint(weights[0]) + 2e-3);
      expect(greedy.weights[0]).toEqual(greedy.weights[2]);
    }
  });

  it('greedy selection starts from the best members, as many as do best together', () => {
    const input = simulated('regression', 30, 4);
    const [[{ start, losses }]] = fitGreedy(input, { steps: 0, seed: 0 }).selections;
    const alone = [0, 1, 2, 3].map((m) => lossOf(input, shares([m], 4)));
    const order = [0, 1, 2, 3].sort((a, b) => alone[a] - alone[b]);
    const prefixes = order.map((_, n) => lossOf(input, shares(order.slice(0, n + 1), 4)));
    expect(start).toEqual(order.slice(0, prefixes.indexOf(Math.min(...prefixes)) + 1));
    expect(losses).toHaveLength(1);
  });
});

function simulated(
  type: 'regression' | 'binary' | 'multiclass',
  seed: number,
  members: number,
): WeightsInput {
  const random = new Random(seed);
  const rows = 60;
  const labels =
    type === 'regression'
      ? normals(random, rows)
      : Float64Array.from({ length: rows }, () => random.integer(type === 'binary' ? 2 : 3));
  return {
    tasks: [task(type)],
    labels: [labels],
    members: Array.from({ length: members }, (_, m) => {
      const noise = () => (0.7 + 0.2 * m) * random.normal();
      if (type === 'regression') return [predictions(labels.map((y) => 0.9 * y + noise()))];
      if (type === 'binary') return [predictions(labels.map((y) => 1 / (1 + Math.exp(0.5 - y + noise()))))];
      const values = Array.from(labels).flatMap((y) => {
        const scores = [0, 1, 2].map((k) => Math.exp((k === y ? 1 : 0) + noise()));
        const sum = scores.reduce((a, b) => a + b);
        return scores.map((score) => score / sum);
      });
      return [predictions(values, 3)];
    }),
  };
}

/** Summed loss of a mix of the members. */
function lossOf({ tasks, labels, members }: WeightsInput, weights: readonly number[]): number {
  let loss = 0;
  labels[0].forEach((y, row) => {
    const { width } = members[0][0];
    const mixed = Array.from({ length: width }, (_, k) =>
      weights.reduce((sum, weight, m) => sum + weight * members[m][0].values[row * width + k], 0),
    );
    if (tasks[0].type === 'regression') loss += (y - mixed[0]) ** 2;
    else loss -= Math.log(width > 1 ? mixed[y] : y === 1 ? mixed[0] : 1 - mixed[0]);
  });
  return loss;
}

function simplexGrid(members: number, steps: number): number[][] {
  if (members === 1) return [[1]];
  return Array.from({ length: steps + 1 }, (_, i) => i / steps).flatMap((first) =>
    simplexGrid(members - 1, steps).map((rest) => [first, ...rest.map((weight) => weight * (1 - first))]),
  );
}

/** Every sequence of up to `length` members. */
function sequences(members: number, length: number): number[][] {
  const all: number[][] = [];
  let last: number[][] = [[]];
  for (let n = 0; n < length; n++) {
    last = last.flatMap((chosen) => Array.from({ length: members }, (_, m) => [...chosen, m]));
    all.push(...last);
  }
  return all;
}

function shares(chosen: readonly number[], members: number): number[] {
  return Array.from({ length: members }, (_, m) => chosen.filter((one) => one === m).length / chosen.length);
}
