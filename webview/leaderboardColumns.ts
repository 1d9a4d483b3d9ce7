import { t } from '../src/protocol/l10n';
import type { Leaderboard, LeaderboardRow } from '../src/protocol/leaderboard';
import { learnerName } from '../src/protocol/names';
import { metricName, score, signed } from '../src/protocol/words';
import type { GridColumn } from './grid/columns';
import { type BoardLine, boardOf } from './leaderboardData';

/** A row of the leaderboard with what is shown of it. */
export interface BoardEntry {
  readonly row: LeaderboardRow;
  readonly line: BoardLine;
}

export type BoardColumn = GridColumn<BoardEntry> & {
  /** Place among the cells of a line; absent: no score of a task. */
  readonly cell?: number;
};

/** @param baselines whether rows of baselines are wanted */
export function entriesOf(board: Leaderboard, baselines: boolean): readonly BoardEntry[] {
  const rows = board.rows.filter((row) => baselines || row.role !== 'baseline');
  return boardOf(board, baselines).lines.map((line, i) => ({ row: rows[i], line }));
}

/** Pixels of a row with a name and what it is made of, and of one with a warning or a verdict below. */
const ROW_HEIGHT = { short: 42, tall: 58 } as const;

/** All rows are as high as the highest needs to be, baselines hidden or not. */
export function rowHeightOf({ rows }: Leaderboard): number {
  const isTall = rows.some(
    ({ negativeTransfer, differences = {} }) =>
      negativeTransfer.length > 0 ||
      Object.values(differences).some(({ verdict }) => verdict !== 'no difference shown'),
  );
  return isTall ? ROW_HEIGHT.tall : ROW_HEIGHT.short;
}

/** Everything the leaderboard knows as columns of a grid; what is rarely looked at is hidden until it is asked for. */
export function boardColumns(board: Leaderboard): readonly BoardColumn[] {
  const number = (
    id: string,
    label: string,
    value: (row: LeaderboardRow) => number | null | undefined,
    more: Partial<BoardColumn> & { readonly digits?: number } = {},
  ): BoardColumn => {
    const { digits = 3, ...rest } = more;
    return {
      id,
      label,
      kind: 'number',
      value: ({ row }) => value(row) ?? null,
      text: ({ row }) => score(value(row) ?? null, digits),
      ...rest,
    };
  };
  const { columns } = boardOf(board, true);
  const together = [...new Set(board.rows.flatMap((row) => Object.keys(row.together ?? {})))];
  return [
    {
      id: 'model',
      label: t('Model'),
      kind: 'text',
      width: 224,
      pinned: true,
      value: ({ line }) => line.name,
    },
    number('rank', t('Rank'), ({ rank }) => rank, { hidden: true, width: 56, digits: 0 }),
    number('mean', t('Mean skill'), ({ mean }) => mean, {
      title: t('Mean over tasks of skill against the mean/majority predictor'),
      width: 104,
    }),
    ...columns.map((column, cell): BoardColumn => {
      const metric = metricKey(board, column.task, cell, columns);
      return {
        id: `${column.task} ${metric}`,
        label: column.task,
        sub: column.metric,
        title: column.rows,
        kind: 'number',
        width: 152,
        cell,
        value: ({ row }) => row.scores[column.task]?.[metric] ?? null,
        text: ({ line }) => line.cells[cell]?.value ?? '–',
      };
    }),
    ...together.map((metric) =>
      number(`together ${metric}`, t('All tasks'), (row) => row.together?.[metric], {
        sub: metricName(metric),
        width: 104,
      }),
    ),
    number('validation', t('Validation'), ({ validation }) => validation.mean, {
      sub: t('mean skill'),
      title: t('Out-of-fold, on training rows'),
      width: 96,
    }),
    number('cpu', t('CPU s'), ({ cpuSeconds }) => cpuSeconds, {
      title: t('CPU seconds of all its fits, tuning included'),
      digits: 1,
      width: 80,
    }),
    { id: 'role', label: t('Role'), kind: 'text', width: 90, hidden: true, value: ({ row }) => t(row.role) },
    {
      id: 'learner',
      label: t('Learner'),
      kind: 'text',
      width: 110,
      hidden: true,
      value: ({ row }) => learnerName(row.learner),
    },
    number('level', t('Level'), ({ level }) => level, { hidden: true, width: 60, digits: 0 }),
    number('fit', t('Fit s'), ({ fitSeconds }) => fitSeconds, { hidden: true, digits: 2 }),
    number('predict', t('Predict s'), ({ predictSeconds }) => predictSeconds, {
      hidden: true,
      title: t('Seconds to predict 1,000 rows'),
      digits: 4,
    }),
    number('size', t('Bytes'), ({ sizeBytes }) => sizeBytes, { hidden: true, digits: 0 }),
    number('parameters', t('Parameters'), ({ parameters }) => parameters, { hidden: true, digits: 0 }),
  ];
}

/** The name of the metric behind a column: the primary one comes first of each task, then those the experiment names. */
function metricKey(
  board: Leaderboard,
  task: string,
  cell: number,
  columns: readonly { readonly task: string; readonly metric: string }[],
): string {
  const primary = board.tasks.find(({ id }) => id === task)?.primary ?? '';
  const { metric } = columns[cell];
  if (metricName(primary) === metric) return primary;
  return (board.metrics ?? []).find((name) => metricName(name) === metric) ?? primary;
}

/** The mean difference from the baseline, in short. */
export function meanDifference({ meanDifference }: LeaderboardRow): string | undefined {
  return meanDifference && signed(meanDifference.value);
}
