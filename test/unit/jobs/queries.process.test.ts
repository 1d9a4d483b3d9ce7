import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerQuery, listRuns, reindex, startRun } from '../../../src/jobs';
import { selectionResult } from '../../../src/jobs/results';
import { resultOf, upstream } from '../../../src/jobs/trials/upstream';
import { answers, type QueryReply, queryReply } from '../../../src/protocol/queries';
import { logText } from '../../../src/protocol/run-log-text';
import { CoordinatorLock, Queue, RunStore } from '../../../src/store';
import { bundles, writeExperiment } from './experiments';

const built = bundles();
let made: Promise<{ store: string; run: string }> | undefined;

function oneRun(): Promise<{ store: string; run: string }> {
  made ??= startRun({ experimentPath: writeExperiment(built()), workers: 2, workerPath: built().worker });
  return made;
}

describe('questions about runs', () => {
  it('list runs newest first, a page at a time, over several stores and folders without one', async () => {
    const { store, run } = await oneRun();
    const page = answerQuery<'runs'>({
      kind: 'runs',
      stores: [store, '/nowhere/.taskweave'],
      offset: 0,
      limit: 10,
    });
    expect(answers.runs.parse(page)).toEqual(page);
    expect(page.total).toBe(1);
    expect(page.runs[0]).toMatchObject({ run, name: 'mixed', status: 'completed', secondsLeft: null });
    expect(page.runs[0].fits.done).toBe(page.runs[0].fits.total);
    expect(answerQuery<'runs'>({ kind: 'runs', stores: [store], offset: 1, limit: 10 }).runs).toEqual([]);
  });

  it('describe a run with its models, baselines, ensembles and leaderboard', async () => {
    const { store, run } = await oneRun();
    const detail = answerQuery<'run'>({ kind: 'run', store, run });
    expect(answers.run.parse(detail)).toEqual(detail);
    expect(detail.tasks.map(({ id, type, primary }) => [id, type, primary])).toEqual([
      ['size', 'regression', 'r2'],
      ['kind', 'multiclass', 'logLoss'],
      ['flag', 'binary', 'auc'],
    ]);
    expect(detail.models.every(({ status }) => status === 'completed')).toBe(true);
    expect(detail.models.filter(({ role }) => role === 'model').map(({ name }) => name)).toEqual([
      'linear',
      'forest',
    ]);
    expect(detail.leaderboard).not.toBeNull();
  });

  it('tell the story of a run: who began it, what each trial did, how it ended', async () => {
    const { store, run } = await oneRun();
    const log = answerQuery<'log'>({ kind: 'log', store, run, limit: 10_000 });
    expect(answers.log.parse(log)).toEqual(log);
    expect(log.entries[0]).toMatchObject({ kind: 'opened', workers: log.workers, resumed: false });
    expect(log.entries.at(-1)).toMatchObject({ kind: 'closed', outcome: 'completed' });
    expect(log.trials).toMatchObject({ running: 0, failed: 0, done: log.trials.total });
    const begun = log.entries.filter(({ kind }) => kind === 'begun');
    expect(begun.length).toBe(log.entries.filter(({ kind }) => kind === 'ended').length);
    expect(log.entries.map(({ time }) => time)).toEqual(log.entries.map(({ time }) => time).toSorted());
    const text = logText(log);
    expect(text).toContain(`Run ${run} of mixed: completed`);
    expect(text.match(/\[info\] .*: completed after \d+\.\d s, /g)).toHaveLength(begun.length);
    const last = answerQuery<'log'>({ kind: 'log', store, run, limit: 2 });
    expect(last).toMatchObject({ entries: log.entries.slice(-2), total: log.total });
    expect(logText(last)).toContain(`2 of ${log.total} lines, the last ones`);
  });

  it('give the λ path that the selection saw, λ descending', async () => {
    const { store, run } = await oneRun();
    const { paths } = answerQuery<'path'>({ kind: 'path', store, run, model: 'linear' });
    expect(answers.path.parse({ paths })).toEqual({ paths });
    expect(paths.map(({ scope }) => scope)).toEqual(['joint', 'single-task']);
    const [joint, twin] = paths;
    expect(joint.folds).toEqual({ done: 3, total: 3 });
    expect(joint.points.map(({ lambda }) => lambda)).toEqual([1, 0.3, 0.1]);
    const means = joint.points.map(({ mean }) => mean ?? Number.NaN);
    expect(joint.best).toBe(means.indexOf(Math.max(...means)));
    expect(joint.points[2].tasks[0]).toMatchObject({ task: 'size', metric: 'r2' });
    const { features = [], lambdas, strengths = [], total } = joint.coefficients ?? {};
    expect(total).toBeGreaterThanOrEqual(features.length);
    expect(lambdas).toEqual([1, 0.3, 0.1]);
    // What the table was made from, most of all; a feature that is used is used more where λ is smaller.
    expect(features[0]).toBe('a');
    expect(strengths.every(([most, , least]) => least >= most)).toBe(true);
    expect(strengths[0][2]).toBeGreaterThan(0);
    expect(twin.coefficients).toBeUndefined();
    expect(twin.chosenByTask?.length).toBe(3);
  });

  it('give curves by model, scope and configuration', async () => {
    const { store, run } = await oneRun();
    const all = answerQuery<'curves'>({
      kind: 'curves',
      store,
      run,
      model: 'linear',
      scope: 'joint',
      maxPoints: 0,
    });
    expect(answers.curves.parse(all)).toEqual(all);
    const objective = all.curves.filter(({ quantity, fold }) => quantity === 'objective' && fold === 0);
    expect(objective.map(({ configuration, lambda }) => [configuration, lambda])).toEqual([
      [0, 1],
      [1, 0.3],
      [2, 0.1],
    ]);
    const one = answerQuery<'curves'>({
      kind: 'curves',
      store,
      run,
      model: 'linear',
      configuration: 1,
      maxPoints: 0,
    });
    expect(new Set(one.curves.map(({ configuration }) => configuration))).toEqual(new Set([1]));
    const losses = all.curves.filter(({ quantity, fold }) => quantity === 'taskLoss' && fold === 0);
    expect(new Set(losses.map(({ task }) => task))).toEqual(new Set(['size', 'kind', 'flag']));
  });

  it('are answered the same from an index that was built anew', async () => {
    const { store, run } = await oneRun();
    const ask = () => [
      listRuns(store),
      answerQuery<'run'>({ kind: 'run', store, run }),
      answerQuery<'curves'>({ kind: 'curves', store, run, maxPoints: 50 }),
      answerQuery<'path'>({ kind: 'path', store, run, model: 'linear' }),
    ];
    const before = ask();
    reindex(store);
    expect(ask()).toEqual(before);
  });

  it('measure skill on a fold of a repeat against the mean/majority predictor of that very fold', async () => {
    const path = writeExperiment(built());
    writeFileSync(path, readFileSync(path, 'utf8').replace('folds: 3', 'folds: { count: 3, repeats: 3 }'));
    const { store, run, leaderboard } = await startRun({
      experimentPath: path,
      workers: 2,
      workerPath: built().worker,
    });
    expect(leaderboard).not.toBeNull();
    const folder = RunStore.open(store).run(run);
    const select = folder
      .plans()[0]
      .trials.find(
        (spec) => spec.kind === 'select' && spec.key.model === 'linear' && spec.key.scope === 'joint',
      );
    const chosen = resultOf(upstream(folder, select?.id ?? ''), selectionResult);
    const [joint] = answerQuery<'path'>({ kind: 'path', store, run, model: 'linear' }).paths;
    expect(joint.folds).toEqual({ done: 9, total: 9 });
    for (const { configuration, mean, standardError } of chosen.path) {
      const point = joint.points.find((one) => one.configuration === configuration);
      expect(point?.mean).toBeCloseTo(mean ?? Number.NaN, 12);
      expect(point?.standardError).toBeCloseTo(standardError ?? Number.NaN, 12);
    }
  });

  it('show the folds of the run itself, not those of the loop within an outer loop', async () => {
    const path = writeExperiment(built());
    const text = readFileSync(path, 'utf8').replace('folds: 3', 'folds: { count: 3, outer: 2 }');
    const boosted = 'boosted: { kind: boosting, rounds: 5, early_stopping: false, lambda: 1 }';
    writeFileSync(path, text.replace(/ {2}forest: .*/, `  ${boosted}`));
    const { store, run } = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    for (const model of ['linear', 'boosted']) {
      const [joint] = answerQuery<'path'>({ kind: 'path', store, run, model }).paths;
      expect(joint.folds).toEqual({ done: 3, total: 3 });
    }
    const { curves } = answerQuery<'curves'>({
      kind: 'curves',
      store,
      run,
      model: 'boosted',
      scope: 'joint',
      quantities: ['objective'],
      maxPoints: 10,
    });
    // The folds, and the refit on all training rows.
    expect(curves.map(({ fold }) => fold).toSorted()).toEqual([0, 1, 2, null]);
  });

  it('about a run that does not exist say so', async () => {
    const { store } = await oneRun();
    expect(() => answerQuery<'run'>({ kind: 'run', store, run: '20200101-000000-000000' })).toThrow(/no run/);
    expect(() => answerQuery<'run'>({ kind: 'run', store, run: '../../etc' })).toThrow();
  });
});

