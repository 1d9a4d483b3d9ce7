import type { Plan, TrialSpec } from '../core/experiment';
import { completedAttempt, estimateSecondsLeft, fitsOf, type RunFolder, readAttempts } from '../store';
import type { TrialFailure } from './contract';

type State = 'waiting' | 'running' | 'completed' | 'failed' | 'skipped';

export interface TrialEntry {
  readonly spec: TrialSpec;
  /** A trial that is completed, failed or skipped stays so. */
  state: State;
  /** Times its process was lost in this session. */
  losses: number;
  /** Of the attempt that completed. */
  seconds: number;
  failure: TrialFailure | undefined;
}

/** The trials of a run: what is done, what can be done now, what never will be. */
export class TrialBoard {
  /** In the order of the plans. */
  readonly all: readonly TrialEntry[];
  private readonly entries: ReadonlyMap<string, Entry>;

  /** By group: seconds that its completed trials took, and their number. */
  private readonly taken = new Map<string, { readonly seconds: number; readonly trials: number }>();

  private constructor(entries: readonly Entry[]) {
    this.all = entries;
    this.entries = new Map(entries.map((entry) => [entry.spec.id, entry]));
    for (const entry of entries) entry.watch(entry.spec.after.map((trial) => this.get(trial)));
    for (const entry of entries) if (entry.state === 'completed') this.remember(entry);
  }

  /** What the run's files say is completed is never done again, except a report that other work can still add to. */
  static of(run: RunFolder, plans: readonly Plan[]): TrialBoard {
    const specs = plans.flatMap(({ trials }) => trials);
    const entries = specs.map((spec): Entry => {
      const story = completedAttempt(run, readAttempts(run, spec.id), spec.id);
      return new Entry(spec, story === undefined ? 'waiting' : 'completed', story?.end?.wallSeconds ?? 0);
    });
    const isOpen = entries.some(({ state }) => state === 'waiting');
    const report = entries.findLast(({ spec }) => spec.kind === 'report');
    if (isOpen && report) report.state = 'waiting';
    return new TrialBoard(entries);
  }

  get(trial: string): Entry {
    const entry = this.entries.get(trial);
    if (entry === undefined) throw new RangeError(`Trial ${trial} is not of this plan.`);
    return entry;
  }

  /** Trials whose turn it is, in the order of the plan. A report takes what is there once all else is settled. */
  ready(): readonly TrialEntry[] {
    const ready: TrialEntry[] = [];
    for (const entry of this.entries.values()) {
      if (
        entry.state === 'waiting' &&
        entry.open === 0 &&
        (entry.broken === 0 || entry.spec.kind === 'report')
      )
        ready.push(entry);
    }
    return ready;
  }

  /** Settles trials that build on one that failed; gives them back. */
  skipUnreachable(): readonly TrialEntry[] {
    const skipped: TrialEntry[] = [];
    // A plan lists trials after those they read, so one pass reaches everything.
    for (const entry of this.entries.values()) {
      if (entry.state !== 'waiting' || entry.spec.kind === 'report' || entry.broken === 0) continue;
      entry.state = 'skipped';
      skipped.push(entry);
    }
    return skipped;
  }

  count(state: State): number {
    return this.all.filter((entry) => entry.state === state).length;
  }

  get isSettled(): boolean {
    return this.all.every(({ state }) => state !== 'waiting' && state !== 'running');
  }

  get failures(): readonly TrialFailure[] {
    return this.all.flatMap(({ failure }) => failure ?? []);
  }

  fits(): { readonly done: number; readonly total: number } {
    let done = 0;
    let total = 0;
    for (const { spec, state } of this.all) {
      total += fitsOf(spec);
      if (state === 'completed') done += fitsOf(spec);
    }
    return { done, total };
  }

  complete(entry: TrialEntry, seconds: number): void {
    entry.state = 'completed';
    entry.seconds = seconds;
    this.remember(entry);
  }

  /** Seconds that trials like this one took on average; undefined where none is done. */
  typicalSeconds(spec: TrialSpec): number | undefined {
    const taken = this.taken.get(groupOf(spec));
    return taken && taken.seconds / taken.trials;
  }

  private remember({ spec, seconds }: TrialEntry): void {
    const { seconds: before, trials } = this.taken.get(groupOf(spec)) ?? { seconds: 0, trials: 0 };
    this.taken.set(groupOf(spec), { seconds: before + seconds, trials: trials + 1 });
  }

  /** @param elapsed seconds that running trials have taken so far */
  secondsLeft(elapsed: ReadonlyMap<string, number>, workers: number): number | null {
    const timed = this.all
      .filter(({ state }) => state !== 'failed' && state !== 'skipped')
      .map(({ spec, state, seconds }) => ({
        group: groupOf(spec),
        weight: Math.max(1, fitsOf(spec)),
        state:
          state === 'completed'
            ? ('done' as const)
            : state === 'running'
              ? ('running' as const)
              : ('waiting' as const),
        seconds: state === 'running' ? (elapsed.get(spec.id) ?? 0) : seconds,
      }));
    return estimateSecondsLeft(timed, workers);
  }
}

/** A trial that tells those that build on it when it is over: they are asked for thousands of times. */
class Entry implements TrialEntry {
  losses = 0;
  failure: TrialFailure | undefined;
  /** Trials that it reads and that are not over, and those that will never complete. */
  open = 0;
  broken = 0;
  private readonly readers: Entry[] = [];

  constructor(
    readonly spec: TrialSpec,
    private current: State,
    public seconds: number,
  ) {}

  get state(): State {
    return this.current;
  }

  set state(next: State) {
    const wasOver = isOver(this.current);
    this.current = next;
    if (wasOver || !isOver(next)) return;
    for (const reader of this.readers) reader.hear(next);
  }

  watch(before: readonly Entry[]): void {
    for (const entry of before) {
      entry.readers.push(this);
      this.open++;
      if (isOver(entry.state)) this.hear(entry.state);
    }
  }

  private hear(state: State): void {
    this.open--;
    if (state !== 'completed') this.broken++;
  }
}

function isOver(state: State): boolean {
  return state !== 'waiting' && state !== 'running';
}

export function groupOf(spec: TrialSpec): string {
  if (spec.kind === 'chain') return `chain ${spec.name} ${spec.model}`;
  return 'key' in spec ? `${spec.kind} ${spec.key.model} ${spec.key.scope}` : spec.kind;
}
