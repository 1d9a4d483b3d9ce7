/** Fewer distinct times than this cannot be cut into blocks whose spread says anything. */
const FEWEST_TIMES = 10;
/** Blocks that there are at least, where there are as many times. */
const FEWEST_BLOCKS = 20;

/**
 * Blocks of rows that follow each other in time, to be drawn together: what is forgotten or found today is so tomorrow, and
 * rows taken for independent would make intervals too narrow (block bootstrap; Carlstein, Annals of Statistics 14, 1986). Of m
 * distinct times a block has about √m, and fewer where there would be less than 20 blocks. Rows of one time stay together.
 *
 * @param times time of every row of the table, as numbers that sort as they do
 * @param rows the rows to cut
 * @returns block of each of `rows`; undefined where there are too few times
 */
export function timeBlocks(times: Float64Array, rows: Int32Array): Int32Array | undefined {
  const distinct = Float64Array.from(new Set(Array.from(rows, (row) => times[row]))).sort();
  const count = distinct.length;
  if (count < FEWEST_TIMES) return undefined;
  const length = Math.max(1, Math.min(Math.round(Math.sqrt(count)), Math.floor(count / FEWEST_BLOCKS)));
  const last = Math.floor(count / length) - 1;
  const blockOf = new Map(Array.from(distinct, (time, i) => [time, Math.min(last, Math.floor(i / length))]));
  return rows.map((row) => blockOf.get(times[row]) ?? 0);
}
