import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Plan, TrialSpec } from '../../../src/core/experiment/trial';
import { Coordinator } from '../../../src/jobs/coordinator';
import type { Executor, Handle, Packet, PacketStatus } from '../../../src/jobs/executors/executor';
import { CoordinatorLock, EventWriter, type RunFolder } from '../../../src/store';
import { FIT, PLAN, record, temporaryStore } from '../store/temporary';

const fitOf = (id: string, model: string): TrialSpec =>
  ({ ...FIT, id, key: { model, scope: 'joint' }, label: `${model} fit` }) as TrialSpec;
const selectOf = (id: string, of: string, model: string): TrialSpec => ({
  id,
  kind: 'select',
  after: [of],
  label: `${model} selection`,
  key: { model, scope: 'joint' },
  fits: [of],
  rule: 'best',
  per: 'model',
});

/** Two models of a fit and a selection each, and a report. */
const trials: TrialSpec[] = [
  fitOf('aaaaaa10', 'one'),
  selectOf('aaaaaa11', 'aaaaaa10', 'one'),
  fitOf('aaaaaa20', 'two'),
  selectOf('aaaaaa21', 'aaaaaa20', 'two'),
  {
    id: 'aaaaaa30',
    kind: 'report',
    after: ['aaaaaa10', 'aaaaaa11', 'aaaaaa20', 'aaaaaa21'],
    label: 'report',
    models: [],
    ensembles: [],
    seed: 1,
  },
];
const plan: Plan = { ...PLAN, trials };

/** What becomes of an attempt; `unstarted`: its process ends before it has begun. */
type Fate = 'completed' | 'failed' | 'killed' | 'out-of-memory' | 'unstarted';

/** Writes the files a worker would, at once, as a script of fates says; after its end a trial completes. */
class ScriptedExecutor implements Executor {
  readonly slots = 2;
  readonly done: string[] = [];
  private readonly statuses = new Map<string, PacketStatus>();
  private listener: () => void = () => {};

  constructor(
    private readonly run: RunFolder,
    private readonly fates: Readonly<Record<string, readonly Fate[]>>,
  ) {}

  async submit(packets: readonly Packet[]): Promise<readonly Handle[]> {
    for (const packet of packets) this.statuses.set(String(packet.id), this.work(packet));
    setImmediate(() => this.listener());
    return packets.map(({ id }) => ({ engine: 'local', id: String(id), packet: id }));
  }

  private work({ items }: Packet): PacketStatus {
    for (const { trial, attempt } of items) {
      const fate = this.fates[trial]?.[attempt] ?? 'completed';
      this.done.push(`${trial}.${attempt} ${fate}`);
      if (fate === 'unstarted') return { phase: 'ended', outcome: 'infra', reason: 'gone' };
      this.run.beginTrial(trial);
      const writer = EventWriter.exclusive(this.run.attemptEvents(trial, attempt));
      writer.append({ kind: 'start', pid: 1, host: 'here' });
      if (trial === 'aaaaaa30')
        writer.append({ kind: 'result', result: { split: 'test', tasks: [], rows: [] } });
      if (fate === 'completed' || fate === 'failed') {
        const error = { code: 'bad-luck', message: 'It could not be done.' };
        writer.append({
          kind: 'end',
          outcome: fate,
          cpuSeconds: 1,
          wallSeconds: 1,
          ...(fate === 'failed' && { error }),
        });
      }
      writer.close();
      if (fate === 'killed') return { phase: 'ended', outcome: 'infra', reason: 'gone' };
      if (fate === 'out-of-memory') return { phase: 'ended', outcome: 'out-of-memory', reason: 'no memory' };
    }
    return { phase: 'ended', outcome: 'ok' };
  }

  async poll(): Promise<ReadonlyMap<string, PacketStatus>> {
    return this.statuses;
  }

  async cancel(): Promise<void> {}

  async logs(): Promise<{ data: Uint8Array; next: number }> {
    return { data: new Uint8Array(0), next: 0 };
  }

  async reattach(): Promise<readonly Handle[]> {
    return [];
  }

  onChange(listener: () => void): void {
    this.listener = listener;
  }

  rest(): void {}

  async close(): Promise<void> {}
}

function planned(): RunFolder {
  const run = temporaryStore().createRun(record());
  run.writePlan(0, plan);
  return run;
}

