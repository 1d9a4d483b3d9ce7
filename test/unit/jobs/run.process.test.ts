import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Leaderboard } from '../../../src/core/evaluate/leaderboard';
import {
  answerQuery,
  JobError,
  type Progress,
  requestCancel,
  requestContinue,
  requestPause,
  resumeRun,
  startRun,
} from '../../../src/jobs';
import {
  type RunFolder,
  RunStore,
  readAttempts,
  readModel,
  StepFile,
  storeFor,
  type TrialEvent,
} from '../../../src/store';
import { bundles, holdFirst, withoutTimes, writeExperiment } from './experiments';

const built = bundles();

function start(experimentPath: string, options: Partial<Parameters<typeof startRun>[0]> = {}) {
  // Runs of one experiment are compared here: each does its own work.
  return startRun({ experimentPath, workers: 2, workerPath: built().worker, reuse: false, ...options });
}

let undisturbed: { path: string; leaderboard: Leaderboard } | undefined;

/** The leaderboard of an undisturbed run on one worker, and the experiment of it. */
async function reference(): Promise<{ path: string; leaderboard: Leaderboard }> {
  if (undisturbed) return undisturbed;
  const path = writeExperiment(built(), { trees: 60 });
  const { leaderboard } = await start(path, { workers: 1 });
  if (!leaderboard) throw new Error('The undisturbed run has no leaderboard.');
  undisturbed = { path, leaderboard };
  return undisturbed;
}

