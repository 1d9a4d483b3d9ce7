import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Leaderboard, LeaderboardRow } from '../../../src/core/evaluate/leaderboard';
import { Random } from '../../../src/core/random';
import { dryRun, extendRun, JobError, resumeRun, startRun } from '../../../src/jobs';
import { answerQuery } from '../../../src/jobs/queries';
import { RunStore, readAttempts } from '../../../src/store';
import { bundles, holdFirst, mixedTable, withoutTimes } from './experiments';

const built = bundles();

const options = () => ({ workers: 2, workerPath: built().worker, reuse: false });

/** A new experiment in a folder of its own. */
function write(text: string, table = mixedTable(160)): string {
  const folder = mkdtempSync(join(dirname(built().worker), 'sweep-'));
  writeFileSync(join(folder, 'table.csv'), table);
  const path = join(folder, 'sweep.mtl.yaml');
  writeFileSync(path, text);
  return path;
}

const SEARCHES = `data: { source: table.csv, test: 0.25, folds: 3, seed: 7 }
tasks: { size: size, kind: kind, flag: flag }
models:
  linear: { kind: linear }
  elastic: { kind: linear, penalty: group-elastic-net, lambda: { points: 6 } }
  trees: { kind: extra-trees, trees: 12 }
  boosted: { kind: boosting, rounds: 9, early_stopping: false }
sweeps:
  l: { model: linear, over: { penalty: [lasso, group-lasso], lambda: { points: 4 } }, rule: one-standard-error, select: per-task }
  e: { model: elastic, over: { l1_ratio: { from: 0.1, to: 1 } }, search: { method: bayesian, batch: 2 }, budget: { configurations: 6 } }
  t: { model: trees, over: { min_samples_leaf: [1, 3, 9], max_features: [0.5, 1] }, search: { method: halving, factor: 2 } }
  b: { model: boosted, over: { learning_rate: { from: 0.03, to: 0.6, scale: log } }, search: { method: halving, resource: rounds }, budget: { configurations: 9 } }
ensembles: { mean: { combine: mean } }
`;

function rowOf(leaderboard: Leaderboard | null, name: string): LeaderboardRow {
  const row = leaderboard?.rows.find((one) => one.name === name);
  if (row === undefined) throw new Error(`There is no row ${name}.`);
  return row;
}

let searched: { path: string; leaderboard: Leaderboard | null; store: string; run: string } | undefined;

async function searchedOnce() {
  if (searched) return searched;
  const path = write(SEARCHES);
  const outcome = await startRun({ ...options(), experimentPath: path, workers: 1 });
  expect(outcome.failures).toEqual([]);
  searched = { path, ...outcome };
  return searched;
}

