import {
  binCounts,
  bins,
  clear,
  codesOfRows,
  columns,
  features,
  histogram,
  items,
  occurs,
  quads,
  rows,
} from './memory';
import { ROW_MAJOR, size, start } from './node';

type Yes = u64;
type No = u8;

/** From so many rows on, every other one has cells of its own: rows of one bin need not wait for each other's sums. */
const PAIRED: i32 = 64;

/** Sums the node's rows into cells by bin; bins that have rows go, ascending, into `bins`. @returns their number */
export function sumBins(feature: i32): i32 {
  const byRow = size < ROW_MAJOR;
  const source = byRow ? codesOfRows + <usize>feature : columns + <usize>feature * <usize>rows;
  const stride: usize = byRow ? <usize>features : 1;
  if (quads === 1) add<No>(source, stride);
  else if (quads === 2) add<Yes>(source, stride);
  else addMany(source, stride);
  const found = collect(load<i32>(binCounts + ((<usize>feature) << 2)));
  if (size >= PAIRED && quads <= 2) joinPairs(found);
  return found;
}

function add<Second>(source: usize, stride: usize): void {
  const width: usize = sizeof<Second>() === 8 ? 32 : 16;
  const cells = histogram;
  const others = cells + (width << 8);
  let item = items;
  let at = start;
  const end = start + ((<usize>size) << 2);
  if (size >= PAIRED) {
    for (; at + 8 <= end; at += 8) {
      addRow<Second>(cells, source + <usize>load<u32>(at) * stride, item);
      addRow<Second>(others, source + <usize>load<u32>(at, 4) * stride, item + width);
      item += width << 1;
    }
  }
  for (; at < end; at += 4) {
    addRow<Second>(cells, source + <usize>load<u32>(at) * stride, item);
    item += width;
  }
}

function addRow<Second>(cells: usize, place: usize, item: usize): void {
  const code = <usize>load<u8>(place);
  store<u8>(occurs + code, 0xff);
  const cell = cells + (sizeof<Second>() === 8 ? code << 5 : code << 4);
  v128.store(cell, f32x4.add(v128.load(cell), v128.load(item)));
  if (sizeof<Second>() === 8) v128.store(cell, f32x4.add(v128.load(cell, 16), v128.load(item, 16)), 16);
}

/** Adds the cells of every other row to those of the rest, and empties them. */
function joinPairs(found: i32): void {
  const width = (<usize>quads) << 4;
  for (let j: usize = 0; j < <usize>found; j++) {
    const cell = histogram + <usize>load<u8>(bins + j) * width;
    const other = cell + (width << 8);
    for (let at: usize = 0; at < width; at += 16) {
      v128.store(cell + at, f32x4.add(v128.load(cell + at), v128.load(other + at)));
    }
    clear(other, width);
  }
}

function addMany(source: usize, stride: usize): void {
  const width = (<usize>quads) << 4;
  let item = items;
  const end = start + ((<usize>size) << 2);
  for (let place = start; place < end; place += 4) {
    const code = <usize>load<u8>(source + <usize>load<u32>(place) * stride);
    store<u8>(occurs + code, 0xff);
    const cell = histogram + code * width;
    for (let at: usize = 0; at < width; at += 16) {
      v128.store(cell + at, f32x4.add(v128.load(cell + at), v128.load(item + at)));
    }
    item += width;
  }
}

/** Lists the bins that occur, and forgets them; values have the first `count`, what is missing the last. */
function collect(count: i32): i32 {
  let found = bins;
  for (let at: usize = 0; at < <usize>count; at += 16) found = collectSixteen(at, found);
  if (count <= 240 && load<u8>(occurs + 255) !== 0) found = collectSixteen(240, found);
  return <i32>(found - bins);
}

function collectSixteen(at: usize, found: usize): usize {
  let bits = i8x16.bitmask(v128.load(occurs + at));
  if (bits === 0) return found;
  v128.store(occurs + at, i64x2.splat(0));
  let to = found;
  while (bits !== 0) {
    store<u8>(to++, <u8>(<i32>at + ctz<i32>(bits)));
    bits &= bits - 1;
  }
  return to;
}

/** Empties the cells of the bins that were found. */
export function clearBins(found: i32): void {
  const width = (<usize>quads) << 4;
  for (let j: usize = 0; j < <usize>found; j++) clear(histogram + <usize>load<u8>(bins + j) * width, width);
}
