import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  answerQuery,
  listRuns,
  moveInQueue,
  type RunOutcome,
  requestCancel,
  requestContinue,
  requestPause,
  resumeRun,
  startRun,
} from '../../../src/jobs';
import { bundles, holdFirst, withoutTimes, writeExperiment } from './experiments';

const built = bundles();
const isLinux = process.platform === 'linux';

interface Begun {
  readonly run: string;
  readonly store: string;
  readonly outcome: Promise<RunOutcome>;
}

/** A queued run of an experiment, once it has its folder. */
function queued(experimentPath: string, reuse = false): Promise<Begun> {
  return new Promise((resolve, reject) => {
    const outcome = startRun({
      experimentPath,
      workers: 1,
      workerPath: built().worker,
      reuse,
      queue: true,
      onRun: ({ run, store }) => resolve({ run, store, outcome }),
    });
    outcome.catch(reject);
  });
}

/** The same by a coordinator in a process of its own, which is killed after the test. */
async function queuedElsewhere(experimentPath: string) {
  const script = `
    const { startRun } = require(${JSON.stringify(built().api)});
    startRun({
      experimentPath: ${JSON.stringify(experimentPath)},
      workers: 1,
      reuse: false,
      queue: true,
      workerPath: ${JSON.stringify(built().worker)},
      onRun: ({ run, store }) => console.log(JSON.stringify({ run, store })),
    }).then(() => process.exit(0));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = await once(child.stdout, 'data');
  return { ...(JSON.parse(String(said)) as { run: string; store: string }), child };
}

const statusOf = (store: string, run: string) => listRuns(store).find((one) => one.run === run)?.status;

function becomes(status: string, { store, run }: { store: string; run: string }): Promise<void> {
  return expect.poll(() => statusOf(store, run), { timeout: 60_000 }).toBe(status);
}

function entriesOf({ store, run }: { store: string; run: string }) {
  return answerQuery<'log'>({ kind: 'log', store, run, limit: 1000 }).entries;
}

const timesOf = (of: { store: string; run: string }, kind: string) =>
  entriesOf(of).flatMap((entry) => (entry.kind === kind ? [entry.time] : []));

/** Processes that a process has started and that live, on Linux. */
function childrenOf({ pid }: ChildProcess): readonly string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter((one) => one !== '');
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('runs in line', () => {
  it('work one after another, in the order they were started or moved to; one that waits can be cancelled', async () => {
    const hold = holdFirst('fit');
    const experimentPath = writeExperiment(built());
    const first = await queued(experimentPath);
    await expect.poll(() => hold.pid(), { timeout: 60_000 }).toBeGreaterThan(0);
    const second = await queued(experimentPath);
    const third = await queued(experimentPath);
    const last = await queued(experimentPath);
    await becomes('queued', last);
    expect([first, second, third].map(({ store, run }) => statusOf(store, run))).toEqual([
      'running',
      'queued',
      'queued',
    ]);
    const { queue } = listRuns(first.store).find(({ run }) => run === last.run) ?? {};
    expect(queue).toMatchObject({ place: 3, after: [{ name: 'mixed' }] });
    expect(moveInQueue(first.store, last.run, 'first')).toEqual([last.run, second.run, third.run]);
    requestCancel(third.store, third.run);
    expect((await third.outcome).status).toBe('cancelled');
    expect(statusOf(second.store, second.run)).toBe('queued');
    hold.release();
    const [board, ...others] = (await Promise.all([first.outcome, last.outcome, second.outcome])).map(
      ({ leaderboard }) => withoutTimes(leaderboard),
    );
    expect(board).not.toBeNull();
    for (const other of others) expect(other).toEqual(board);
    expect(timesOf(last, 'admitted')[0] >= timesOf(first, 'closed')[0]).toBe(true);
    expect(timesOf(second, 'admitted')[0] >= timesOf(last, 'closed')[0]).toBe(true);
    expect(timesOf(third, 'begun')).toEqual([]);
    // The time in line, which began before the first run was over, does not count.
    const { worked = 0, ended } = listRuns(last.store).find(({ run }) => run === last.run) ?? {};
    const [opened, closed] = [timesOf(last, 'opened')[0], ended ?? ''].map((time) => Date.parse(time));
    expect(worked).toBeGreaterThan(0);
    expect(worked).toBeLessThan((closed - opened) / 1000);
    expect(1000 * worked).toBeLessThan(
      closed -
        Date.parse(timesOf(first, 'closed')[0]) +
        (Date.parse(timesOf(last, 'queued')[0]) - opened) +
        100,
    );
  });

  it('take over what those before them have done of the same work meanwhile', async () => {
    const hold = holdFirst('fit');
    const experimentPath = writeExperiment(built());
    const first = await queued(experimentPath);
    await expect.poll(() => hold.pid(), { timeout: 60_000 }).toBeGreaterThan(0);
    const second = await queued(experimentPath, true);
    await becomes('queued', second);
    hold.release();
    const [before, after] = await Promise.all([first.outcome, second.outcome]);
    expect(after.status).toBe('completed');
    expect(withoutTimes(after.leaderboard)).toEqual(withoutTimes(before.leaderboard));
    const { trials } = listRuns(second.store).find(({ run }) => run === second.run) ?? {};
    const reused = entriesOf(second).flatMap((entry) => (entry.kind === 'reused' ? [entry.trials] : []));
    expect(reused.reduce((sum, count) => sum + count, 0)).toBe(trials?.total);
  });

  it('do not wait for a paused run, which waits for its turn when it is continued', async () => {
    const hold = holdFirst('fit');
    const experimentPath = writeExperiment(built());
    const first = await queued(experimentPath);
    await expect.poll(() => hold.pid(), { timeout: 60_000 }).toBeGreaterThan(0);
    const second = await queued(experimentPath);
    await becomes('queued', second);
    requestPause(first.store, first.run);
    await becomes('paused', first);
    // What is at hand goes on to its end.
    expect(statusOf(second.store, second.run)).toBe('queued');
    const next = holdFirst('refit');
    hold.release();
    await expect.poll(() => next.pid(), { timeout: 60_000 }).toBeGreaterThan(0);
    expect(statusOf(second.store, second.run)).toBe('running');
    requestContinue(first.store, first.run);
    await becomes('queued', first);
    next.release();
    expect((await second.outcome).status).toBe('completed');
    expect(withoutTimes((await first.outcome).leaderboard)).toEqual(
      withoutTimes((await second.outcome).leaderboard),
    );
    expect(timesOf(first, 'admitted')[0] >= timesOf(second, 'closed')[0]).toBe(true);
  });

  it('are not held up by one whose coordinator is killed, at work, paused or in line', async () => {
    const hold = holdFirst('fit');
    const experimentPath = writeExperiment(built());
    const first = await queuedElsewhere(experimentPath);
    await expect.poll(() => hold.pid(), { timeout: 60_000 }).toBeGreaterThan(0);
    const second = await queuedElsewhere(experimentPath);
    const third = await queuedElsewhere(experimentPath);
    const last = await queued(experimentPath);
    await becomes('queued', last);
    // It trains when its turn comes, and has no processes before.
    if (isLinux) await expect.poll(() => childrenOf(third.child), { timeout: 10_000 }).toEqual([]);
    await killed(second.child);
    expect(statusOf(last.store, last.run)).toBe('queued');
    requestPause(first.store, first.run);
    await becomes('paused', first);
    if (isLinux) expect(childrenOf(first.child)).toHaveLength(1);
    await killed(first.child);
    await becomes('running', third);
    await killed(third.child);
    hold.release();
    expect((await last.outcome).status).toBe('completed');
    expect(statusOf(second.store, second.run)).toBe('interrupted');
    const resumed = resumeRun({
      store: second.store,
      run: second.run,
      workers: 1,
      workerPath: built().worker,
    });
    expect(withoutTimes((await resumed).leaderboard)).toEqual(withoutTimes((await last.outcome).leaderboard));
  });
});