describe('sweeps over other hyperparameters', () => {
  it('choose values, show them, and refit with them, jointly and in the baselines', async () => {
    const { leaderboard, store, run } = await searchedOnce();
    const penalties = rowOf(leaderboard, 'linear').hyperparameters?.penalty;
    expect(JSON.stringify(penalties)).toMatch(/lasso/);
    expect(rowOf(leaderboard, 'linear (single-task)').hyperparameters).toEqual({
      penalty: { value: 'lasso' },
    });
    expect(rowOf(leaderboard, 'elastic').hyperparameters).toHaveProperty('l1_ratio');
    expect(rowOf(leaderboard, 'trees').hyperparameters).toHaveProperty('min_samples_leaf');
    expect(rowOf(leaderboard, 'boosted').hyperparameters).toHaveProperty('learning_rate');
    expect(rowOf(leaderboard, 'linear').scores.size.r2).toBeGreaterThan(0.9);
    const folder = RunStore.open(store).run(run);
    const proposed = folder.plans()[0].trials.filter((trial) => trial.kind === 'fit' && trial.proposed);
    expect(proposed.length).toBeGreaterThan(10);
  });

  it('have curves under the numbers that their paths have, refits under that of the choice', async () => {
    const { store, run } = await searchedOnce();
    for (const model of ['elastic', 'boosted']) {
      const ask = { store, run, model };
      const { paths } = answerQuery<'path'>({ kind: 'path', ...ask });
      const path = paths.find(({ scope }) => scope === 'joint');
      const { curves, recorded } = answerQuery<'curves'>({
        kind: 'curves',
        ...ask,
        scope: 'joint',
        maxPoints: 2,
      });
      const lambdas = new Map(path?.points.map(({ configuration, lambda }) => [configuration, lambda]));
      expect(recorded).toEqual([...lambdas.keys()].sort((a, b) => a - b));
      expect(recorded.length).toBeGreaterThan(4);
      for (const { configuration, lambda } of curves) expect(lambda).toBe(lambdas.get(configuration));
      const chosen = path?.points[path.chosen ?? -1]?.configuration;
      const refits = curves.filter(({ fold }) => fold === null).map(({ configuration }) => configuration);
      expect(new Set(refits)).toEqual(new Set([chosen]));
      const folds = curves.filter(({ configuration, fold }) => configuration === chosen && fold !== null);
      expect(new Set(folds.map(({ fold }) => fold))).toEqual(new Set([0, 1, 2]));
    }
  });

  it('find the same on two workers as on one', async () => {
    const { path, leaderboard } = await searchedOnce();
    const two = await startRun({ ...options(), experimentPath: path });
    expect(withoutTimes(two.leaderboard)).toEqual(withoutTimes(leaderboard));
  });

  it('find the same when they are interrupted between barriers and resumed', async () => {
    const { path, leaderboard } = await searchedOnce();
    holdFirst('refit');
    const stop = new AbortController();
    const outcome = await startRun({
      ...options(),
      experimentPath: path,
      signal: stop.signal,
      onProgress: ({ trials }) => {
        if (trials.done > trials.total / 2) stop.abort();
      },
    });
    expect(outcome.status).toBe('cancelled');
    const { store, run } = outcome;
    const resumed = await resumeRun({ store, run, workers: 2, workerPath: built().worker });
    expect(withoutTimes(resumed.leaderboard)).toEqual(withoutTimes(leaderboard));
  });

  it('are known in number before anything is trained, and stay within a budget of fits', async () => {
    const path = write(SEARCHES.replace('budget: { configurations: 6 }', 'budget: { fits: 13 }'));
    const forecast = await dryRun({ ...options(), experimentPath: path });
    const elastic = forecast.models.find(({ key }) => key.model === 'elastic' && key.scope === 'joint');
    expect(elastic).toMatchObject({ configurations: 4, fits: 13 });
    expect(forecast.estimate.seconds).toBeGreaterThan(0);
    expect(RunStore.open(join(dirname(path), '.taskweave')).runs()).toEqual([]);
  });

  it('are not started when the estimate is beyond their budget of seconds', async () => {
    const path = write(SEARCHES.replace('budget: { configurations: 9 }', 'budget: { seconds: 0.0001 }'));
    const error = await startRun({ ...options(), experimentPath: path }).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(JobError);
    expect(error).toMatchObject({ code: 'over-budget' });
  });
});

describe('work that is done', () => {
  it('is taken over by an edited experiment, which does the rest and ends with the numbers of a fresh run', async () => {
    const { path } = await searchedOnce();
    const edited = `${path.slice(0, -'.mtl.yaml'.length)}-edited.mtl.yaml`;
    writeFileSync(edited, readFileSync(path, 'utf8').replace('trees: 12', 'trees: 13'));
    const reused = await startRun({ ...options(), experimentPath: edited, reuse: true });
    const folder = RunStore.open(reused.store).run(reused.run);
    const done = folder.trials().filter((id) => {
      const spec = folder.spec(id);
      return 'key' in spec && spec.key.model === 'boosted';
    });
    const before = Date.parse(folder.record().created);
    for (const id of done) {
      const start = readAttempts(folder, id)[0].events.find(({ kind }) => kind === 'start');
      expect(Date.parse(start?.time ?? '')).toBeLessThan(before);
    }
    const fresh = await startRun({ ...options(), experimentPath: edited });
    expect(withoutTimes(reused.leaderboard)).toEqual(withoutTimes(fresh.leaderboard));
  });
});

