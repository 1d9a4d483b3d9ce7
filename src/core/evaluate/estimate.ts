/** A difference with its 95 % interval and its two-sided p value. */
export interface Estimate {
  readonly value: number;
  readonly interval: readonly [number, number];
  readonly p: number;
}
