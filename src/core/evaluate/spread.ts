/** Mean of values and its standard error; null of too few. */
export interface Spread {
  readonly mean: number | null;
  readonly standardError: number | null;
}

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) return { mean: null, standardError: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean, standardError: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}
