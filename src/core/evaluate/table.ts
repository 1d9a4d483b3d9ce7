import {
  formatBytes,
  formatChosen,
  formatDuration,
  formatLambda,
  formatMetric,
  formatSigned,
} from './format';
import type { Leaderboard, LeaderboardRow } from './leaderboard';
import { metricNamed, metricsFor } from './metric';

/** One column of a leaderboard, as people read it and as machines do. */
export interface BoardColumn {
  /** What `--sort` and CSV headers call it: `mean`, `cpuSeconds`, `sex.auc`. */
  readonly key: string;
  readonly title: string;
  /** The task that the title begins with. */
  readonly task?: string;
  readonly align: 'left' | 'right';
  /** Which end comes first when sorted by this column. */
  readonly first: 'high' | 'low';
  text(row: LeaderboardRow): string;
  value(row: LeaderboardRow): string | number | boolean | null;
}

/** The metric shown beside the primary one where the experiment names none. */
const COMPANION = { binary: 'accuracy', multiclass: 'accuracy', regression: 'rmse' } as const;

/** The primary metric first, then those the experiment names that are of the task's type. */
export function shownMetrics(
  { primary, type }: Leaderboard['tasks'][number],
  named: readonly string[] | undefined,
): readonly string[] {
  if (named === undefined) return [primary, COMPANION[type]];
  const own = metricsFor(type).map(({ name }) => name);
  return [...new Set([primary, ...named.filter((name) => own.includes(name))])];
}

/** The row that a row's differences are from: its single-task baseline. */
export function baselineOf(board: Leaderboard, row: LeaderboardRow): LeaderboardRow | undefined {
  return board.rows.find((other) => other.baselineOf === row.name && other.key?.scope !== 'pooled');
}

/**
 * Columns of a leaderboard, in the order people read them: who, how good (over all tasks, beside the baseline, by task),
 * at what cost.
 * @param tasks that have columns of their own
 */
export function leaderboardColumns(board: Leaderboard, tasks: Leaderboard['tasks']): readonly BoardColumn[] {
  const together = (board.metrics ?? []).filter((name) => metricNamed(name).over === 'tasks');
  return [
    number('rank', '#', 'low', ({ rank }) => rank ?? null, String),
    text('name', 'name', ({ name }) => name),
    text('role', 'role', ({ role }) => role),
    number('mean', 'mean', 'high', ({ mean }) => mean, skill),
    {
      ...number('difference', 'over alone', 'high', (row) => row.meanDifference?.value ?? null, formatSigned),
      text: ({ meanDifference }) => (meanDifference ? signedInterval(meanDifference) : ''),
    },
    {
      ...number('cpuSeconds', 'CPU s', 'low', ({ cpuSeconds }) => cpuSeconds, formatDuration),
      text: ({ cpuSeconds, onFront }) => `${formatDuration(cpuSeconds)}${onFront ? ' ◆' : '  '}`,
    },
    ...tasks.flatMap((task) =>
      shownMetrics(task, board.metrics).map((metric, index) => taskColumn(task.id, metric, index === 0)),
    ),
    ...together.map((metric) => togetherColumn(metric)),
    ...(board.split === 'test' ? [validationColumn] : []),
    ...(board.rows.some(({ nested }) => nested !== undefined) ? [nestedColumn] : []),
    {
      ...text('lambda', 'λ', ({ lambda }) => lambdaText(lambda)),
      value: lambdaValue,
      align: 'right' as const,
    },
    ...(board.rows.some((row) => row.hyperparameters !== undefined) ? [chosenColumn] : []),
    number('level', 'level', 'low', ({ level }) => level ?? null, String),
    number('fitSeconds', 'fit s', 'low', ({ fitSeconds }) => fitSeconds ?? null, formatDuration),
    number('predictSeconds', 's/1,000 rows', 'low', (row) => row.predictSeconds ?? null, formatDuration),
    number('sizeBytes', 'size', 'low', ({ sizeBytes }) => sizeBytes ?? null, formatBytes),
  ];
}

const nestedColumn = number('nested', 'nested', 'high', ({ nested }) => nested?.mean ?? null, skill);

const chosenColumn = text('chosen', 'chosen', ({ hyperparameters }) => formatChosen(hyperparameters));

