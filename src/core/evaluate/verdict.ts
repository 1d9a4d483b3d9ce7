import type { Comparison } from './compare';
import type { Estimate } from './estimate';
import { formatSigned } from './format';
import { holm } from './holm';
import type { Difference, Leaderboard, MeanDifference } from './leaderboard';
import { metricNamed } from './metric';

/** A verdict needs this many labelled rows, and this many of each class. */
export const LEAST_ROWS = 30;
export const LEAST_ROWS_OF_A_CLASS = 10;
/** And, where rows are drawn by groups, this many of them: by chance five that agree in sign do so one time in sixteen. */
export const LEAST_GROUPS = 10;

export const SIGNIFICANCE = 0.05;

/** Less of an overfit is no help: where nothing beats mean/majority, nobody should share, or learn at all. */
const USELESS = ', but not shown to be better than mean/majority';

/**
 * Verdicts on one model's comparisons, one a task: only after Holm's correction over the tasks that have enough rows
 * to be tested. A task with too few is not a member of that family, and its p is 1: nothing is claimed. Help is claimed
 * only of a model that is useful: shown to be better than mean/majority.
 */
export function judge(
  comparisons: readonly Comparison[],
  isUseful: (comparison: Comparison) => boolean = () => true,
): Difference[] {
  const tested = comparisons.filter(hasEnoughRows);
  const corrected = holm(tested.map(({ p }) => p));
  const correctedOf = new Map(tested.map((comparison, index) => [comparison, corrected[index]]));
  return comparisons.map((comparison) => {
    const p = correctedOf.get(comparison);
    const found = p === undefined ? 'too few rows to tell' : verdictOf(comparison.value, p);
    const isUseless = found === 'helped' && !isUseful(comparison);
    const verdict = isUseless ? 'no difference shown' : found;
    const { metric, value, interval } = comparison;
    const said = words(comparison, verdict) + (isUseless ? USELESS : '');
    return { metric, value, interval, p: p ?? 1, verdict, words: said };
  });
}

/** The verdict on mean skill over all tasks. @param corrected p; undefined where no task has the rows that it needs */
export function judgeMean(
  { value, interval }: Estimate,
  corrected: number | undefined,
  isUseful: boolean,
): MeanDifference {
  const found = corrected === undefined ? 'too few rows to tell' : verdictOf(value, corrected);
  const isUseless = found === 'helped' && !isUseful;
  const verdict = isUseless ? 'no difference shown' : found;
  const p = corrected ?? 1;
  const [low, high] = interval;
  const numbers = `${formatSigned(value)} mean skill [${formatSigned(low)}, ${formatSigned(high)}]`;
  const claims = verdict === 'helped' || verdict === 'negative transfer';
  const said = claims ? `${verdict} ${numbers}` : `${verdict}: ${numbers}${isUseless ? USELESS : ''}`;
  return { value, interval, p, verdict, words: said };
}

function hasEnoughRows({ rows, rarestClass, groups = Number.POSITIVE_INFINITY }: Comparison): boolean {
  return rows >= LEAST_ROWS && rarestClass >= LEAST_ROWS_OF_A_CLASS && groups >= LEAST_GROUPS;
}

function verdictOf(value: number, p: number): Difference['verdict'] {
  if (p >= SIGNIFICANCE) return 'no difference shown';
  return value > 0 ? 'helped' : 'negative transfer';
}

/** `helped +0.021 AUC [+0.008, +0.034]`; positive is better in every metric, so losses are named as reductions. */
function words(comparison: Comparison, verdict: Difference['verdict']): string {
  const [low, high] = comparison.interval;
  const gain = metricNamed(comparison.metric).gainName;
  const numbers = `${formatSigned(comparison.value)} ${gain} [${formatSigned(low)}, ${formatSigned(high)}]`;
  switch (verdict) {
    case 'helped':
    case 'negative transfer':
      return `${verdict} ${numbers}`;
    case 'no difference shown':
      return `${verdict}: ${numbers}`;
    case 'too few rows to tell':
      return `${verdict} (${tooFew(comparison)}): ${numbers}`;
  }
}

function tooFew(comparison: Comparison): string {
  const { rows, rarestClass, groups } = comparison;
  if (rows < LEAST_ROWS) return `${rows} labelled rows`;
  return rarestClass < LEAST_ROWS_OF_A_CLASS ? `${rarestClass} rows of the rarest class` : `${groups} groups`;
}

/** Said below verdicts, where one does not follow from the interval beside it. */
const CORRECTED =
  'An interval is of its own line. Verdicts are corrected for how many lines there are (Holm: over the tasks; over all tasks, over the rows), so that none may be claimed where an interval leaves out 0.';

/** What a reader should know of verdicts that claim nothing beside an interval without 0; undefined where there are none. */
export function correctionNote({ rows }: Pick<Leaderboard, 'rows'>): string | undefined {
  const isAny = rows.some(({ differences, meanDifference }) =>
    [...Object.values(differences ?? {}), ...(meanDifference ? [meanDifference] : [])].some(isCorrectedAway),
  );
  return isAny ? CORRECTED : undefined;
}

/** Whether nothing is claimed although the interval leaves out 0, because it is one of several. */
export function isCorrectedAway({
  verdict,
  interval: [low, high],
  words: said,
}: Difference | MeanDifference): boolean {
  return verdict === 'no difference shown' && (low > 0 || high < 0) && !said.endsWith(USELESS);
}
