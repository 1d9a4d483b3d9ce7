import type { FoldScheme } from '../experiment/experiment';
import { seedFrom } from '../random';
import { DataError } from './errors';
import { assignFolds, type SplitInput, splitTest } from './split';

export interface FoldInput extends SplitInput {
  /** Number of folds; `by: column` and `hold-out` have their own. */
  readonly folds: number;
  /** Absent: stratified. */
  readonly scheme?: Pick<FoldScheme, 'by' | 'gap' | 'fraction'>;
  /** Number of the repeat, from 0. */
  readonly repeat: number;
  /** `by: time`: when each row of the dataset was. */
  readonly rowTime?: Float64Array;
  /** `by: column`: the fold of each row of the dataset; -1: it always trains. */
  readonly rowFold?: Int32Array;
}

/** Which rows are held out together, and which train for them. */
export interface FoldAssignment {
  /** Fold of each entry of `rows`; -1 where it is never held out. */
  readonly of: Int32Array;
  /** Rows that train, and rows that are held out, both ascending. */
  parts(fold: number): { readonly train: Int32Array; readonly heldOut: Int32Array };
}

/**
 * Cuts training rows into folds as the experiment says. In every kind a row of a fold is predicted by models that saw
 * neither it nor a row of its group; with `time`, by models that saw nothing as late as it.
 * @throws DataError `folds` when the rows cannot be cut so
 */
export function cutFolds(input: FoldInput): FoldAssignment {
  const { rows, scheme, repeat } = input;
  if (scheme?.by === 'time') return timeFolds(input);
  const seed = repeat === 0 ? input.seed : seedFrom(input.seed, 'repeat', repeat);
  const of = assignment({ ...input, seed });
  return {
    of,
    parts: (fold) => ({
      train: rows.filter((_, i) => of[i] !== fold),
      heldOut: rows.filter((_, i) => of[i] === fold),
    }),
  };
}

function assignment(input: FoldInput): Int32Array {
  const { rows, scheme, rowFold } = input;
  switch (scheme?.by) {
    case 'column':
      return rows.map((row) => rowFold?.[row] ?? -1);
    case 'hold-out': {
      const seed = seedFrom(input.seed, 'hold-out');
      const heldOut = new Set(splitTest({ ...input, seed, fraction: scheme.fraction }).testRows);
      return rows.map((row) => (heldOut.has(row) ? 0 : -1));
    }
    case 'random':
      return assignFolds({ ...input, tasks: [], labels: [], rowTask: undefined });
    default:
      return assignFolds(input);
  }
}

/**
 * Blocks of about equal size in the order of time, rows of one time never parted. The first block only trains; each of
 * the others is predicted from all before it (an expanding window), but for the last `gap` times before it, and for rows
 * of groups that it has itself.
 */
function timeFolds({ rows, folds, scheme, rowTime, rowGroup }: FoldInput): FoldAssignment {
  if (rowTime === undefined) {
    throw new DataError('folds', 'folds by time need the column of times', 'Name it as `data.time`');
  }
  const gap = scheme?.gap ?? 0;
  const times = [...new Set(Array.from(rows, (row) => rowTime[row]))].sort((a, b) => a - b);
  if (times.length < folds + 1 + gap) {
    throw new DataError(
      'folds',
      `${times.length} distinct times cannot be cut into ${folds} folds and a block before them${gap > 0 ? ` with a gap of ${gap}` : ''}`,
      `Choose \`data.folds\` from 2 to ${Math.max(2, times.length - 1 - gap)}`,
    );
  }
  const place = new Map(times.map((time, i) => [time, i]));
  const placeOf = rows.map((row) => place.get(rowTime[row]) ?? 0);
  const starts = blockStarts(placeOf, times.length, folds + 1, gap);
  const of = placeOf.map((at) => starts.findLastIndex((start) => start <= at) - 1);
  return {
    of,
    parts: (fold) => {
      const heldOut = rows.filter((_, i) => of[i] === fold);
      const last = starts[fold + 1] - gap;
      const groups = new Set(rowGroup && Array.from(heldOut, (row) => rowGroup[row]));
      const train = rows.filter((row, i) => placeOf[i] < last && !(rowGroup && groups.has(rowGroup[row])));
      return { train, heldOut };
    },
  };
}

/** Place in time where each block begins: the first that has its share of the rows, and leaves a time for the others. */
function blockStarts(placeOf: Int32Array, times: number, blocks: number, gap: number): number[] {
  const counts = new Int32Array(times);
  for (const at of placeOf) counts[at]++;
  const starts = [0];
  let rows = 0;
  for (let at = 0; at < times && starts.length < blocks; at++) {
    const wanted = (starts.length * placeOf.length) / blocks;
    const least = starts.length + gap;
    const latest = times - (blocks - starts.length);
    if (at >= least && (rows >= wanted - counts[at] / 2 || at >= latest)) starts.push(at);
    rows += counts[at];
  }
  return starts;
}