/** Columns that only machines need, beside all others. */
export function machineColumns(board: Leaderboard): readonly BoardColumn[] {
  const baseline = (row: LeaderboardRow) => baselineOf(board, row);
  return [
    text('baselineOf', 'baseline of', (row) => row.baselineOf ?? ''),
    text('learner', 'learner', ({ learner }) => learner),
    text('baseline', 'baseline', (row) => baseline(row)?.name ?? ''),
    number('baselineMean', 'mean of baseline', 'high', (row) => baseline(row)?.mean ?? null, skill),
    number(
      'baselineCpuSeconds',
      'CPU s of baseline',
      'low',
      (row) => baseline(row)?.cpuSeconds ?? null,
      String,
    ),
    number('differenceLow', 'lower end', 'high', (row) => row.meanDifference?.interval[0] ?? null, String),
    number('differenceHigh', 'upper end', 'high', (row) => row.meanDifference?.interval[1] ?? null, String),
    text('verdict', 'verdict', ({ meanDifference }) => meanDifference?.verdict ?? ''),
    text('negativeTransfer', 'negative transfer', (row) => row.negativeTransfer.join(' ')),
    number('parameters', 'parameters', 'low', ({ parameters }) => parameters ?? null, String),
    { ...text('onFront', 'on the front', () => ''), value: ({ onFront }) => onFront ?? null },
  ];
}

/**
 * Rows in the order of a column, its better end first; rows without a value last, equals as they were.
 * @param reversed the other end first
 */
export function sortRows(
  rows: readonly LeaderboardRow[],
  { value, first }: BoardColumn,
  reversed: boolean,
): readonly LeaderboardRow[] {
  const sign = (first === 'high' ? -1 : 1) * (reversed ? -1 : 1);
  return rows.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    // A λ of all tasks before the range of those that have their own.
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
    return x === y ? 0 : (x < y ? -1 : 1) * sign;
  });
}

/** `+0.021 [+0.008, +0.034]`. */
function signedInterval({
  value,
  interval: [low, high],
}: NonNullable<LeaderboardRow['meanDifference']>): string {
  return `${formatSigned(value)} [${formatSigned(low)}, ${formatSigned(high)}]`;
}

const validationColumn: BoardColumn = {
  ...number('validation', 'validation', 'high', ({ validation }) => validation.mean, skill),
  text: ({ validation }) => skill(validation.mean) + (validation.selectedOnThis ? '*' : ' '),
};

function taskColumn(task: string, metric: string, isFirst: boolean): BoardColumn {
  const { displayName, direction } = metricNamed(metric);
  const column = number(
    `${task}.${metric}`,
    `${isFirst ? `${task} ` : ''}${displayName}`,
    direction === 'higher' ? 'high' : 'low',
    ({ scores }) => scores[task]?.[metric] ?? null,
    (value) => formatMetric(metric, value),
  );
  return isFirst ? { ...column, task } : column;
}

function togetherColumn(metric: string): BoardColumn {
  const { displayName, direction } = metricNamed(metric);
  return number(
    metric,
    displayName,
    direction === 'higher' ? 'high' : 'low',
    ({ together }) => together?.[metric] ?? null,
    (value) => formatMetric(metric, value),
  );
}

function text(key: string, title: string, of: (row: LeaderboardRow) => string): BoardColumn {
  return { key, title, align: 'left', first: 'low', text: of, value: of };
}

function number(
  key: string,
  title: string,
  first: BoardColumn['first'],
  value: (row: LeaderboardRow) => number | null,
  format: (value: number) => string,
): BoardColumn {
  const shown = (row: LeaderboardRow): string => {
    const found = value(row);
    return found === null ? '–' : format(found);
  };
  return { key, title, align: 'right', first, text: shown, value };
}

function skill(value: number): string {
  return formatMetric('skill', value);
}

/** A number where there is one λ, the range in words where tasks have their own, null where there is none. */
function lambdaValue({ lambda }: LeaderboardRow): number | string | null {
  if (lambda === null || typeof lambda === 'number') return lambda;
  return Object.keys(lambda).length === 0 ? null : lambdaText(lambda);
}

function lambdaText(lambda: LeaderboardRow['lambda']): string {
  if (lambda === null) return '–';
  if (typeof lambda === 'number') return formatLambda(lambda);
  const values = Object.values(lambda);
  if (values.length === 0) return '–';
  const low = formatLambda(values.reduce((a, b) => Math.min(a, b)));
  const high = formatLambda(values.reduce((a, b) => Math.max(a, b)));
  return low === high ? low : `${low}…${high}`;
}