async function coordinate(
  fates: Readonly<Record<string, readonly Fate[]>>,
  run = planned(),
  resumed = false,
) {
  const executor = new ScriptedExecutor(run, fates);
  const outcome = await Coordinator.run({ run, resumed, executor, onProgress: () => {}, signal: undefined });
  return { outcome, executor, run, events: kindsOf(run) };
}

function kindsOf(run: RunFolder): readonly string[] {
  const lines = readFileSync(run.events(), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line).kind);
}

describe('the coordinator', () => {
  it('does every trial once, after those it reads, and closes the run', async () => {
    const { outcome, executor, events } = await coordinate({});
    expect(outcome).toMatchObject({ status: 'completed', failures: [] });
    expect(executor.done.length).toBe(trials.length);
    for (const { id, after } of trials) {
      const at = (trial: string) => executor.done.indexOf(`${trial}.0 completed`);
      for (const before of after) expect(at(before)).toBeLessThan(at(id));
    }
    expect(events).toEqual(['opened', 'planned', 'closed']);
  });

  it('tries a trial again whose process was killed, as a new attempt, at most twice', async () => {
    const twice = await coordinate({ aaaaaa10: ['killed', 'killed'] });
    expect(twice.outcome).toMatchObject({ status: 'completed', failures: [] });
    expect(twice.executor.done.filter((one) => one.startsWith('aaaaaa10'))).toEqual([
      'aaaaaa10.0 killed',
      'aaaaaa10.1 killed',
      'aaaaaa10.2 completed',
    ]);
    const thrice = await coordinate({ aaaaaa10: ['killed', 'killed', 'killed'] });
    expect(thrice.outcome.failures).toMatchObject([{ trial: 'aaaaaa10', code: 'worker-killed' }]);
  });

  it('does not try again what ran out of memory or failed by itself', async () => {
    for (const [fate, code] of [
      ['out-of-memory', 'out-of-memory'],
      ['failed', 'bad-luck'],
    ] as const) {
      const { outcome, executor } = await coordinate({ aaaaaa20: [fate] });
      expect(outcome.failures).toMatchObject([{ trial: 'aaaaaa20', code }]);
      expect(executor.done.filter((one) => one.startsWith('aaaaaa20')).length).toBe(1);
    }
  });

  it('goes on without what builds on a failure, reports on the rest, and says so', async () => {
    const { outcome, executor, events } = await coordinate({ aaaaaa10: ['failed'] });
    expect(outcome.status).toBe('completed');
    expect(outcome.message).toMatch(
      /1 trial failed, and 1 that build on them did not run.*could not be done/,
    );
    expect(executor.done).not.toContain('aaaaaa11.0 completed');
    expect(executor.done).toContain('aaaaaa21.0 completed');
    expect(executor.done).toContain('aaaaaa30.0 completed');
    expect(events).toContain('skipped');
  });

  it('fails where there is no report, and on resume does only what is not done, the report again', async () => {
    const first = await coordinate({ aaaaaa10: ['failed'], aaaaaa30: ['failed'] });
    expect(first.outcome).toMatchObject({ status: 'failed', leaderboard: null });
    const second = await coordinate({}, first.run, true);
    expect(second.outcome.status).toBe('completed');
    expect([...second.executor.done].sort()).toEqual([
      'aaaaaa10.1 completed',
      'aaaaaa11.0 completed',
      'aaaaaa30.1 completed',
    ]);
  });

  it('gives up when processes end before they begin, and leaves the run to be resumed', async () => {
    const run = planned();
    const unstarted = new Array<Fate>(10).fill('unstarted');
    await expect(coordinate({ aaaaaa10: unstarted, aaaaaa20: unstarted }, run)).rejects.toMatchObject({
      code: 'worker-failed',
    });
    expect(kindsOf(run)).not.toContain('closed');
    const { outcome } = await coordinate({}, run, true);
    expect(outcome.status).toBe('completed');
  });

  it('leaves a run alone that another coordinator is at work on', async () => {
    const run = planned();
    const lock = CoordinatorLock.acquire(run.store.root, run.lock(), '');
    await expect(coordinate({}, run)).rejects.toMatchObject({ code: 'already-running' });
    lock.release();
  });
});
