import { type SplitInput, splitTest, testSize } from './split';

interface Split {
  /** Ascending. */
  readonly trainRows: Int32Array;
  readonly testRows: Int32Array;
}

/**
 * Holds a share of the training rows out, to tell when to stop: as the folds do, the latest where rows have times, and whole groups
 * where they have groups. Where all rows are of one time, or of one group, that says nothing and they are held out as others are;
 * of groups so few that none is near the share, the smallest is.
 * @param input.rowTime time of every row of the dataset
 * @param input.fraction share of the rows to hold out, between 0 and 1
 */
export function splitInner(
  input: SplitInput & { readonly fraction: number; readonly rowTime?: Float64Array },
): Split {
  const { rowTime, rowGroup, ...others } = input;
  const latest = rowTime && latestRows(input.rows, rowTime, input.fraction);
  if (latest !== undefined) return latest;
  if (rowGroup === undefined) return splitTest(others);
  const split = splitTest({ ...others, rowGroup });
  if (split.testRows.length > 0 && split.trainRows.length > 0) return split;
  return smallestGroup(input.rows, rowGroup) ?? splitTest(others);
}

/** Rows of one time are not parted; undefined where there is but one. */
function latestRows(rows: Int32Array, rowTime: Float64Array, fraction: number): Split | undefined {
  const byTime = rows.slice().sort((a, b) => rowTime[a] - rowTime[b] || a - b);
  const timeAt = (i: number) => rowTime[byTime[i]];
  let cut = rows.length - testSize(rows.length, fraction);
  while (cut > 0 && timeAt(cut - 1) === timeAt(cut)) cut--;
  // All before are of the time of those held out: the next time is the first that can be.
  if (cut === 0) cut = byTime.findIndex((row) => rowTime[row] > timeAt(0));
  if (cut <= 0) return undefined;
  return { trainRows: byTime.slice(0, cut).sort(), testRows: byTime.slice(cut).sort() };
}

/** Undefined where there is but one. */
function smallestGroup(rows: Int32Array, rowGroup: Int32Array): Split | undefined {
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(rowGroup[row], (sizes.get(rowGroup[row]) ?? 0) + 1);
  if (sizes.size < 2) return undefined;
  const [[smallest]] = [...sizes].sort(([, a], [, b]) => a - b);
  return {
    trainRows: rows.filter((row) => rowGroup[row] !== smallest),
    testRows: rows.filter((row) => rowGroup[row] === smallest),
  };
}