describe('an extended run', () => {
  const text = (lambda: string) => `data: { source: table.csv, test: 0.25, folds: 3, seed: 7 }
tasks: { size: size, flag: flag }
models:
  linear: { kind: linear, lambda: ${lambda} }
  other: { kind: linear, penalty: ridge, lambda: [0.1] }
ensembles: { mean: { combine: mean } }
`;

  it('fits the new λ alone, and has the choice of a run that had them all', async () => {
    const { store, run } = await startRun({
      ...options(),
      experimentPath: write(text('[1, 0.1]')),
    });
    const folder = RunStore.open(store).run(run);
    const before = new Set(folder.trials());
    const outcome = await extendRun({
      ...options(),
      store,
      run,
      model: 'linear',
      points: 2,
      from: 0.03,
      to: 0.01,
    });
    const fits = folder
      .trials()
      .filter((id) => !before.has(id))
      .map((id) => folder.spec(id))
      .filter((spec) => spec.kind === 'fit');
    expect(fits.every(({ key }) => key.model === 'linear')).toBe(true);
    // Both λ in one trial a fold, of the joint model and of its twin.
    expect(fits).toHaveLength(3 + 3);
    expect(fits[0].configurations[0].map(({ lambda }) => lambda)).toEqual([0.03, 0.01]);

    const whole = await startRun({
      ...options(),
      experimentPath: write(text('[1, 0.1, 0.03, 0.01]')),
    });
    const [joint] = answerQuery<'path'>({ kind: 'path', store, run, model: 'linear' }).paths;
    expect(joint.points[joint.chosen ?? -1]?.lambda).toBe(rowOf(outcome.leaderboard, 'linear').lambda);
    for (const name of ['linear', 'linear (single-task)', 'mean', 'other']) {
      const [extended, all] = [rowOf(outcome.leaderboard, name), rowOf(whole.leaderboard, name)];
      expect(extended.lambda).toEqual(all.lambda);
      // A path of its own begins cold: the same optimum, to the solver's tolerance.
      expect(extended.mean).toBeCloseTo(all.mean, 3);
    }
  });

  it('refines around the chosen λ, and can be extended again', async () => {
    const { store, run } = await startRun({
      ...options(),
      experimentPath: write(text('{ points: 4 }')),
    });
    const chosen = (leaderboard: Leaderboard | null) => rowOf(leaderboard, 'linear').validation.mean;
    const first = await extendRun({ ...options(), store, run, model: 'linear', points: 4 });
    const second = await extendRun({ ...options(), store, run, model: 'linear', points: 2 });
    expect(first.status).toBe('completed');
    expect(second.status).toBe('completed');
    expect(chosen(second.leaderboard)).toBeGreaterThanOrEqual(chosen(first.leaderboard) - 1e-3);
    expect(RunStore.open(store).run(run).plans()).toHaveLength(3);
  });

  it('goes on with a Bayesian search where it was, and ends as one of that length', async () => {
    const search = (configurations: number) => `data: { source: table.csv, test: 0.25, folds: 3, seed: 7 }
tasks: { size: size, kind: kind, flag: flag }
models: { elastic: { kind: linear, penalty: group-elastic-net } }
sweeps:
  e: { model: elastic, over: { l1_ratio: { from: 0.1, to: 1 }, lambda: { points: 6 } }, search: { method: bayesian, batch: 2 }, budget: { configurations: ${configurations} } }
ensembles: { mean: { combine: mean } }
`;
    const { store, run } = await startRun({ ...options(), experimentPath: write(search(4)) });
    const extended = await extendRun({ ...options(), store, run, model: 'elastic', points: 2 });
    expect(extended.failures).toEqual([]);
    const [first, second] = RunStore.open(store).run(run).plans();
    // Three folds, of the joint model and of its twin, and a barrier for each.
    expect(second.trials.filter(({ kind }) => kind === 'fit').length).toBe(3 + 3);
    expect(second.trials.filter(({ kind }) => kind === 'search').length).toBe(2);
    expect(first.trials.filter(({ kind }) => kind === 'search').length).toBe(2);
    const whole = await startRun({ ...options(), experimentPath: write(search(6)) });
    for (const name of ['elastic', 'elastic (single-task)', 'mean']) {
      const [one, other] = [rowOf(extended.leaderboard, name), rowOf(whole.leaderboard, name)];
      expect(one.scores).toEqual(other.scores);
      expect(one.validation).toEqual(other.validation);
    }
    const ends = await extendRun({ ...options(), store, run, model: 'elastic', points: 2, from: 1 }).catch(
      (error: unknown) => error,
    );
    expect(ends).toMatchObject({ code: 'cannot-extend', message: expect.stringContaining('ends of λ') });
  });

  it('is refused where a search by halving has decided, and says what to do', async () => {
    const { store, run } = await searchedOnce();
    const error = await extendRun({ ...options(), store, run, model: 'trees', points: 2 }).catch(
      (one: unknown) => one,
    );
    expect(error).toMatchObject({
      code: 'cannot-extend',
      message: expect.stringContaining('`budget.configurations`'),
    });
  });
});

