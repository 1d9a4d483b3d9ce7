import { bestFeature, MISSING_BIN } from './best';
import { columns, features, moved, rows } from './memory';
import { rowCodes } from './near';
import { ROW_MAJOR } from './node';

/**
 * Puts the rows of list[from … end − 1] that go left first, both sides in their old order.
 *
 * @param set 256 bits, of a categorical feature's bins that go left
 * @param bin the last that goes left, of numbers
 * @returns the first place of the right side
 */
export function partition<Categorical>(
  list: usize,
  from: usize,
  end: usize,
  set: usize,
  bin: u8,
  goesLeft: bool,
): i32 {
  const byRow = <i32>(end - from) < ROW_MAJOR;
  const source = byRow ? rowCodes + <usize>bestFeature : columns + <usize>bestFeature * <usize>rows;
  const stride: usize = byRow ? <usize>features : 1;
  let middle = list + (from << 2);
  let right = moved;
  const until = list + (end << 2);
  for (let i = middle; i < until; i += 4) {
    const position = load<u32>(i);
    const code = load<u8>(source + <usize>position * stride);
    const left: usize =
      code === MISSING_BIN
        ? <usize>goesLeft
        : sizeof<Categorical>() === 8
          ? <usize>((load<u8>(set + <usize>(code >> 3)) >> (code & 7)) & 1)
          : <usize>(code <= bin);
    store<u32>(middle, position);
    store<u32>(right, position);
    middle += left << 2;
    right += (1 - left) << 2;
  }
  const length = right - moved;
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) v128.store(middle + at, v128.load(moved + at));
  for (; at < length; at += 4) store<u32>(middle + at, load<u32>(moved + at));
  return <i32>((middle - list) >> 2);
}
