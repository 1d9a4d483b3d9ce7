import { MISSING_BIN } from './cuts';
import { binCounts, bins, clear, columns, histogram, items, order, pairs, rows } from './memory';
import { size, start } from './node';

// A function is compiled once for each small number of pairs; these types say which pairs there are.
type Yes = u64;
type No = u8;

/** Sums the node's items into cells by bin; bins that have rows go, ascending, into `order` and `bins`. @returns their number */
export function sumBins(feature: i32): i32 {
  const column = columns + <usize>feature * <usize>rows;
  if (pairs === 1) add<No, No, No>(column);
  else if (pairs === 2) add<Yes, No, No>(column);
  else if (pairs === 3) add<Yes, Yes, No>(column);
  else if (pairs === 4) add<Yes, Yes, Yes>(column);
  else addMany(column);
  const width = (<usize>pairs + 1) << 4;
  let found: usize = 0;
  let cell = histogram;
  const last = <usize>load<i32>(binCounts + ((<usize>feature) << 2));
  for (let code: usize = 0; code < last; code++) {
    if (load<f64>(cell, 8) !== 0) {
      store<u8>(order + found, <u8>code);
      store<u8>(bins + found, <u8>code);
      found++;
    }
    cell += width;
  }
  if (load<f64>(histogram + <usize>MISSING_BIN * width, 8) !== 0) {
    store<u8>(order + found, MISSING_BIN);
    store<u8>(bins + found, MISSING_BIN);
    found++;
  }
  return <i32>found;
}

function add<Second, Third, Fourth>(column: usize): void {
  const width = (<usize>pairs + 1) << 4;
  let item = items;
  for (let i: usize = 0; i < <usize>size; i++) {
    const cell = histogram + <usize>load<u8>(column + <usize>load<u32>(start + (i << 2))) * width;
    v128.store(cell, f64x2.add(v128.load(cell), v128.load(item)));
    v128.store(cell, f64x2.add(v128.load(cell, 16), v128.load(item, 16)), 16);
    if (sizeof<Second>() === 8) v128.store(cell, f64x2.add(v128.load(cell, 32), v128.load(item, 32)), 32);
    if (sizeof<Third>() === 8) v128.store(cell, f64x2.add(v128.load(cell, 48), v128.load(item, 48)), 48);
    if (sizeof<Fourth>() === 8) v128.store(cell, f64x2.add(v128.load(cell, 64), v128.load(item, 64)), 64);
    item += width;
  }
}

function addMany(column: usize): void {
  const width = (<usize>pairs + 1) << 4;
  let item = items;
  for (let i: usize = 0; i < <usize>size; i++) {
    const cell = histogram + <usize>load<u8>(column + <usize>load<u32>(start + (i << 2))) * width;
    for (let at: usize = 0; at < width; at += 16) {
      v128.store(cell + at, f64x2.add(v128.load(cell + at), v128.load(item + at)));
    }
    item += width;
  }
}

/** As `sumBins`, of the rows of a small node that are in the order of their bins. */
export function sumRuns(): i32 {
  const width = (<usize>pairs + 1) << 4;
  let found: usize = 0;
  let before = -1;
  for (let j: usize = 0; j < <usize>size; j++) {
    const code = <i32>load<u8>(bins + j);
    const item = items + <usize>load<u8>(order + j) * width;
    const cell = histogram + <usize>code * width;
    for (let at: usize = 0; at < width; at += 16) {
      v128.store(cell + at, f64x2.add(v128.load(cell + at), v128.load(item + at)));
    }
    if (code === before) continue;
    before = code;
    store<u8>(order + found, <u8>code);
    store<u8>(bins + found, <u8>code);
    found++;
  }
  return <i32>found;
}

/** Empties the cells of the bins that were found. */
export function clearBins(found: i32): void {
  const width = (<usize>pairs + 1) << 4;
  for (let j: usize = 0; j < <usize>found; j++) {
    clear(histogram + <usize>load<u8>(bins + j) * width, width);
  }
}