/** Rows of one group (and time) are copies of each other with one label drawn by lot: whoever saw one knows the others. */
function copies(groups: number, each: number): string {
  const random = new Random(12);
  const lines = ['a,b,c,group,when,part,size,flag'];
  for (let g = 0; g < groups; g++) {
    const features = [random.normal(), random.normal(), random.normal()].map((value) => value.toFixed(5));
    const labels = [random.normal().toFixed(5), random.integer(2) === 0 ? 'no' : 'yes'];
    for (let i = 0; i < each; i++) lines.push([...features, `g${g}`, g, g % 4, ...labels].join(','));
  }
  return `${lines.join('\n')}\n`;
}

describe('labels drawn by lot', () => {
  const models = `tasks: { size: size, flag: flag }
models:
  memory: { kind: extra-trees, trees: 15 }
  path: { kind: linear, lambda: { points: 5 } }
  search: { kind: boosting, rounds: 15, early_stopping: false }
sweeps:
  m: { model: memory, over: { min_samples_leaf: [1, 4], max_features: [0.4, 1] }, search: { method: halving, factor: 2 } }
  p: { model: path, over: { lambda: { points: 5 } }, rule: one-standard-error, select: per-task }
  s: { model: search, over: { max_leaves: [2, 15], learning_rate: { from: 0.05, to: 0.5, scale: log } }, search: bayesian, budget: { configurations: 6 } }
ensembles: { mean: { combine: mean }, weighted: { combine: weighted }, chain: { combine: chains, of: [path] } }
`;
  const data = (more: string) => `data: { source: table.csv, test: 0.25, seed: 3, ${more} }\n${models}`;
  const kinds = {
    'nested folds by group': data('group: group, exclude: [when, part], folds: { count: 3, outer: 3 }'),
    'repeated folds by group': data(
      'group: group, exclude: [when, part], folds: { count: 2, by: random, repeats: 2 }',
    ),
    'folds by time': data('time: when, exclude: [group, part], folds: { count: 3, gap: 1 }'),
    'folds by a column': data('group: group, exclude: [when], folds: { column: part }'),
    'a hold-out by group': data(
      'group: group, exclude: [when, part], folds: { by: hold-out, fraction: 0.4 }',
    ),
  };

  it.each(Object.entries(kinds))('score chance through every search and rule: %s', async (kind, text) => {
    const outcome = await startRun({ ...options(), experimentPath: write(text, copies(120, 3)) });
    expect(outcome.failures).toEqual([]);
    for (const row of outcome.leaderboard?.rows ?? []) {
      // 30 groups in the test split: the AUC of a coin has a standard deviation of about 0.1.
      expect(Math.abs((row.scores.flag.auc ?? 0.5) - 0.5), row.name).toBeLessThan(0.3);
      expect(row.scores.size.r2 ?? 0, row.name).toBeLessThan(0.15);
      // The best of several on few groups: a leak would be near 1.
      expect((row.validation.scores.flag.auc ?? 0.5) - 0.5, row.name).toBeLessThan(0.25);
      expect(row.validation.scores.size.r2 ?? 0, row.name).toBeLessThan(0.2);
      if (!kind.startsWith('nested')) continue;
      expect(row.nested, row.name).toBeDefined();
      expect((row.nested?.scores.flag.auc ?? 0.5) - 0.5, row.name).toBeLessThan(0.2);
      expect(row.nested?.mean, row.name).toBeLessThan(0.1);
    }
  });

  it('would be found out if folds parted what belongs together', async () => {
    const leaking = data('exclude: [group, when, part], folds: 3');
    const { leaderboard } = await startRun({ ...options(), experimentPath: write(leaking, copies(120, 3)) });
    const memory = rowOf(leaderboard, 'memory');
    expect(memory.validation.scores.flag.auc).toBeGreaterThan(0.9);
    expect(memory.scores.size.r2).toBeGreaterThan(0.7);
  });
});
