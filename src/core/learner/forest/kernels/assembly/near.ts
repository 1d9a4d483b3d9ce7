import {
  codesOfRows,
  features,
  nearCodes,
  nearNames,
  nearTable,
  nearWeights,
  outside,
  positions,
  quads,
  table,
  weightsDrawn,
} from './memory';

/** Most rows, drawn and left out, of a part of a tree that is grown from copies that stay in the fastest cache. */
const MOST_NEAR: i32 = 512;

// Where rows are found by what `positions` and `outside` hold: in the whole table, or in the copies.
export let rowTable: usize = 0;
export let rowCodes: usize = 0;
/** f32: how much a row counts, how often it was drawn included. */
export let rowWeights: usize = 0;
/** Past the last place of the part that is grown from copies; 0: none is. */
let nearEnd: i32 = 0;

export function leaveNear(): void {
  nearEnd = 0;
  rowTable = table;
  rowCodes = codesOfRows;
  rowWeights = weightsDrawn;
}

/**
 * Copies the rows of a node that has few, and names them by their place among the copies, until its subtree is grown: nodes
 * come from left to right, so the first one after it begins at its end.
 */
export function approach(from: i32, end: i32, outFrom: i32, outEnd: i32): void {
  if (from < nearEnd) return;
  if (nearEnd > 0) leaveNear();
  if (end - from + outEnd - outFrom > MOST_NEAR) return;
  nearEnd = end;
  const width = (<usize>quads) << 4;
  let name: usize = 0;
  for (let i = positions + ((<usize>from) << 2); i < positions + ((<usize>end) << 2); i += 4, name++) {
    const row = <usize>load<u32>(i);
    const to = nearTable + name * width;
    for (let at: usize = 0; at < width; at += 16) v128.store(to + at, v128.load(table + row * width + at));
    store<f32>(nearWeights + (name << 2), load<f32>(weightsDrawn + (row << 2)));
    copyCodes(row, name);
    store<u32>(i, <u32>name);
  }
  for (let i = outside + ((<usize>outFrom) << 2); i < outside + ((<usize>outEnd) << 2); i += 4, name++) {
    const row = load<u32>(i);
    store<u32>(nearNames + (name << 2), row);
    copyCodes(<usize>row, name);
    store<u32>(i, <u32>name);
  }
  rowTable = nearTable;
  rowCodes = nearCodes;
  rowWeights = nearWeights;
}

/** Both ends have room for what the last sixteen bytes are over. */
function copyCodes(row: usize, name: usize): void {
  const from = codesOfRows + row * <usize>features;
  const to = nearCodes + name * <usize>features;
  for (let at: usize = 0; at < <usize>features; at += 16) v128.store(to + at, v128.load(from + at));
}

/** The row of the table that a place of `outside` is of. */
export function rowOf(name: usize): usize {
  return nearEnd > 0 ? <usize>load<u32>(nearNames + (name << 2)) : name;
}
