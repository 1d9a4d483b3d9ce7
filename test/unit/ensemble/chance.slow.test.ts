import { describe, expect, it } from 'vitest';
import {
  applyCombination,
  fitCombination,
  type PredictionCombiner,
  type WeightsInput,
} from '../../../src/core/ensemble';
import { rocAuc } from '../../../src/core/evaluate/ranking';
import { rSquared } from '../../../src/core/evaluate/regression';
import { Random } from '../../../src/core/random';
import { normals, predictions, task } from '../evaluate/support';

const COMBINERS: readonly PredictionCombiner[] = [
  { combine: 'mean' },
  { combine: 'median' },
  { combine: 'vote' },
  { combine: 'weighted', weights: 'task' },
  { combine: 'weighted', weights: 'joint' },
  { combine: 'greedy', weights: 'task', steps: 30, bags: 1, bagShare: 0.5 },
  { combine: 'greedy', weights: 'joint', steps: 30, bags: 5, bagShare: 0.5 },
  { combine: 'stacking', across: 'own', penalty: 'ridge', l1Ratio: 0.5 },
  { combine: 'stacking', across: 'tasks', penalty: 'lasso', l1Ratio: 0.5 },
  { combine: 'stacking', across: 'tasks', penalty: 'elastic-net', l1Ratio: 0.5 },
];

/** Those that learn anything at all look better on the rows they learned from. */
const LEARN = new Set(['weighted', 'greedy', 'stacking']);

describe.each(COMBINERS.map((combiner) => [Object.values(combiner).join(' '), combiner] as const))(
  'labels that are random, through %s',
  (_, combiner) => {
    it('are predicted no better than by chance in validation and on other rows, whatever the fit itself shows', async () => {
      const validation = [0, 0];
      const others = [0, 0];
      const fitted = [0, 0];
      for (let seed = 0; seed < RUNS; seed++) {
        const { input, folds } = randomLabels(2 * seed);
        const found = await fitCombination(combiner, input, folds, context());
        const other = randomLabels(2 * seed + 1).input;
        const own = scores(input, applyCombination(found.combination, input.tasks, input.members));
        const fresh = scores(other, applyCombination(found.combination, other.tasks, other.members));
        const honest = scores(input, found.validation);
        for (const t of [0, 1]) {
          validation[t] += honest[t] / RUNS;
          others[t] += fresh[t] / RUNS;
          fitted[t] += own[t] / RUNS;
        }
      }
      // R² of chance is below 0; AUC has a standard error of 0.05 a run.
      expect(validation[0]).toBeLessThan(0.01);
      expect(others[0]).toBeLessThan(0.03);
      for (const auc of [validation[1], others[1]]) expect(Math.abs(auc - 0.5)).toBeLessThan(0.1);
      const learns =
        combiner.combine === 'stacking'
          ? combiner.penalty === 'ridge'
          : 'weights' in combiner && combiner.weights === 'task';
      if (!LEARN.has(combiner.combine) || !learns) return;
      // What a leak would look like: the very rows that were learned from.
      expect(fitted[0]).toBeGreaterThan(0.02);
      expect(fitted[1]).toBeGreaterThan(validation[1] + 0.03);
    });
  },
);

const RUNS = 3;
const ROWS = 120;

/** Members that know nothing, and labels that nobody could know, a tenth of them missing. */
function randomLabels(seed: number): { input: WeightsInput; folds: Int32Array } {
  const random = new Random(seed);
  const gap = () => random.uniform() < 0.1;
  const input: WeightsInput = {
    tasks: [task('regression'), task('binary')],
    labels: [
      normals(random, ROWS).map((y) => (gap() ? Number.NaN : y)),
      normals(random, ROWS).map((z) => (gap() ? Number.NaN : z > 0 ? 1 : 0)),
    ],
    members: Array.from({ length: 10 }, () => [
      predictions(normals(random, ROWS).map((z) => 0.4 * z)),
      predictions(normals(random, ROWS).map((z) => 1 / (1 + Math.exp(-0.4 * z)))),
    ]),
  };
  return { input, folds: Int32Array.from({ length: ROWS }, (_, row) => row % 5) };
}

function scores({ labels }: WeightsInput, [first, second]: readonly { readonly values: Float32Array }[]) {
  const rows = (t: number, values: Float32Array) => {
    const known = Array.from(labels[t].keys()).filter((row) => !Number.isNaN(labels[t][row]));
    return {
      count: known.length,
      width: 1,
      labels: Float64Array.from(known, (row) => labels[t][row]),
      values: Float32Array.from(known, (row) => values[row]),
      weights: new Float64Array(known.length).fill(1),
    };
  };
  const binary = rows(1, second.values);
  const auc = rocAuc(binary.values, Uint8Array.from(binary.labels), binary.weights) ?? Number.NaN;
  return [rSquared(rows(0, first.values)) ?? Number.NaN, auc];
}

function context() {
  return {
    seed: 3,
    signal: new AbortController().signal,
    report: () => {},
    tensorBackend: () => Promise.reject(new Error('No nets here.')),
  };
}
