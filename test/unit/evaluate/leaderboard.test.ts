import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/core/dataset/problem';
import {
  buildLeaderboard,
  type LeaderboardEntry,
  type LeaderboardInput,
  leaderboardColumns,
  scoreTask,
  sortRows,
} from '../../../src/core/evaluate';
import { advise } from '../../../src/core/evaluate/advice';
import { judgeMean } from '../../../src/core/evaluate/verdict';
import type { TaskPredictions } from '../../../src/core/learner/learner';
import { Random } from '../../../src/core/random';
import { normals, predictions, task } from './support';

const tasks = [task('regression', 'mass'), task('binary', 'sex'), task('multiclass', 'species')];

describe('the leaderboard', () => {
  const input = experiment({ seed: 1, train: 300, test: 200 });
  const leaderboard = buildLeaderboard(input);
  const row = (name: string) => leaderboard.rows.find((candidate) => candidate.name === name);

  it('puts the best mean first and the mean/majority predictor at skill 0', () => {
    expect(leaderboard.rows.map(({ name }) => name)).toEqual([
      'linear',
      'linear (single-task)',
      'mean/majority',
    ]);
    expect(row('mean/majority')?.mean).toBe(0);
    expect(row('mean/majority')?.validation.mean).toBe(0);
  });

  it('scores the test rows, and the training rows out of fold, apart', () => {
    expect(leaderboard.split).toBe('test');
    const entry = input.entries[1];
    tasks.forEach((one, t) => {
      const onTest = Float64Array.from(input.testRows, (r) => input.labels[t][r]);
      const onTrain = Float64Array.from(input.trainRows, (r) => input.labels[t][r]);
      expect(row('linear')?.scores[one.id]).toEqual(scoreTask(one, onTest, testOf(entry)[t]));
      expect(row('linear')?.validation.scores[one.id]).toEqual(
        scoreTask(one, onTrain, entry.validation()[t]),
      );
    });
  });

  it('has as mean the mean of the skills that its own scores give', () => {
    const scores = row('linear')?.scores ?? {};
    const constant = row('mean/majority')?.scores ?? {};
    const skills = [
      1 - (1 - Number(scores.mass.r2)) / (1 - Number(constant.mass.r2)),
      2 * Number(scores.sex.auc) - 1,
      1 - Number(scores.species.logLoss) / Number(constant.species.logLoss),
    ];
    expect(row('linear')?.mean).toBeCloseTo(
      skills.reduce((sum, value) => sum + value / 3, 0),
      12,
    );
  });

  it('compares a model with its single-task twin only, and a baseline with nothing', () => {
    const differences = row('linear')?.differences ?? {};
    expect(Object.keys(differences)).toEqual(['mass', 'sex', 'species']);
    expect(differences.mass.value).toBeCloseTo(
      Number(row('linear')?.scores.mass.r2) - Number(row('linear (single-task)')?.scores.mass.r2),
      12,
    );
    expect(differences.sex.value).toBeCloseTo(
      Number(row('linear')?.scores.sex.auc) - Number(row('linear (single-task)')?.scores.sex.auc),
      12,
    );
    expect(differences.species.value).toBeCloseTo(
      Number(row('linear (single-task)')?.scores.species.logLoss) -
        Number(row('linear')?.scores.species.logLoss),
      12,
    );
    expect(differences.mass.verdict).toBe('helped');
    expect(row('linear (single-task)')?.differences).toBeUndefined();
    expect(row('linear (single-task)')?.baselineOf).toBe('linear');
    expect(row('mean/majority')?.differences).toBeUndefined();
  });

  it('counts the labelled rows of each task', () => {
    const labelled = (t: number, rows: Int32Array) =>
      Array.from(rows).filter((r) => !Number.isNaN(input.labels[t][r])).length;
    leaderboard.tasks.forEach((one, t) => {
      expect(one.labelled).toBe(labelled(t, input.trainRows));
      expect(one.labelledTest).toBe(labelled(t, input.testRows));
    });
    expect(leaderboard.tasks.map(({ primary }) => primary)).toEqual(['r2', 'auc', 'logLoss']);
  });

  it('is the same from the same seed, survives JSON, and holds no NaN', () => {
    expect(buildLeaderboard(input)).toEqual(leaderboard);
    expect(JSON.parse(JSON.stringify(leaderboard))).toEqual(leaderboard);
  });

  it('names the tasks that sharing hurt', () => {
    const [constant, model, twin] = input.entries;
    const swapped = [
      constant,
      { ...twin, name: 'linear', role: 'model' as const, baselineOf: undefined },
      { ...model, name: 'twin', role: 'baseline' as const, baselineOf: 'linear' },
    ];
    const hurt = buildLeaderboard({ ...input, entries: swapped }).rows.find(({ name }) => name === 'linear');
    expect(hurt?.negativeTransfer).toContain('mass');
    expect(hurt?.differences?.mass.words).toMatch(/^negative transfer −\d\.\d{3} R² \[−/);
  });

  it('advises to learn apart what sharing hurts, says what it cost, and names a pooled model that is best', () => {
    const [constant, model, twin] = input.entries;
    const swapped = buildLeaderboard({
      ...input,
      entries: [
        constant,
        { ...twin, name: 'linear', role: 'model', baselineOf: undefined, cpuSeconds: 3 },
        {
          ...model,
          name: 'linear (pooled)',
          role: 'baseline',
          baselineOf: 'linear',
          key: { model: 'linear', scope: 'pooled' },
        },
        { ...model, name: 'linear (single-task)', role: 'baseline', baselineOf: 'linear', cpuSeconds: 2 },
      ],
    });
    const said = swapped.advice?.join('\n') ?? '';
    expect(said).toMatch(/^Sharing hurts .*mass \(−0\.\d+ R²\).* learn (it|them) apart/);
    expect(said).toContain('Over all tasks, sharing hurt linear');
    expect(said).toContain('The best mean is that of linear (pooled)');
    expect(leaderboard.advice?.join()).toMatch(/sharing helped linear: .*1\.5 CPU seconds, 1\.0 times/);
  });

  it('says why it claims nothing beside an interval that leaves out 0', () => {
    const said = (interval: readonly [number, number]) =>
      advise({
        ...leaderboard,
        rows: leaderboard.rows.map((row) => ({
          ...row,
          meanDifference: row.meanDifference && judgeMean({ value: -0.03, interval, p: 0.2 }, 0.2, true),
        })),
      }).join('\n');
    expect(said([-0.05, -0.01])).toContain('the interval leaves out 0, but it is one of several');
    expect(said([-0.05, 0.01])).toMatch(/no difference is shown between .* \(−0\.030 mean skill/);
    expect(said([-0.05, 0.01])).not.toContain('one of several');
  });

  it('without a test split scores out of fold', () => {
    const alone = buildLeaderboard({
      ...input,
      testRows: new Int32Array(0),
      entries: input.entries.map(({ test: _, ...entry }) => entry),
    });
    expect(alone.split).toBe('validation');
    for (const { scores, validation } of alone.rows) expect(scores).toEqual(validation.scores);
    expect(alone.rows[0].differences?.mass).toBeDefined();
  });
});

describe('a leaderboard of failures', () => {
  it('counts a task without predictions as no better than the constant, and says so', () => {
    const input = experiment({ seed: 2, train: 200, test: 150 });
    const broken = input.entries.map((entry, e) =>
      e === 1 ? { ...entry, test: () => testOf(entry).map((p, t) => (t === 0 ? unknown(p) : p)) } : entry,
    );
    const [before, after] = [input.entries, broken].map((entries) =>
      buildLeaderboard({ ...input, entries }).rows.find(({ name }) => name === 'linear'),
    );
    const lost = 1 - (1 - Number(before?.scores.mass.r2)) / (1 - Number(constantR2(input)));
    expect(after?.scores.mass.r2).toBeNull();
    expect(after?.mean).toBeCloseTo(Number(before?.mean) - lost / 3, 10);
    expect(after?.warnings.join()).toContain('"mass"');
    expect(Object.keys(after?.differences ?? {})).toEqual(['sex', 'species']);
  });

  it('needs the mean/majority predictor, and baselines of rows that exist', () => {
    const input = experiment({ seed: 3, train: 60, test: 60 });
    const [, model, twin] = input.entries;
    expect(() => buildLeaderboard({ ...input, entries: [model, twin] })).toThrow(/mean\/majority/);
    expect(() => buildLeaderboard({ ...input, entries: [input.entries[0], twin] })).toThrow(
      /not on the leaderboard/,
    );
    expect(() =>
      buildLeaderboard({ ...input, entries: input.entries.map(({ test: _, ...e }) => e) }),
    ).toThrow(/test split/);
  });

  it('gives no verdict on few rows', () => {
    const leaderboard = buildLeaderboard(experiment({ seed: 4, train: 200, test: 29 }));
    const { differences = {}, meanDifference } = leaderboard.rows.find(({ name }) => name === 'linear') ?? {};
    for (const { words } of Object.values(differences)) expect(words).toMatch(/^too few rows to tell/);
    expect(meanDifference?.verdict).toBe('too few rows to tell');
    expect(leaderboard.advice?.join()).toContain('cannot be told');
  });
});

describe('random labels', () => {
  it('show no difference, and no skill, in nearly every task', () => {
    const many = Array.from({ length: 60 }, (_, t) =>
      task((['regression', 'binary', 'multiclass'] as const)[t % 3], `task ${t}`),
    );
    const random = new Random(5);
    const rows = 400;
    const labels = many.map((one) => randomLabels(one, rows, random));
    const guess = (): TaskPredictions[] => many.map((one) => guesses(one, rows, random));
    const testRows = Int32Array.from({ length: rows }, (_, i) => i);
    const entry = (part: Partial<LeaderboardEntry>): LeaderboardEntry => ({
      ...base,
      validation: read(many.map((one) => guesses(one, 0, random))),
      test: read(guess()),
      ...part,
    });
    const leaderboard = buildLeaderboard({
      tasks: many,
      labels,
      trainRows: new Int32Array(0),
      testRows,
      seed: 1,
      entries: [
        entry({
          name: 'mean/majority',
          role: 'baseline',
          key: { model: 'constant', scope: 'joint' },
          test: read(many.map((one) => constants(one, rows))),
        }),
        entry({ name: 'linear', role: 'model' }),
        entry({ name: 'linear (single-task)', role: 'baseline', baselineOf: 'linear' }),
      ],
    });
    const said = Object.values(leaderboard.rows.find(({ name }) => name === 'linear')?.differences ?? {});
    expect(said).toHaveLength(60);
    expect(said.filter(({ verdict }) => verdict === 'no difference shown').length).toBeGreaterThanOrEqual(59);
    expect(Math.abs(leaderboard.rows.find(({ name }) => name === 'linear')?.mean ?? 1)).toBeLessThan(0.05);
  });
});

describe('the columns', () => {
  const board = buildLeaderboard(experiment({ seed: 1, train: 300, test: 200 }));
  const columns = leaderboardColumns(board, board.tasks);
  const column = (key: string) => {
    const found = columns.find((one) => one.key === key);
    if (found === undefined) throw new Error(key);
    return found;
  };

  it('show λ, also where each task has its own, and mark what was selected on validation', () => {
    expect(board.rows.map(column('lambda').text)).toEqual(['0.0123', '0.01…0.5', '–']);
    expect(column('validation').text(board.rows[0])).toMatch(/^0\.\d{3}\*$/);
  });

  it('have the difference of the means beside a model, and nothing beside a baseline', () => {
    expect(column('difference').text(board.rows[0])).toMatch(/^\+\d\.\d{3} \[/);
    expect(column('difference').value(board.rows[0])).toBeCloseTo(
      board.rows[0].mean - board.rows[1].mean,
      10,
    );
    expect(column('difference').text(board.rows[1])).toBe('');
  });

  it('sort best first by score or cost, rows without a value last', () => {
    const by = (key: string, reversed = false) =>
      sortRows(board.rows, column(key), reversed).map(({ name }) => name);
    const best = board.rows.map(({ name }) => name);
    expect(by('mean')).toEqual(best);
    expect(by('mean', true)).toEqual(best.toReversed());
    expect(by('species.logLoss')).toEqual(best);
    expect(by('difference', true)[0]).toBe('linear');
  });

  it('mark the front: the best mean, and what is cheaper than all that is better', () => {
    const costs = [5, 1, 2];
    const entries = experiment({ seed: 1, train: 300, test: 200 }).entries.map((entry, e) => ({
      ...entry,
      cpuSeconds: costs[e],
    }));
    const priced = buildLeaderboard({ ...experiment({ seed: 1, train: 300, test: 200 }), entries });
    expect(priced.rows.map(({ name, onFront }) => [name, onFront])).toEqual([
      ['linear', true],
      ['linear (single-task)', false],
      ['mean/majority', false],
    ]);
    expect(priced.rows.map(({ rank }) => rank)).toEqual([1, 2, 3]);
  });
});

const base: LeaderboardEntry = {
  name: 'linear',
  role: 'model',
  learner: 'linear',
  lambda: null,
  validation: () => [],
  selectedOnThis: false,
  cpuSeconds: 1.5,
  warnings: [],
};

function read<T>(value: T): () => T {
  return () => value;
}

function testOf(entry: LeaderboardEntry): readonly TaskPredictions[] {
  return entry.test?.() ?? [];
}

/** Three tasks; the joint model sees the labels through less noise than its twin. A tenth of the labels is missing. */
function experiment({ seed, train, test }: { seed: number; train: number; test: number }): LeaderboardInput {
  const random = new Random(seed);
  const rows = train + test;
  const complete = tasks.map((one) => randomLabels(one, rows, random));
  const labels = complete.map((values) => values.map((v) => (random.uniform() < 0.1 ? Number.NaN : v)));
  const trainRows = Int32Array.from({ length: train }, (_, i) => i);
  const testRows = Int32Array.from({ length: test }, (_, i) => train + i);
  const entry = (part: Partial<LeaderboardEntry>, noise: number): LeaderboardEntry => ({
    ...base,
    ...part,
    validation: read(tasks.map((one, t) => informed(one, complete[t].subarray(0, train), noise, random))),
    test: read(tasks.map((one, t) => informed(one, complete[t].subarray(train), noise, random))),
  });
  return {
    tasks,
    labels,
    trainRows,
    testRows,
    seed,
    entries: [
      {
        ...base,
        name: 'mean/majority',
        role: 'baseline',
        key: { model: 'constant', scope: 'joint' },
        validation: read(tasks.map((one) => constants(one, train))),
        test: read(tasks.map((one) => constants(one, test))),
      },
      entry({ lambda: 0.012345, selectedOnThis: true, key: { model: 'linear', scope: 'joint' } }, 0.5),
      entry(
        {
          name: 'linear (single-task)',
          role: 'baseline',
          baselineOf: 'linear',
          lambda: { mass: 0.01, sex: 0.5, species: 0.1 },
          key: { model: 'linear', scope: 'single-task' },
        },
        0.9,
      ),
    ],
  };
}

function constantR2(input: LeaderboardInput): number | null {
  const labels = Float64Array.from(input.testRows, (row) => input.labels[0][row]);
  return scoreTask(tasks[0], labels, constants(tasks[0], labels.length)).r2;
}

function unknown({ values, width }: TaskPredictions): TaskPredictions {
  return { values: values.map(() => Number.NaN), width };
}

function randomLabels({ type }: Task, rows: number, random: Random): Float64Array {
  if (type === 'regression') return normals(random, rows);
  return Float64Array.from({ length: rows }, () => random.integer(type === 'binary' ? 2 : 3));
}

function constants({ type }: Task, rows: number): TaskPredictions {
  if (type === 'multiclass') return predictions(new Array(3 * rows).fill(1 / 3), 3);
  return predictions(new Array(rows).fill(type === 'binary' ? 0.5 : 0));
}

function guesses(one: Task, rows: number, random: Random): TaskPredictions {
  if (one.type === 'regression') return predictions(normals(random, rows).map((value) => 0.1 * value));
  return informed(one, randomLabels(one, rows, random), 2, random);
}

function informed({ type }: Task, labels: Float64Array, noise: number, random: Random): TaskPredictions {
  if (type === 'regression')
    return predictions(labels.map((label) => 0.7 * (label + noise * random.normal())));
  if (type === 'binary') {
    return predictions(
      labels.map((label) => 1 / (1 + Math.exp(1 - 2 * label + 2 * noise * random.normal()))),
    );
  }
  const logits = Array.from(labels, (label) =>
    [0, 1, 2].map((k) => (k === label ? 0.4 : 0) + 0.2 * noise * random.normal()),
  );
  return predictions(logits.flatMap(softmax), 3);
}

function softmax(logits: number[]): number[] {
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / sum);
}
