import { Random, seedFrom } from '../random';
import { DataError } from './errors';
import { type LabelledRows, strataOfRows } from './strata';
import { evenParts, type Part, stratify } from './stratify';
import { stratifyGroups } from './stratify-groups';

export interface SplitInput extends LabelledRows {
  /** Group of every row of the dataset; rows of a group stay together. */
  readonly rowGroup?: Int32Array;
  /** The same seed gives the same split. */
  readonly seed: number;
}

/**
 * Folds for cross-validation, stratified over all tasks at once (classes, quantile bins of regression targets, lack
 * of a label). Sizes differ by one row at most; with groups, as little as whole groups allow.
 * @returns fold of each entry of `rows`
 * @throws DataError `folds` when there are fewer rows (or groups) than folds
 */
export function assignFolds(input: SplitInput & { readonly folds: number }): Int32Array {
  const { folds, rows } = input;
  const units = input.rowGroup === undefined ? rows.length : distinct(rows, input.rowGroup).size;
  if (!Number.isInteger(folds) || folds < 2 || folds > units) {
    throw new DataError(
      'folds',
      `${units} training ${input.rowGroup === undefined ? 'rows' : 'groups'} cannot be split into ${folds} folds`,
      `Choose \`data.folds\` from 2 to ${units}`,
    );
  }
  return splitInto(input, evenParts(rows.length, folds), 'folds');
}

/**
 * Holds out a share of the rows, stratified as folds are.
 * @param input.fraction share of the rows to hold out, between 0 and 1; at least one row stays on either side
 * @returns rows, ascending
 */
export function splitTest(input: SplitInput & { readonly fraction: number }): {
  readonly trainRows: Int32Array;
  readonly testRows: Int32Array;
} {
  const { rows, fraction } = input;
  if (fraction <= 0 || rows.length < 2) return { trainRows: rows, testRows: new Int32Array(0) };
  const held = testSize(rows.length, fraction);
  const parts = [
    { share: 1 - held / rows.length, size: rows.length - held },
    { share: held / rows.length, size: held },
  ];
  const partOf = splitInto(input, parts, 'test');
  return {
    trainRows: rows.filter((_, i) => partOf[i] === 0),
    testRows: rows.filter((_, i) => partOf[i] === 1),
  };
}

/** Number of rows that a fraction holds out. */
export function testSize(rowCount: number, fraction: number): number {
  return Math.min(rowCount - 1, Math.max(1, Math.round(rowCount * fraction)));
}

function splitInto(input: SplitInput, parts: readonly Part[], purpose: string): Int32Array {
  const random = new Random(seedFrom(input.seed, purpose));
  const memberships = strataOfRows(input, 1 / Math.min(...parts.map(({ share }) => share)));
  if (input.rowGroup === undefined) return stratify(memberships, parts, random);
  const groups = distinct(input.rows, input.rowGroup);
  const { rowGroup } = input;
  const groupOf = Int32Array.from(input.rows, (row) => groups.get(rowGroup[row]) ?? 0);
  return stratifyGroups(memberships, groupOf, groups.size, parts, random);
}

/** Groups of the rows, numbered 0, 1, … as they appear. */
function distinct(rows: Int32Array, rowGroup: Int32Array): Map<number, number> {
  const groups = new Map<number, number>();
  for (const row of rows) {
    if (!groups.has(rowGroup[row])) groups.set(rowGroup[row], groups.size);
  }
  return groups;
}
