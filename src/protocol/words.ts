/** How numbers, metrics and states are written for people: the same in trees, status bar and panels. */
import { t } from './l10n';
import { rowName } from './names';
import type { RunStatus, RunSummary } from './runs';

/** Metrics of core, as people write them; a test sees to it that the two agree. */
export const metricNames: Readonly<Record<string, string>> = {
  auc: 'AUC',
  averagePrecision: 'average precision',
  logLoss: 'log loss',
  brier: 'Brier score',
  accuracy: 'accuracy',
  balancedAccuracy: 'balanced accuracy',
  f1: 'F1',
  ece: 'calibration error',
  r2: 'R²',
  rmse: 'RMSE',
  mae: 'MAE',
  hammingLoss: 'Hamming loss',
  subsetAccuracy: 'subset accuracy',
  microF1: 'micro F1',
  macroF1: 'macro F1',
  microAuc: 'micro AUC',
  macroAuc: 'macro AUC',
  aRRMSE: 'aRRMSE',
  skill: 'mean skill',
};

const lowerIsBetter: ReadonlySet<string> = new Set([
  'logLoss',
  'brier',
  'ece',
  'rmse',
  'mae',
  'hammingLoss',
  'aRRMSE',
]);

export function isLowerBetter(metric: string): boolean {
  return lowerIsBetter.has(metric);
}

export function metricName(metric: string): string {
  return t(metricNames[metric] ?? metric);
}

/** With more tasks than this, curves are shown as their distribution over tasks first. */
export const MANY_TASKS = 12;

/** `null` becomes an en dash; else `digits` decimals, or three significant digits from 1000 up; true minus sign. */
export function score(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const text = Math.abs(value) >= 1000 ? value.toPrecision(3) : value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** With its sign, zero included. */
export function signed(value: number, digits = 3): string {
  const text = score(value, digits);
  return text.startsWith('−') || text === '–' ? text : `+${text}`;
}

/** λ to three significant digits, without padding zeros. */
export function lambda(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e5) return String(Number(value.toPrecision(3)));
  const [mantissa, exponent] = value.toExponential(2).split('e');
  return `${Number(mantissa)}e${Number(exponent)}`.replace('e-', 'e−');
}

type ChosenValue = { readonly value: unknown } | { readonly byTask: Readonly<Record<string, unknown>> };

/** What was chosen of the hyperparameters that were swept: `penalty lasso, trees 200, max_depth per task`. */
export function chosenWords(chosen: Readonly<Record<string, ChosenValue>> | undefined): string {
  return Object.entries(chosen ?? {})
    .map(([name, one]) => `${name} ${'value' in one ? plainValue(one.value) : t('per task')}`)
    .join(', ');
}

function plainValue(value: unknown): string {
  if (typeof value === 'number') return lambda(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `1 fit`, `2 fits`, `1,200 fits`. */
export function count(n: number, noun: string): string {
  return t(`{0} ${noun}${n === 1 ? '' : 's'}`, n.toLocaleString('en'));
}

/** Seconds as `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return t('{0} s', s);
  const minutes = Math.floor(s / 60);
  if (s < 3600) return s % 60 === 0 ? t('{0} min', minutes) : t('{0} min {1} s', minutes, s % 60);
  const rounded = Math.round(s / 60);
  return t('{0} h {1} min', Math.floor(rounded / 60), rounded % 60);
}

/** Whole percent of fits done, never 100 before the end. */
export function percent(fits: { readonly done: number; readonly total: number }): number {
  if (fits.total === 0) return 0;
  return fits.done >= fits.total ? 100 : Math.min(99, Math.floor((100 * fits.done) / fits.total));
}

/** The run is going: a coordinator is at work, or about to be. */
export function isGoing(status: RunStatus): boolean {
  return status === 'queued' || status === 'running' || status === 'paused';
}

/** The run did not reach its end and can be taken up again. */
export function isResumable(status: RunStatus): boolean {
  return status === 'interrupted' || status === 'cancelled' || status === 'failed';
}

/** One line on how a run stands: `45 %, 2 min left`, `completed, best weighted 0.447`, … */
export function runState(run: RunSummary): string {
  const done = percent(run.fits);
  if (run.status === 'running') {
    // What is not over yet has some time left.
    return run.secondsLeft === null
      ? t('{0} %', done)
      : t('{0} %, {1} left', done, duration(Math.max(1, run.secondsLeft)));
  }
  if (run.status === 'completed' && run.best !== null)
    return t('best {0} {1}', rowName(run.best.name), score(run.best.mean));
  if (run.status === 'paused') return t('paused at {0} %', done);
  if (run.status === 'queued' && run.queue !== undefined) return t('queued, number {0}', run.queue.place);
  if (run.status === 'interrupted') return t('interrupted at {0} %', done);
  if (run.status === 'cancelled') return t('cancelled at {0} %', done);
  return t(run.status);
}

/** Why a run has no leaderboard, and what brings one. */
export function noBoard(run: RunSummary | undefined): string {
  if (run === undefined)
    return t('No run yet. Run the experiment to compare its models with their baselines.');
  if (isResumable(run.status))
    return t(
      'No leaderboard: {0} of {1} were done when the run ended ({2}). Resume goes on from there.',
      run.fits.done.toLocaleString('en'),
      count(run.fits.total, 'fit'),
      t(run.status),
    );
  return t('The leaderboard comes when every model is fitted and scored.');
}

/** Why a run that is queued does not work yet; undefined for any other. */
export function queueReason({ queue }: RunSummary): string | undefined {
  if (queue === undefined) return undefined;
  // Its turn has come, and it has not looked yet.
  if (queue.after.length === 0) return t('it is next');
  const names = queue.after.map(({ name, started }) => `${name} ${startedAt(started)}`);
  return t('waits for {0}', names.join(', '));
}

/** `11-22 23:49`, by the clock of this machine: short, and sorted as it reads. */
export function startedAt(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
