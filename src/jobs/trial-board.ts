import { fitsOf, type Plan, type TrialSpec } from '../core/experiment';
import {
  alikeOf,
  completedAttempt,
  estimateSecondsLeft,
  isTrainingKind,
  type RunFolder,
  readAttempts,
  type TimedTrial,
} from '../store';
import type { TrialFailure } from './contract';

type State = 'waiting' | 'running' | 'completed' | 'failed' | 'skipped';

export interface TrialEntry {
  readonly spec: TrialSpec;
  /** A trial that is completed, failed or skipped stays so. */
  state: State;
  /** Times its process was lost in this session. */
  losses: number;
  /** Number of the next attempt at it. */
  attempt: number;
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
  private readonly counts: Record<State, number> = {
    waiting: 0,
    running: 0,
    completed: 0,
    failed: 0,
    skipped: 0,
  };
  private readonly fitCounts = { done: 0, total: 0 };

  private constructor(entries: readonly Entry[]) {
    this.all = entries;
    this.entries = new Map(entries.map((entry) => [entry.spec.id, entry]));
    for (const entry of entries) entry.watch(entry.spec.after.map((trial) => this.get(trial)));
    for (const entry of entries) {
      if (entry.state === 'completed') this.remember(entry);
      this.fitCounts.total += entry.fits;
      this.tally(entry, entry.state, 1);
      entry.onState = (before) => {
        this.tally(entry, before, -1);
        this.tally(entry, entry.state, 1);
      };
    }
  }

  /** What the run's files say is completed is never done again, except a report that other work can still add to. */
  static of(run: RunFolder, plans: readonly Plan[]): TrialBoard {
    const specs = plans.flatMap(({ trials }) => trials);
    const begun = new Set(run.trials());
    const entries = specs.map((spec): Entry => {
      if (!begun.has(spec.id)) return new Entry(spec, 'waiting', 0, 0);
      const attempts = readAttempts(run, spec.id);
      const story = completedAttempt(run, attempts, spec.id);
      const next = (attempts.at(-1)?.attempt ?? -1) + 1;
      return new Entry(
        spec,
        story === undefined ? 'waiting' : 'completed',
        story?.end?.wallSeconds ?? 0,
        next,
      );
    });
    const isOpen = entries.some(({ state }) => state === 'waiting');
    const report = entries.findLast(({ spec }) => spec.kind === 'report');
    if (isOpen && report) report.state = 'waiting';
    return new TrialBoard(entries);
  }

  /** Takes in what was completed elsewhere of trials that have not begun here, as `of` would have. */
  readAgain(run: RunFolder): void {
    const begun = new Set(run.trials());
    for (const entry of this.all) {
      if (entry.state !== 'waiting' || !begun.has(entry.spec.id)) continue;
      if (entry.spec.kind === 'report' && this.counts.waiting > 1) continue;
      const attempts = readAttempts(run, entry.spec.id);
      const story = completedAttempt(run, attempts, entry.spec.id);
      if (story === undefined) continue;
      entry.attempt = (attempts.at(-1)?.attempt ?? -1) + 1;
      this.complete(entry, story.end?.wallSeconds ?? 0);
    }
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
    if (this.counts.failed === 0) return [];
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
    return this.counts[state];
  }

  get isSettled(): boolean {
    return this.counts.waiting === 0 && this.counts.running === 0;
  }

  get failures(): readonly TrialFailure[] {
    return this.all.flatMap(({ failure }) => failure ?? []);
  }

  fits(): { readonly done: number; readonly total: number } {
    return { ...this.fitCounts };
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

  private tally(entry: Entry, state: State, by: 1 | -1): void {
    this.counts[state] += by;
    if (state === 'completed') this.fitCounts.done += by * entry.fits;
  }

  private remember({ spec, seconds }: TrialEntry): void {
    const { seconds: before, trials } = this.taken.get(groupOf(spec)) ?? { seconds: 0, trials: 0 };
    this.taken.set(groupOf(spec), { seconds: before + seconds, trials: trials + 1 });
  }

  /** @param running seconds that running trials have taken so far, and how far they are */
  secondsLeft(
    running: ReadonlyMap<string, Pick<TimedTrial, 'seconds' | 'part'>>,
    workers: number,
  ): number | null {
    const timed: TimedTrial[] = [];
    for (const { spec, state, seconds, groups, fits } of this.entries.values()) {
      if (state === 'failed' || state === 'skipped') continue;
      timed.push({
        groups,
        weight: Math.max(1, fits),
        isTraining: isTrainingKind(spec.kind),
        state: state === 'completed' ? 'done' : state,
        ...(state === 'running' ? (running.get(spec.id) ?? { seconds: 0 }) : { seconds }),
      });
    }
    return estimateSecondsLeft(timed, workers);
  }
}

/** A trial that tells those that build on it when it is over: they are asked for thousands of times. */
class Entry implements TrialEntry {
  losses = 0;
  failure: TrialFailure | undefined;
  /** As the UI counts. */
  readonly fits: number;
  readonly groups: readonly string[];
  /** Called when its state was another. */
  onState: (before: State) => void = () => {};
  /** Trials that it reads and that are not over, and those that will never complete. */
  open = 0;
  broken = 0;
  private readonly readers: Entry[] = [];

  constructor(
    readonly spec: TrialSpec,
    private current: State,
    public seconds: number,
    public attempt: number,
  ) {
    this.fits = fitsOf(spec);
    this.groups =
      spec.kind === 'fit' || spec.kind === 'refit'
        ? alikeOf(spec.kind, spec.key.model, spec.key.scope)
        : [groupOf(spec)];
  }

  get state(): State {
    return this.current;
  }

  set state(next: State) {
    const before = this.current;
    const wasOver = isOver(before);
    this.current = next;
    this.onState(before);
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
