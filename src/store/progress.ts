/** A trial as far as its time is concerned. */
export interface TimedTrial {
  /** Trials of one group take alike: one model, one kind of work. */
  readonly group: string;
  /** Fits, or 1. */
  readonly weight: number;
  readonly state: 'done' | 'running' | 'waiting';
  /** Done: what it took; running: what it took so far. */
  readonly seconds: number;
}

/** A trial whose like nobody has seen says something of its own length once it has taken so many seconds. */
const TELLING_SECONDS = 5;

/**
 * Seconds until all trials are done, from what like trials took; of groups nobody has seen yet, from what all took, and
 * those at work are taken to be half done at best. Null while nothing is done, and while nothing that is done or has been at
 * work for a while is like anything that is to be done: the seconds of a baseline that counts classes tell nothing of a net.
 */
export function estimateSecondsLeft(trials: readonly TimedTrial[], workers: number): number | null {
  const rates = new Map<string, { seconds: number; weight: number }>();
  const all = { seconds: 0, weight: 0 };
  for (const { group, weight, state, seconds } of trials) {
    if (state !== 'done') continue;
    const rate = rates.get(group) ?? { seconds: 0, weight: 0 };
    rate.seconds += seconds;
    rate.weight += weight;
    rates.set(group, rate);
    all.seconds += seconds;
    all.weight += weight;
  }
  if (all.weight === 0) return null;
  const due = trials.filter(({ state }) => state !== 'done');
  const leastOfUnseen = new Map<string, number>();
  for (const { group, weight, state, seconds } of due) {
    if (state !== 'running' || rates.has(group)) continue;
    leastOfUnseen.set(group, Math.max(leastOfUnseen.get(group) ?? 0, (2 * seconds) / weight));
  }
  const isTelling = ({ group, state, seconds }: TimedTrial) =>
    rates.has(group) || (state === 'running' && seconds >= TELLING_SECONDS);
  if (due.length > 0 && !due.some(isTelling)) return null;
  let left = 0;
  let longest = 0;
  for (const { group, weight, state, seconds } of due) {
    const rate = rates.get(group);
    const each = rate
      ? rate.seconds / rate.weight
      : Math.max(all.seconds / all.weight, leastOfUnseen.get(group) ?? 0);
    const expected = Math.max(0, each * weight - (state === 'running' ? seconds : 0));
    left += expected;
    longest = Math.max(longest, expected);
  }
  return Math.max(longest, left / Math.max(1, workers));
}
