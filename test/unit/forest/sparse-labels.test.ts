import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/dataset/problem';
import { forestLearner } from '../../../src/core/learner/forest';
import { DenseSplitter } from '../../../src/core/learner/forest/dense-splitter';
import { SparseSplitter } from '../../../src/core/learner/forest/sparse-splitter';
import type { TrainingStep } from '../../../src/core/learner/learner';
import { prepareTrainingSet } from '../../../src/core/learner/trees/training-set';
import { Random } from '../../../src/core/random';
import { context, grow, letters, NONE, numeric, ONE_TREE, predict, problem, table, task } from './support';

/** A long table: 120 rows, each labelled for one of six tasks (two of each type). */
function long(seed: number): Problem {
  const random = new Random(seed);
  const n = 120;
  const u = Array.from({ length: n }, () => (random.uniform() < 0.1 ? NONE : random.integer(12)));
  const v = Array.from({ length: n }, () => random.normal());
  const ab = Array.from({ length: n }, () => 'ab.'[random.integer(3)]).join('');
  const tasks = [
    task('r1', 'regression'),
    task('b1', 'binary'),
    task('m1', 'multiclass', 3),
    task('r2', 'regression'),
    task('b2', 'binary'),
    task('m2', 'multiclass', 4),
  ];
  const labels = tasks.map(() => Array<number>(n).fill(NONE));
  for (let i = 0; i < n; i++) {
    const t = random.integer(tasks.length);
    const score = v[i] + random.normal() / 2;
    const { type, classes } = tasks[t];
    if (type === 'regression') labels[t][i] = 100 + score;
    else labels[t][i] = Math.max(0, Math.min(classes.length - 1, Math.floor(score + classes.length / 2)));
  }
  return problem(table(numeric('u', u), numeric('v', v), letters('c', ab)), tasks, labels);
}

const UNLIMITED = {
  maxDepth: Infinity,
  minSamplesLeaf: 1,
  features: 3,
  bootstrap: true,
  smoothing: 3,
  randomCuts: false,
};

describe('trees on tables where most labels are missing', () => {
  it.each([1, 4])('find the splits that the histograms find (min_samples_leaf %i)', (minSamplesLeaf) => {
    for (let seed = 0; seed < 20; seed++) {
      const of = long(seed);
      const sampleWeight = Float64Array.from(of.rows, (row) => 0.5 + (row % 3));
      const set = prepareTrainingSet(seed % 2 === 0 ? of : { ...of, sampleWeight }, 255);
      const random = new Random(seed);
      const multiplicity = Int32Array.from(set.rows, () => 1 + random.integer(3));
      const positions = Int32Array.from(set.rows.keys());
      const splits = [DenseSplitter, SparseSplitter].map((Splitter) => {
        const splitter = new Splitter(set, { ...UNLIMITED, minSamplesLeaf });
        splitter.beginTree(multiplicity);
        const differ = splitter.enter(positions, seed, positions.length);
        const varies = set.features.map((_, f) => splitter.search(f));
        const values = new Float64Array(11).fill(-1);
        splitter.writeValues(values, 0);
        const purity = new Float64Array(6);
        splitter.addPurity(purity, 0, 1);
        return { differ, varies, values, purity, best: splitter.best };
      });
      const [dense, sparse] = splits;
      expect(sparse.differ).toBe(dense.differ);
      expect(sparse.varies).toEqual(dense.varies);
      expect(sparse.best.score).toBeCloseTo(dense.best.score, 9);
      const { feature, bin, nextBin, missingLeft } = dense.best;
      expect(sparse.best).toMatchObject({ feature, bin, nextBin, missingLeft });
      sparse.values.forEach((value, o) => {
        expect(value).toBeCloseTo(dense.values[o], 9);
      });
      sparse.purity.forEach((share, t) => {
        expect(share).toBeCloseTo(dense.purity[t], 9);
      });
    }
  });

  it('predict, for a task without labels in a leaf, what the nearest ancestor with some would', async () => {
    // One feature, five tasks, of which the second is labelled in the first half only.
    const x = Array.from({ length: 20 }, (_, i) => i);
    const only = (t: number) => x.map((i) => (i % 5 === t ? (i < 10 ? 0 : 100) + i : NONE));
    const half = x.map((i) => (i === 1 ? 5 : i === 6 ? 7 : NONE));
    const of = problem(
      table(numeric('x', x)),
      [0, 1, 2, 3, 4].map((t) => task(`t${t}`, 'regression')),
      [only(0), half, only(2), only(3), only(4)],
    );
    const model = await grow(of, { ...ONE_TREE, max_depth: 1, smoothing: 0 });
    expect(model.serialize().arrays.threshold[0]).toBeGreaterThan(7);
    const [first, second] = predict(model, of.dataset, [0, 19]);
    expect(first[0]).toBeCloseTo(2.5, 5);
    expect(first[1]).toBeCloseTo(112.5, 4);
    expect(second).toEqual([6, 6]);
  });

  it('draw leaves to their parents by as many labels as `smoothing` says', async () => {
    const of = problem(
      table(numeric('u', [0, 0, 1, 1]), numeric('v', [0, 1, 0, 1])),
      [task('y', 'regression')],
      [[0, 2, 9, 9]],
    );
    // The root's mean is 5. Left of it two labels of mean 1, so 2/5 of 1 and 3/5 of 5; in the leaf of the label 0, 1/4 of it.
    const [y] = predict(await grow(of, { ...ONE_TREE, smoothing: 3 }), of.dataset);
    const left = (2 * 1 + 3 * 5) / 5;
    expect(y[0]).toBeCloseTo((0 + 3 * left) / 4, 5);
    expect(y[1]).toBeCloseTo((2 + 3 * left) / 4, 5);
    expect(y[2]).toBeCloseTo((2 * 9 + 3 * 5) / 5, 5);
  });

  it('predict every output of every row once: class shares sum to 1', async () => {
    const of = long(3);
    const level = predict(await grow(of, { trees: 25 }), of.dataset)[5];
    for (let i = 0; i < of.dataset.rowCount; i++) {
      expect(level.slice(4 * i, 4 * i + 4).reduce((sum, p) => sum + p)).toBeCloseTo(1, 5);
    }
  });

  it('are saved and loaded, and report out-of-bag losses that fall below those of guessing', async () => {
    const of = long(5);
    const steps: TrainingStep[] = [];
    const [model] = await forestLearner.fit(
      of,
      [{ parameters: { trees: 60, smoothing: 0 } }],
      context(1, steps),
    );
    const loaded = forestLearner.load(model.serialize());
    expect(predict(loaded, of.dataset)).toEqual(predict(model, of.dataset));
    const losses = steps.at(-1)?.taskLosses ?? [];
    expect(losses[0]).toBeLessThan(0.5);
    expect(losses[1]).toBeLessThan(Math.log(2));
    expect(losses[2]).toBeLessThan(Math.log(3));
  });
});
