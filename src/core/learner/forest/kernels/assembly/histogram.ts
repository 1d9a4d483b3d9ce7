import {
  binCounts,
  bins,
  clear,
  columns,
  features,
  histogram,
  items,
  masked,
  occurs,
  quads,
  rows,
} from './memory';
import { rowCodes } from './near';
import { ROW_MAJOR, size, start } from './node';

type Yes = u64;
type No = u8;

/**
 * From so many rows on, every other one has cells of its own (of few bins, one of each four): rows of one bin need not wait
 * for each other's sums.
 */
const PAIRED: i32 = 64;

/**
 * Sums the node's rows into cells by bin; bins that have rows go, ascending, into `bins`. Which they are is noted row by row, or
 * where a feature has few bins for the node's rows, the cells say whose weight is not 0. @returns their number
 */
export function sumBins(feature: i32): i32 {
  const byRow = size < ROW_MAJOR;
  const source = byRow ? rowCodes + <usize>feature : columns + <usize>feature * <usize>rows;
  const stride: usize = byRow ? <usize>features : 1;
  const count = load<i32>(binCounts + ((<usize>feature) << 2));
  if (quads > 2) {
    addMany(source, stride);
    return collect(count);
  }
  const notes = masked || size < count << 1;
  if (quads === 1) {
    if (notes) add<No, Yes>(source, stride);
    else add<No, No>(source, stride);
  } else if (notes) add<Yes, Yes>(source, stride);
  else add<Yes, No>(source, stride);
  if (!notes) {
    joinFour(count);
    return collectCells(count);
  }
  const found = collect(count);
  if (size >= PAIRED) joinPairs(found);
  return found;
}

function add<Second, Notes>(source: usize, stride: usize): void {
  const width: usize = sizeof<Second>() === 8 ? 32 : 16;
  const cells = histogram;
  const others = cells + (width << 8);
  const noted = occurs;
  let item = items;
  let at = start;
  const end = start + ((<usize>size) << 2);
  if (sizeof<Notes>() === 1) {
    const apart = width << 8;
    for (; at + 16 <= end; at += 16) {
      addRow<Second, Notes>(cells, source + <usize>load<u32>(at) * stride, item, noted);
      addRow<Second, Notes>(others, source + <usize>load<u32>(at, 4) * stride, item + width, noted);
      item += width << 1;
      addRow<Second, Notes>(others + apart, source + <usize>load<u32>(at, 8) * stride, item, noted);
      addRow<Second, Notes>(
        others + apart * 2,
        source + <usize>load<u32>(at, 12) * stride,
        item + width,
        noted,
      );
      item += width << 1;
    }
  } else if (size >= PAIRED) {
    for (; at + 8 <= end; at += 8) {
      addRow<Second, Notes>(cells, source + <usize>load<u32>(at) * stride, item, noted);
      addRow<Second, Notes>(others, source + <usize>load<u32>(at, 4) * stride, item + width, noted);
      item += width << 1;
    }
  }
  for (; at < end; at += 4) {
    addRow<Second, Notes>(cells, source + <usize>load<u32>(at) * stride, item, noted);
    item += width;
  }
}

function addRow<Second, Notes>(cells: usize, place: usize, item: usize, noted: usize): void {
  const code = <usize>load<u8>(place);
  if (sizeof<Notes>() === 8) store<u8>(noted + code, 0xff);
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

/** Adds the four cells of each of the first `count` bins, and of the last, and empties three. */
function joinFour(count: i32): void {
  const width = (<usize>quads) << 4;
  joinCells(histogram, histogram + <usize>count * width, width << 8);
  if (count < 256) joinCells(histogram + 255 * width, histogram + 256 * width, width << 8);
}

function joinCells(from: usize, end: usize, apart: usize): void {
  const zero = i64x2.splat(0);
  for (let cell = from; cell < end; cell += 16) {
    const two = cell + apart;
    const three = two + apart;
    const four = three + apart;
    v128.store(
      cell,
      f32x4.add(f32x4.add(v128.load(cell), v128.load(two)), f32x4.add(v128.load(three), v128.load(four))),
    );
    v128.store(two, zero);
    v128.store(three, zero);
    v128.store(four, zero);
  }
}

/** Lists the bins whose cells hold weight. */
function collectCells(count: i32): i32 {
  const width = (<usize>quads) << 4;
  let found = bins;
  let cell = histogram;
  for (let bin = 0; bin < count; bin++) {
    store<u8>(found, <u8>bin);
    found += <usize>(load<f32>(cell) !== 0);
    cell += width;
  }
  if (count < 256 && load<f32>(histogram + 255 * width) !== 0) store<u8>(found++, 255);
  return <i32>(found - bins);
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
