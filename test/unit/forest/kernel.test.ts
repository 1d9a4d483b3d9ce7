import { describe, expect, it } from 'vitest';
import type { Problem, TaskType } from '../../../src/core/dataset/problem';
import type { GrowthLimits } from '../../../src/core/learner/forest/grow';
import { growPacket } from '../../../src/core/learner/forest/kernels/tree-kernel';
import { layOutTrees } from '../../../src/core/learner/forest/kernels/tree-memory';
import { PlainPackets, type TreePacket } from '../../../src/core/learner/forest/packet';
import { joinTrees, type Trees } from '../../../src/core/learner/trees';
import { prepareTrainingSet } from '../../../src/core/learner/trees/training-set';
import { Random } from '../../../src/core/random';
import { letters, NONE, numeric, problem, table, task } from './support';

/** A table of numbers (one with few values, some cells missing) and categories, and tasks that depend on them. */
function made(types: readonly TaskType[], rows: number, seed: number): Problem {
  const random = new Random(seed);
  const cell = (value: number) => (random.uniform() < 0.08 ? NONE : value);
  const numbers = Array.from({ length: 4 }, (_, f) =>
    Array.from({ length: rows }, () => (f === 0 ? random.integer(5) : random.normal())),
  );
  const text = Array.from({ length: rows }, () => 'abcdefg.'[random.integer(8)]).join('');
  const labels = types.map((type, t) =>
    numbers[1].map((x, i) => {
      const score = x + numbers[(t % 3) + 1][i] ** 2 + (text[i] < 'c' ? 1 : 0) + random.normal();
      if (type === 'regression') return 1000 + 50 * score;
      return type === 'binary' ? Number(score > 1) : Math.max(0, Math.min(2, Math.floor(score)));
    }),
  );
  const columns = [...numbers.map((values, f) => numeric(`x${f}`, values.map(cell))), letters('c', text)];
  return problem(
    table(...columns),
    types.map((type, t) => task(`t${t}`, type, type === 'multiclass' ? 3 : 2)),
    labels,
  );
}

const SEEDS = Array.from({ length: 12 }, (_, s) => s + 1);

const LIMITS: GrowthLimits = {
  maxDepth: Infinity,
  minSamplesLeaf: 1,
  features: 2,
  bootstrap: true,
  smoothing: 0,
  randomCuts: false,
};

/** A packet, its trees in one part. */
type Joined = Omit<TreePacket, 'trees'> & { readonly trees: Trees };

function both(of: Problem, limits: GrowthLimits, seeds: readonly number[]): [Joined, Joined] {
  const set = prepareTrainingSet(of, 255);
  const outputs = of.tasks.reduce(
    (sum, { type, classes }) => sum + (type === 'multiclass' ? classes.length : 1),
    0,
  );
  const prior = new Float64Array(outputs).fill(0.3);
  const memory = layOutTrees(set, limits, prior, 2);
  const joined = (packet: TreePacket) => ({ ...packet, trees: joinTrees(packet.trees, outputs) });
  return [
    joined(growPacket(memory, memory.regions[1], seeds)),
    joined(new PlainPackets(set, limits, prior, false).grow(seeds)),
  ];
}

/** Weights of classes: those of a task whose rows weigh by their label; regressions have none. */
function classWeights({ tasks, labels }: Problem): (Float64Array | undefined)[] {
  return tasks.map(({ type }, t) =>
    type === 'regression' ? undefined : labels[t].map((k) => [0.6, 1.7, 2.3][k]),
  );
}

/** Every third label or so is missing, of some tasks in the same rows. */
function withMissing(of: Problem, seed = 9): Problem {
  const random = new Random(seed);
  const masks = of.labels.map(() => of.rows.map(() => Number(random.uniform() < 0.3)));
  const labels = of.labels.map((values, t) =>
    values.map((label, i) => (masks[t - (t % 2)][i] === 1 ? NONE : label)),
  );
  return { ...of, labels };
}

describe('the kernel of trees', () => {
  it.each([
    { types: ['binary'], rows: 300 },
    { types: ['regression', 'regression'], rows: 700 },
    { types: ['binary', 'regression', 'multiclass'], rows: 600 },
    { types: Array<TaskType>(7).fill('binary'), rows: 500 },
    { types: Array<TaskType>(13).fill('regression'), rows: 400 },
  ] as const)('grows the trees that its plain twin grows: $rows rows, $types', ({ types, rows }) => {
    const of = made(types, rows, types.length);
    const random = new Random(5);
    const sampleWeight = Float64Array.from({ length: rows }, () => 0.25 + random.integer(8) / 4);
    for (const limits of [
      LIMITS,
      { ...LIMITS, bootstrap: false, features: 5 },
      { ...LIMITS, minSamplesLeaf: 4, maxDepth: 6 },
      { ...LIMITS, randomCuts: true },
      { ...LIMITS, smoothing: 2 },
    ]) {
      for (const weighted of [
        of,
        { ...of, sampleWeight },
        withMissing(of),
        { ...withMissing(of), sampleWeight },
        { ...withMissing(of), labelWeight: classWeights(of) },
      ]) {
        const [kernel, plain] = both(weighted, limits, [1, 2, 3]);
        expectTwins(kernel, plain);
      }
    }
  });

  it('tells no equal splits apart, whichever labels are missing', () => {
    for (const [seed, types] of [
      [11, ['binary', 'regression', 'multiclass']],
      [12, ['binary', 'regression', 'multiclass']],
      [11, Array<TaskType>(7).fill('binary')],
    ] as const) {
      const of = withMissing(made(types, 600, types.length), seed);
      expectTwins(...both(of, LIMITS, SEEDS));
      expectTwins(...both(of, { ...LIMITS, bootstrap: false, features: 5 }, SEEDS));
      expectTwins(...both({ ...of, labelWeight: classWeights(of) }, LIMITS, SEEDS));
    }
  });
});

function expectTwins(kernel: Joined, plain: Joined): void {
  expect(kernel.trees.feature).toEqual(plain.trees.feature);
  expect(kernel.trees.threshold).toEqual(plain.trees.threshold);
  expect(kernel.trees.right).toEqual(plain.trees.right);
  expect(kernel.trees.flags).toEqual(plain.trees.flags);
  expect(kernel.trees.categorySets).toEqual(plain.trees.categorySets);
  expect(distance(kernel.trees.values, plain.trees.values)).toBeLessThan(1e-6);
  expect(distance(kernel.gains, plain.gains)).toBeLessThan(1e-6);
  expect(kernel.outOfBag?.trees).toEqual(plain.outOfBag?.trees);
  if (kernel.outOfBag && plain.outOfBag) {
    expect(distance(kernel.outOfBag.sums, plain.outOfBag.sums)).toBeLessThan(1e-6);
  }
}

/** Largest difference, relative to the numbers where they are above 1. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++)
    most = Math.max(most, Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(b[i])));
  return most;
}
