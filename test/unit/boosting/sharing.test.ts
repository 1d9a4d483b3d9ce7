import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/dataset/problem';
import { boostingLearner } from '../../../src/core/learner/boosting';
import { Random } from '../../../src/core/random';
import { letters, NONE, numeric, problem, table, task } from '../forest/support';
import { boost, expectClose, PLAIN, predictions } from './support';

const range = (length: number) => Array.from({ length }, (_, i) => i);

/** A regression, a binary and a multiclass task that share what they depend on, a third of the labels missing. */
function mixed(rows = 150, seed = 5): Problem {
  const random = new Random(seed);
  const a = range(rows).map(() => random.normal());
  const b = range(rows).map(() => (random.uniform() < 0.1 ? NONE : Math.round(4 * random.uniform())));
  const c = range(rows).map(() => 'abcd.'[random.integer(5)]);
  const signal = range(rows).map((i) => a[i] + (c[i] === 'b' ? 2 : 0) + (Number.isNaN(b[i]) ? 1 : b[i] / 4));
  const labels = [
    signal.map((s) => 10 * s + random.normal()),
    signal.map((s) => (s + random.normal() > 1 ? 1 : 0)),
    signal.map((s) => Math.min(2, Math.max(0, Math.floor(s + random.normal() / 2)))),
  ].map((values) => values.map((value) => (random.uniform() < 0.3 ? NONE : value)));
  const dataset = table(numeric('a', a), numeric('b', b), letters('c', c.join('')));
  return problem(dataset, [task('y', 'regression'), task('t', 'binary'), task('m', 'multiclass', 3)], labels);
}

const SHARINGS = ['vector-leaf', 'per-task'] as const;
const SHORT = { ...PLAIN, rounds: 15, min_samples_leaf: 3 } as const;

