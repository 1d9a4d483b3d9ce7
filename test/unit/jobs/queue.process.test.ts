import { describe, expect, it } from 'vitest';
import { answerQuery, listRuns, requestCancel, startRun } from '../../../src/jobs';
import { bundles, holdFirst, writeExperiment } from './experiments';

const built = bundles();

describe('runs in line', () => {
  it('begin one after another, in the order they were started; one that waits can be cancelled', async () => {
    const hold = holdFirst('fit');
    const experimentPath = writeExperiment(built());
    const begun: { readonly run: string; readonly store: string }[] = [];
    const start = async () => {
      const count = begun.length;
      const outcome = startRun({
        experimentPath,
        workers: 1,
        workerPath: built().worker,
        reuse: false,
        queue: true,
        onRun: (run) => begun.push(run),
      });
      await expect.poll(() => begun.length, { timeout: 60_000 }).toBe(count + 1);
      // Ids are in order from one second to the next.
      await new Promise((later) => setTimeout(later, 1100));
      return { ...begun[count], outcome };
    };
    const first = await start();
    await expect.poll(() => hold.pid(), { timeout: 60_000 }).toBeGreaterThan(0);
    const second = await start();
    const third = await start();
    const statusOf = (run: string) => listRuns(first.store).find((one) => one.run === run)?.status;
    expect([first, second, third].map(({ run }) => statusOf(run))).toEqual(['running', 'queued', 'queued']);
    requestCancel(third.store, third.run);
    expect((await third.outcome).status).toBe('cancelled');
    expect(statusOf(second.run)).toBe('queued');
    hold.release();
    expect((await first.outcome).status).toBe('completed');
    expect((await second.outcome).status).toBe('completed');
    const timesOf = (run: string, kind: string) =>
      answerQuery<'log'>({ kind: 'log', store: first.store, run, limit: 1000 }).entries.flatMap((entry) =>
        entry.kind === kind ? [entry.time] : [],
      );
    expect(timesOf(second.run, 'opened')[0] >= timesOf(first.run, 'closed')[0]).toBe(true);
    expect(timesOf(third.run, 'begun')).toEqual([]);
  });
});
