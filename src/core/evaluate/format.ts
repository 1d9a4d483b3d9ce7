import type { JsonValue } from '../learner/learner';
import type { LeaderboardRow } from './leaderboard';

/** Metrics in the target's units, whose size says nothing: shown to 4 significant digits. */
const IN_UNITS: ReadonlySet<string> = new Set(['rmse', 'mae']);

/** A metric's value for people: 3 decimals, or 4 significant digits for errors in the target's units; `–` if undefined. */
export function formatMetric(name: string, value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–';
  if (IN_UNITS.has(name)) return withMinus(significant(value));
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

/** Seconds for people: `0.0012`, `0.42`, `3.1`, `184`. */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds >= 99.95) return seconds.toFixed(0);
  if (seconds >= 1) return seconds.toFixed(1);
  return String(Number(seconds.toPrecision(2)));
}

/** Bytes for people: `812 B`, `3.4 kB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
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

/** What was chosen of the hyperparameters that were swept: `penalty lasso, trees 200, max_depth per task`. */
export function formatChosen(chosen: LeaderboardRow['hyperparameters'], perTask = 'per task'): string {
  return Object.entries(chosen ?? {})
    .map(([name, one]) => `${name} ${'value' in one ? plainValue(one.value) : perTask}`)
    .join(', ');
}

function plainValue(value: JsonValue): string {
  if (typeof value === 'number') return formatLambda(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
