/** A trial as far as its time is concerned. */
export interface TimedTrial {
  /** What it is alike to, its own kind of work first: trials of one group take alike for their weight. */
  readonly groups: readonly string[];
  /** Fits, or 1. */
  readonly weight: number;
  /** It trains a model: what trials of other models took says nothing of it. */
  readonly isTraining: boolean;
  readonly state: 'done' | 'running' | 'waiting';
  /** Done: what it took; running: what it took so far. */
  readonly seconds: number;
  /** Running: the part of its work that is done, 0 to 1; absent: not known. */
  readonly part?: number;
}

/** A trial says something of its own length, and of its like, once it has taken so many seconds and is known to be so far, */
const TELLING_SECONDS = 1;
/** or so many, where it is not known how far it is. */
const TELLING_BY_ITSELF_SECONDS = 5;
/** What goes on for longer than its like took goes on for this part of its time at least. */
const OVERTIME = 0.1;

/** Groups of a trial: its own, then fits of the same model, in its own scope first. */
export function alikeOf(kind: string, model: string, scope: string): readonly string[] {
  const scopes = new Set([scope, 'joint', 'single-task', 'pooled']);
  const fits = isTrainingKind(kind) ? [...scopes].map((one) => `fit ${model} ${one}`) : [];
  return [...new Set([`${kind} ${model} ${scope}`, ...fits])];
}

export function isTrainingKind(kind: string): boolean {
  return kind === 'fit' || kind === 'refit';
}

/**
 * Seconds until all trials are done, from what like trials took, or how far they are. Where neither is known of a training
 * that has gone on for a while, it is taken to be half done at best. Null while there is nothing to go by for some training
 * that is to be done: the seconds of a baseline that counts classes tell nothing of a net.
 */
export function estimateSecondsLeft(trials: readonly TimedTrial[], workers: number): number | null {
  const due = trials.filter(({ state }) => state !== 'done');
  if (due.length === 0) return 0;
  const rates = new Rates(trials);
  if (rates.isEmpty) return null;
  let left = 0;
  let longest = 0;
  for (const trial of due) {
    const each = rates.of(trial);
    if (each === undefined) return null;
    const expected = secondsOf(trial, each);
    left += expected;
    longest = Math.max(longest, expected);
  }
  return Math.max(longest, left / Math.max(1, workers));
}

/** That a trial will still take, where one of its fits takes `each` seconds. */
function secondsOf({ state, weight, seconds, part }: TimedTrial, each: number): number {
  const whole = each * weight;
  if (state === 'waiting') return whole;
  if (part !== undefined && part > 0) return whole * (1 - part);
  return Math.max(whole - seconds, OVERTIME * seconds);
}

/** Seconds of one fit of each group. */
class Rates {
  private readonly done = new Map<string, Sum>();
  private readonly running = new Map<string, Sum>();
  private readonly least = new Map<string, number>();
  private readonly all = newSum();

  constructor(trials: readonly TimedTrial[]) {
    for (const { groups, weight, state, seconds, part } of trials) {
      const [group] = groups;
      if (state === 'done') {
        add(this.done, group, seconds, weight);
        this.all.seconds += seconds;
        this.all.weight += weight;
      } else if (part !== undefined && part > 0) {
        if (seconds >= TELLING_SECONDS) add(this.running, group, seconds, weight * part);
      } else if (state === 'running' && seconds >= TELLING_BY_ITSELF_SECONDS) {
        this.least.set(group, Math.max(this.least.get(group) ?? 0, (2 * seconds) / weight));
      }
    }
  }

  get isEmpty(): boolean {
    return this.all.weight === 0 && this.running.size === 0 && this.least.size === 0;
  }

  /** Undefined: there is nothing to go by. */
  of({ groups, isTraining }: TimedTrial): number | undefined {
    for (const group of groups) {
      const sum = this.done.get(group) ?? this.running.get(group);
      if (sum) return sum.seconds / sum.weight;
    }
    const mean = this.all.weight > 0 ? this.all.seconds / this.all.weight : 0;
    for (const group of groups) {
      const least = this.least.get(group);
      if (least !== undefined) return Math.max(mean, least);
    }
    return isTraining ? undefined : mean;
  }
}

interface Sum {
  seconds: number;
  weight: number;
}

function newSum(): Sum {
  return { seconds: 0, weight: 0 };
}

function add(sums: Map<string, Sum>, group: string, seconds: number, weight: number): void {
  const sum = sums.get(group) ?? newSum();
  sum.seconds += seconds;
  sum.weight += weight;
  sums.set(group, sum);
}