describe('the query worker', () => {
  it('answers in turn, tells what changes without being asked, and ends with its channel', async () => {
    const path = writeExperiment(built());
    const first = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    const child = fork(built().query, [], { execArgv: [] });
    const replies: QueryReply[] = [];
    child.on('message', (message) => replies.push(queryReply.parse(message)));
    const reply = async (wanted: (one: QueryReply) => boolean): Promise<QueryReply> => {
      for (;;) {
        const found = replies.find(wanted);
        if (found) return found;
        await new Promise((resolve) => child.once('message', resolve));
      }
    };
    child.send({ id: 1, query: { kind: 'runs', stores: [first.store], offset: 0, limit: 5 } });
    child.send({ id: 2, query: { kind: 'run', store: first.store, run: '../..' } });
    expect(await reply((one) => one.kind === 'answer' && one.id === 1)).toMatchObject({
      answer: { total: 1 },
    });
    expect(await reply((one) => one.kind === 'error' && one.id === 2)).toMatchObject({ kind: 'error' });

    const second = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    await reply(
      (one) => one.kind === 'changed' && one.store === first.store && one.runs.includes(second.run),
    );

    const store = RunStore.open(first.store);
    const line = [first.run, second.run];
    for (const run of line) CoordinatorLock.acquire(store.root, store.run(run).lock(), '');
    replies.length = 0;
    new Queue(store).append(...line.map((run) => ({ kind: 'waits' as const, run })));
    await reply((one) => one.kind === 'changed' && line.every((run) => one.runs.includes(run)));
    replies.length = 0;
    new Queue(store).append({ kind: 'moves', run: second.run, before: first.run });
    await reply((one) => one.kind === 'changed' && line.every((run) => one.runs.includes(run)));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    expect(await ended).toBe(0);
  });
});
