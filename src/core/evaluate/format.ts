/** A metric's value for people: 3 decimals, or 4 significant digits for errors in the target's units; `–` if undefined. */
export function formatMetric(name: string, value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–';
  if (name === 'rmse' || name === 'mae') return withMinus(significant(value));
  return withMinus(decimals(value));
}

/** A difference for people, always with its sign: `+0.021`, `−0.013`; more digits where 3 decimals would show 0. */
export function formatSigned(value: number): string {
  if (value === 0) return '+0.000';
  const text = Math.abs(value) < 0.0005 ? Math.abs(value).toPrecision(1) : decimals(Math.abs(value));
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** λ for people: at most 3 significant digits. */
export function formatLambda(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function decimals(value: number): string {
  return Math.abs(value) < 1000 ? value.toFixed(3) : value.toPrecision(4);
}

function significant(value: number): string {
  return Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4)
    ? value.toExponential(3)
    : String(Number(value.toPrecision(4)));
}

/** A true minus sign, and no negative zero. */
function withMinus(text: string): string {
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text.replace('-', '−');
}