describe.each(SHARINGS)('sharing: %s', (sharing) => {
  const parameters = { ...SHORT, sharing };

  it('learns tasks of all types at once: better than their constants on rows it has not seen', async () => {
    const of = mixed(900);
    const seen = { ...of, rows: of.rows.filter((row) => row % 3 > 0) };
    const unseen = range(900).filter((row) => row % 3 === 0);
    const p = predictions(await boost(seen, parameters), of.dataset, unseen);
    const skills = of.tasks.map(({ type, classes }, t) => {
      const at = unseen.map((row, i) => [row, i]).filter(([row]) => !Number.isNaN(of.labels[t][row]));
      const y = at.map(([row]) => of.labels[t][row]);
      const mean = y.reduce((sum, v) => sum + v, 0) / y.length;
      const K = type === 'multiclass' ? classes.length : 1;
      const error = (q: (i: number, k: number) => number) =>
        at.reduce((sum, [, i], j) => {
          if (K === 1) return sum + (q(i, 0) - y[j]) ** 2;
          return sum + range(K).reduce((so, k) => so + (q(i, k) - (y[j] === k ? 1 : 0)) ** 2, 0);
        }, 0);
      const share = range(K).map((k) => y.filter((v) => v === k).length / y.length);
      return 1 - error((i, k) => p[t][i * K + k]) / error((_, k) => (K === 1 ? mean : share[k]));
    });
    for (const skill of skills) expect(skill).toBeGreaterThan(0.2);
  });

  it('gives probabilities that sum to 1', async () => {
    const of = mixed();
    const [, binary, multiclass] = predictions(await boost(of, parameters), of.dataset);
    for (const p of binary) expect(p > 0 && p < 1).toBe(true);
    for (let i = 0; i < 150; i++) {
      expect(multiclass.slice(3 * i, 3 * i + 3).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
    }
  });

  it('takes weights for repeated rows', async () => {
    const of = mixed();
    const sampleWeight = Float64Array.from(of.rows, (row) => row % 3);
    const rows = Int32Array.from(range(150).flatMap((row) => range(row % 3).map(() => row)));
    const each = { ...parameters, min_samples_leaf: 1, min_child_weight: 2 };
    const weighted = predictions(await boost({ ...of, sampleWeight }, each), of.dataset);
    const copied = predictions(await boost({ ...of, rows }, each), of.dataset);
    weighted.forEach((p, t) => {
      expectClose(
        p,
        p.map((_, i) => copied[t][i]),
        3,
      );
    });
  });

  it('does not look at rows outside of training, nor at training rows without a label or weight', async () => {
    const of = mixed();
    const hide = (row: number) => row % 5 === 0;
    const labels = of.labels.map((values) => values.map((value, row) => (hide(row) ? NONE : value)));
    const rows = of.rows.filter((row) => !hide(row));
    const sampleWeight = Float64Array.from(of.rows, (row) => (hide(row) ? 0 : 1));
    const fits = [
      { ...of, rows },
      { ...of, labels },
      { ...of, sampleWeight },
    ];
    const [outside, unlabelled, weightless] = await Promise.all(
      fits.map(async (each) => predictions(await boost(each, parameters), of.dataset)),
    );
    expect(unlabelled).toEqual(outside);
    weightless.forEach((p, t) => {
      expectClose(
        p,
        p.map((_, i) => outside[t][i]),
        4,
      );
    });
  });

  it('is not moved by a task without any label', async () => {
    const of = mixed();
    const empty = new Float64Array(150).fill(NONE);
    const more = {
      ...of,
      tasks: [...of.tasks, task('none', 'binary'), task('nothing', 'regression')],
      labels: [...of.labels, empty, empty],
    };
    const with_ = predictions(await boost(more, parameters), of.dataset);
    expect(with_.slice(0, 3)).toEqual(predictions(await boost(of, parameters), of.dataset));
    expect(new Set(with_[3])).toEqual(new Set([0.5]));
    expect(new Set(with_[4])).toEqual(new Set([0]));
  });

  it('predicts the same in other units of a target', async () => {
    const of = mixed();
    const scaled = { ...of, labels: [of.labels[0].map((y) => 1024 * y), of.labels[1], of.labels[2]] };
    const [one, ...others] = predictions(await boost(of, parameters), of.dataset);
    const [thousand, ...same] = predictions(await boost(scaled, parameters), of.dataset);
    expect(same).toEqual(others);
    expectClose(
      thousand.map((q) => q / 1024),
      thousand.map((_, i) => one[i]),
      4,
    );
  });

  it('gives the same bits again, saved and loaded too', async () => {
    const of = mixed();
    const drawn = { ...parameters, subsample: 0.7, feature_fraction: 0.7, early_stopping: true };
    const model = await boost(of, drawn, 1, 9);
    const expected = predictions(model, of.dataset);
    expect(predictions(await boost(of, drawn, 1, 9), of.dataset)).toEqual(expected);
    expect(predictions(await boost(of, drawn, 1, 10), of.dataset)).not.toEqual(expected);
    const { header, arrays, ...rest } = model.serialize();
    const copy = { ...rest, header: JSON.parse(JSON.stringify(header)), arrays };
    expect(predictions(boostingLearner.load(copy), of.dataset)).toEqual(expected);
  });
});

describe('one task', () => {
  it('is the same with vector leaves as with a tree a task', async () => {
    const { dataset, labels, tasks } = mixed();
    for (const t of [0, 1]) {
      const of = problem(dataset, [tasks[t]], [[...labels[t]]]);
      const [vector, own] = await Promise.all(
        SHARINGS.map(async (sharing) => predictions(await boost(of, { ...SHORT, sharing }), dataset)),
      );
      expect(vector).toEqual(own);
    }
  });

  it('of a joint fit with a tree a task is what it is alone', async () => {
    const of = mixed();
    const joint = predictions(await boost(of, { ...SHORT, sharing: 'per-task' }), of.dataset);
    const alone = problem(of.dataset, [of.tasks[1]], [[...of.labels[1]]]);
    const rows = of.rows.filter((row) => !Number.isNaN(of.labels[1][row]));
    const [p] = predictions(await boost({ ...alone, rows }, { ...SHORT, sharing: 'per-task' }), of.dataset);
    // Bins are those of all rows with a label in the one case, of this task's in the other: same cuts, other midpoints.
    const inTraining = [...rows].map((row) => Math.abs(p[row] - joint[1][row]));
    expect(Math.max(...inTraining)).toBeLessThan(1e-5);
  });
});

describe('long tables, whose rows have one label each', () => {
  it('are summed label by label to the same bits as in rows of lanes', async () => {
    const of = mixed(240);
    const tasks = range(4).map((t) => task(`t${t}`, t % 2 === 0 ? 'regression' : 'binary'));
    const labels = tasks.map((_, t) =>
      of.labels[t % 2].map((value, row) => (row % 4 === t ? (Number.isNaN(value) ? 1 : value) : NONE)),
    );
    const dense = { ...of, tasks, labels };
    // A fifth of the labels is below the share from which on they are kept as lists.
    const sparse = {
      ...of,
      tasks: [...tasks, task('empty', 'regression')],
      labels: [...labels, new Float64Array(240).fill(NONE)],
    };
    const expected = predictions(await boost(dense, SHORT), of.dataset);
    expect(predictions(await boost(sparse, SHORT), of.dataset).slice(0, 4)).toEqual(expected);
  });
});

describe('importance', () => {
  it('of a fit without shrinkage sums to the fall of the loss, task by task', async () => {
    const of = mixed();
    const regression = problem(
      of.dataset,
      [of.tasks[0], of.tasks[0]],
      [[...of.labels[0]], [...of.labels[0]].reverse()],
    );
    const losses: number[][] = [];
    const model = await boost(regression, { ...PLAIN, rounds: 1, learning_rate: 1, max_leaves: 8 }, 0, 1, []);
    const p = predictions(model, of.dataset);
    regression.labels.forEach((labels, t) => {
      const rows = range(150).filter((row) => !Number.isNaN(labels[row]));
      const mean = rows.reduce((sum, row) => sum + labels[row], 0) / rows.length;
      const before = rows.reduce((sum, row) => sum + (labels[row] - mean) ** 2, 0);
      const after = rows.reduce((sum, row) => sum + (labels[row] - p[t][row]) ** 2, 0);
      losses.push([0.5, (0.5 * after) / before]);
    });
    const { importance } = model.serialize().arrays;
    losses.forEach(([before, after], t) => {
      const total = [...importance].filter((_, i) => i % 2 === t).reduce((sum, gain) => sum + gain, 0);
      expect(total).toBeCloseTo(before - after, 5);
    });
  });

  it('is of the features that matter', async () => {
    const random = new Random(2);
    const x = range(3).map(() => range(300).map(() => random.normal()));
    const dataset = table(...x.map((values, j) => numeric(`x${j}`, values)));
    const labels = [x[0].map((v) => v ** 2), x[1].map((v) => Math.abs(v))];
    const of = problem(dataset, [task('a', 'regression'), task('b', 'regression')], labels);
    const { importance, jointImportance } = (await boost(of, SHORT)).serialize().arrays;
    const column = (t: number) => range(3).map((f) => importance[2 * f + t]);
    expect(column(0)[0]).toBeGreaterThan(5 * Math.max(column(0)[1], column(0)[2]));
    expect(column(1)[1]).toBeGreaterThan(5 * Math.max(column(1)[0], column(1)[2]));
    expect(Math.min(jointImportance[0], jointImportance[1])).toBeGreaterThan(5 * jointImportance[2]);
  });
});