describe('a run', () => {
  it('goes from a file to a leaderboard with baselines, models and ensembles, and keeps the models', async () => {
    const path = writeExperiment(built());
    const phases = new Set<Progress['phase']>();
    let announced = '';
    const outcome = await start(path, {
      onProgress: ({ phase }) => phases.add(phase),
      onRun: ({ run }) => {
        announced = run;
      },
    });
    expect(outcome).toMatchObject({
      status: 'completed',
      run: announced,
      failures: [],
      store: storeFor(path),
    });
    expect([...phases]).toEqual(['preparing', 'running']);
    const names = outcome.leaderboard?.rows.map(({ name }) => name).sort();
    expect(names).toEqual([
      'average',
      'average (single-task)',
      'forest',
      'forest (single-task)',
      'linear',
      'linear (single-task)',
      'mean/majority',
      'weighted',
      'weighted (single-task)',
    ]);
    const linear = outcome.leaderboard?.rows.find(({ name }) => name === 'linear');
    expect(linear?.scores.size.r2).toBeGreaterThan(0.9);
    expect(linear?.cpuSeconds).toBeGreaterThan(0);

    const folder = RunStore.open(outcome.store).run(outcome.run);
    const twin = folder
      .plans()[0]
      .trials.find((one) => one.kind === 'refit' && one.key.scope === 'single-task');
    const bundle = readModel(folder.store.root, folder.relative('models', `${twin?.id}.0`));
    expect(bundle.parts.map(({ tasks }) => tasks)).toEqual([['size'], ['kind'], ['flag']]);
  });

  it('gives the same numbers on two workers as on one, to the last digit', async () => {
    const { path, leaderboard } = await reference();
    const two = await start(path, { workers: 2 });
    expect(withoutTimes(two.leaderboard)).toEqual(withoutTimes(leaderboard));
  });

  it('survives a worker that is killed, with the same numbers', async () => {
    const { path, leaderboard } = await reference();
    const held = holdFirst('refit');
    let killed = 0;
    const outcome = await start(path, {
      onProgress: () => {
        if (killed > 0 || held.pid() === 0) return;
        killed = held.pid();
        process.kill(killed, 'SIGKILL');
        held.release();
      },
    });
    expect(killed).toBeGreaterThan(0);
    expect(outcome.failures).toEqual([]);
    expect(withoutTimes(outcome.leaderboard)).toEqual(withoutTimes(leaderboard));
    expect(eventsOf(outcome.folder).map(({ kind }) => kind)).toContain('lost');
  });

  it('goes on after its coordinator was killed, redoes nothing, and ends with the same numbers', async () => {
    const { path, leaderboard } = await reference();
    const before = new Set(RunStore.open(storeFor(path)).runs());
    const held = holdFirst('refit');
    await coordinatorKilledAfter(8, path);
    held.release();
    const store = RunStore.open(storeFor(path));
    const run = store.run(store.runs().find((one) => !before.has(one)) ?? '');
    const [summary] = answerQuery<'runs'>({ kind: 'runs', stores: [store.root], offset: 0, limit: 1 }).runs;
    expect(summary).toMatchObject({ run: run.run, status: 'interrupted' });
    const done = completed(run);
    expect(done.length).toBeGreaterThanOrEqual(8);

    // The file may say anything by now: a run goes on from its own snapshot.
    writeFileSync(path, `${readFileSync(path, 'utf8')}# edited\n`);
    const outcome = await resumeRun({
      store: store.root,
      run: run.run,
      workers: 2,
      workerPath: built().worker,
    });
    expect(outcome.status).toBe('completed');
    expect(withoutTimes(outcome.leaderboard)).toEqual(withoutTimes(leaderboard));
    for (const trial of done)
      expect(readAttempts(run, trial).filter(({ end }) => end?.outcome === 'completed').length).toBe(1);
    await expect(resumeRun({ store: store.root, run: run.run, workerPath: built().worker })).rejects.toThrow(
      /is complete/,
    );
  });

  it('goes on after the folder of the experiment and its store was moved', async () => {
    const path = writeExperiment(built());
    const stop = new AbortController();
    const { run, status } = await start(path, { signal: stop.signal, onRun: () => stop.abort() });
    expect(status).toBe('cancelled');
    const moved = `${dirname(path)}-moved`;
    renameSync(dirname(path), moved);
    const store = join(moved, '.taskweave');
    const outcome = await resumeRun({ store, run, workers: 2, workerPath: built().worker });
    expect(outcome.status).toBe('completed');
    expect((await answerQuery({ kind: 'run', store, run })).summary.experiment).toBe(
      join(moved, 'mixed.mtl.yaml'),
    );
  });

  it('refits a learner that stops early for the median of its folds, with nothing held out', async () => {
    const path = writeExperiment(built(), { rows: 400 });
    const text = readFileSync(path, 'utf8').replace(/models:[\s\S]*$/, '');
    writeFileSync(
      path,
      `${text}models:\n  boosted: { kind: boosting, rounds: 60, early_stopping: true, lambda: 1 }\n`,
    );
    const { store, run: id, status } = await start(path);
    expect(status).toBe('completed');
    const run = RunStore.open(store).run(id);
    const joint = run
      .trials()
      .map((trial) => ({ spec: run.spec(trial), events: readAttempts(run, trial).at(-1)?.events ?? [] }))
      .filter(({ spec }) => 'key' in spec && spec.key.model === 'boosted' && spec.key.scope === 'joint');
    const iterations = (kind: 'fit' | 'refit') =>
      joint
        .filter(({ spec }) => spec.kind === kind)
        .flatMap(({ events }) =>
          events.flatMap((event) => (event.kind === 'fitted' ? [event.convergence.iterations] : [])),
        )
        .sort((a, b) => a - b);
    const onFolds = iterations('fit');
    expect(onFolds).toHaveLength(3);
    expect(iterations('refit')).toEqual([onFolds[1]]);
    const [refit] = joint.filter(({ spec }) => spec.kind === 'refit');
    const [attempt] = run.attempts(refit.spec.id);
    const steps = new StepFile(run.attemptSteps(refit.spec.id, attempt));
    steps.refresh();
    const quantities = [...steps.groups().values()].flatMap(({ columns }) =>
      columns.map((one) => one.quantity),
    );
    expect(quantities).toContain('taskLoss');
    expect(quantities).not.toContain('validationLoss');
  });

  it('stops when it is cancelled from another process, keeps what is done, and can be resumed', async () => {
    const { path, leaderboard } = await reference();
    holdFirst('refit');
    let at: { store: string; run: string } | undefined;
    const outcome = await start(path, {
      onRun: (run) => {
        at = run;
      },
      onProgress: ({ trials }) => {
        if (at && trials.done >= 4) requestCancel(at.store, at.run);
      },
    });
    expect(outcome).toMatchObject({ status: 'cancelled', leaderboard: null });
    const run = RunStore.open(outcome.store).run(outcome.run);
    expect(completed(run).length).toBeLessThan(run.plans()[0].trials.length);
    // The trial that was held was cancelled with its run: another attempt at it is not.
    const resumed = await resumeRun({ store: outcome.store, run: outcome.run, workerPath: built().worker });
    expect(withoutTimes(resumed.leaderboard)).toEqual(withoutTimes(leaderboard));
  });

  it('starts nothing new while it is paused', async () => {
    const path = writeExperiment(built());
    const held = holdFirst('fit');
    let at: { store: string; run: string } | undefined;
    const phases: Progress['phase'][] = [];
    let idle = 0;
    const outcome = await start(path, {
      onRun: (run) => {
        at = run;
        requestPause(run.store, run.run);
      },
      onProgress: ({ phase, running }) => {
        phases.push(phase);
        if (phase === 'paused') held.release();
        if (phase === 'paused' && running.length === 0) idle++;
        if (at && idle === 3) requestContinue(at.store, at.run);
      },
    });
    expect(phases).toContain('paused');
    expect(outcome.status).toBe('completed');
  });

  it('refuses to go on with other data, and says so', async () => {
    const path = writeExperiment(built());
    const controller = new AbortController();
    holdFirst('refit');
    const outcome = await start(path, {
      signal: controller.signal,
      onProgress: ({ trials }) => {
        if (trials.done >= 3) controller.abort();
      },
    });
    expect(outcome.status).toBe('cancelled');
    appendFileSync(join(dirname(path), 'table.csv'), '1,1,1,red,1,low,yes\n');
    const resumed = resumeRun({ store: outcome.store, run: outcome.run, workerPath: built().worker });
    await expect(resumed).rejects.toMatchObject({ code: 'data-changed' });
    await expect(resumed).rejects.toThrow(/fingerprint/);
  });

  it('says every mistake of the experiment before it begins', async () => {
    const path = writeExperiment(built(), { extra: 'metric: [auc]\n' });
    const error = await start(path).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(JobError);
    expect(error).toMatchObject({ code: 'invalid-experiment' });
    expect((error as JobError).diagnostics.map(({ message }) => message).join()).toMatch(/metric/);
  });

  it('sweeps λ of one model on the grid asked for', async () => {
    const path = writeExperiment(built());
    const sweep = {
      model: 'linear',
      from: 1,
      to: 0.01,
      points: 3,
      folds: 4,
      rule: 'one-standard-error' as const,
    };
    const { leaderboard, store, run } = await start(path, { sweep });
    expect(leaderboard?.rows.map(({ name }) => name).sort()).toEqual([
      'linear',
      'linear (single-task)',
      'mean/majority',
    ]);
    const { paths } = answerQuery<'path'>({ kind: 'path', store, run, model: 'linear' });
    const joint = paths.find(({ scope }) => scope === 'joint');
    expect(joint?.folds).toEqual({ done: 4, total: 4 });
    [1, 0.1, 0.01].forEach((lambda, i) => {
      expect(joint?.points[i].lambda).toBeCloseTo(lambda, 12);
    });
    expect(joint?.chosen).toBe(joint?.oneStandardError);
  });
});

function completed(run: RunFolder): readonly string[] {
  return run
    .trials()
    .filter((trial) => readAttempts(run, trial).some(({ end }) => end?.outcome === 'completed'));
}

function eventsOf(folder: string): readonly TrialEvent[] {
  expect(readdirSync(folder)).toContain('events.jsonl');
  return readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Runs the experiment in a process of its own, which is killed once so many trials are done. */
function coordinatorKilledAfter(trials: number, experimentPath: string): Promise<void> {
  const script = `
    const { startRun } = require(${JSON.stringify(built().api)});
    startRun({
      experimentPath: ${JSON.stringify(experimentPath)},
      workers: 2,
      reuse: false,
      workerPath: ${JSON.stringify(built().worker)},
      onProgress: ({ trials }) => { if (trials.done >= ${trials}) process.kill(process.pid, 'SIGKILL'); },
    });`;
  return new Promise((resolve, reject) => {
    spawn(process.execPath, ['-e', script], { stdio: 'ignore' }).once('exit', (_, signal) => {
      if (signal === 'SIGKILL') resolve();
      else reject(new Error('The coordinator ended before it was killed.'));
    });
  });
}
