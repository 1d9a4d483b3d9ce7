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

/**
 * Seconds until all trials are done, from what like trials took; of groups nobody has seen yet, from what all took.
 * Null while nothing is done.
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
  let left = 0;
  let longest = 0;
  for (const { group, weight, state, seconds } of trials) {
    if (state === 'done') continue;
    const rate = rates.get(group) ?? all;
    const expected = Math.max(0, (rate.seconds / rate.weight) * weight - (state === 'running' ? seconds : 0));
    left += expected;
    longest = Math.max(longest, expected);
  }
  return Math.max(longest, left / Math.max(1, workers));
}
