// The hot loops of growing trees, in AssemblyScript. What each does: see ../kernel.ts.

/** 1 / (1 + e^−x): e^x as 2^n times a polynomial in |r| ≤ ½ ln 2 (Moshier's Cephes, expf), to about 1e-7. */
export function sigmoid(scores: usize, target: usize, quads: i32): void {
  const one = f32x4.splat(1);
  const end = scores + ((<usize>quads) << 4);
  for (; scores < end; scores += 16) {
    let x = f32x4.neg(v128.load(scores));
    x = f32x4.min(f32x4.max(x, f32x4.splat(-87)), f32x4.splat(87));
    const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(f32(Math.LOG2E))));
    x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
    x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
    let y = f32x4.splat(1.98756915e-4);
    y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.3981999507e-3));
    y = f32x4.add(f32x4.mul(y, x), f32x4.splat(8.3334519073e-3));
    y = f32x4.add(f32x4.mul(y, x), f32x4.splat(4.1665795894e-2));
    y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.6666665459e-1));
    y = f32x4.add(f32x4.mul(y, x), f32x4.splat(5.0000001201e-1));
    y = f32x4.add(f32x4.mul(f32x4.mul(y, x), x), f32x4.add(x, one));
    const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
    v128.store(target, f32x4.div(one, f32x4.add(one, f32x4.mul(y, power))));
    target += 16;
  }
}

export function quantise(
  values: usize,
  positions: usize,
  count: i32,
  perUnit: f64,
  target: usize,
  stride: usize,
): void {
  const end = positions + ((<usize>count) << 2);
  for (; positions < end; positions += 4) {
    const i = <usize>load<i32>(positions);
    const value = <f64>load<f32>(values + (i << 2));
    store<i32>(target + i * stride, <i32>nearest<f64>(value * perUnit));
  }
}

export function gatherRows(lanes: usize, rows: usize, count: i32, quads: i32, target: usize): void {
  const stride = (<usize>quads) << 4;
  for (let i = 0; i < count; i++) {
    const from = lanes + <usize>load<i32>(rows + ((<usize>i) << 2)) * stride;
    for (let offset: usize = 0; offset < stride; offset += 16) {
      v128.store(target + offset, v128.load(from + offset));
    }
    target += stride;
  }
}

export function addRows(
  histogram: usize,
  codes: usize,
  rows: usize,
  lanes: usize,
  count: i32,
  quads: i32,
): void {
  if (quads === 1) addOne(histogram, codes, rows, lanes, count);
  else if (quads === 2) addTwo(histogram, codes, rows, lanes, count);
  else if (quads === 3) addThree(histogram, codes, rows, lanes, count);
  else addMany(histogram, codes, rows, lanes, count, quads);
}

function cellOf(codes: usize, rows: usize): usize {
  return <usize>load<u8>(codes + <usize>load<i32>(rows));
}

function addQuad(cell: usize, lanes: usize): void {
  v128.store(cell, i32x4.add(v128.load(cell), v128.load(lanes)));
}

function addOne(histogram: usize, codes: usize, rows: usize, lanes: usize, count: i32): void {
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    addQuad(histogram + (cellOf(codes, rows) << 4), lanes);
    lanes += 16;
  }
}

function addTwo(histogram: usize, codes: usize, rows: usize, lanes: usize, count: i32): void {
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    const cell = histogram + (cellOf(codes, rows) << 5);
    addQuad(cell, lanes);
    addQuad(cell + 16, lanes + 16);
    lanes += 32;
  }
}

function addThree(histogram: usize, codes: usize, rows: usize, lanes: usize, count: i32): void {
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    const cell = histogram + cellOf(codes, rows) * 48;
    addQuad(cell, lanes);
    addQuad(cell + 16, lanes + 16);
    addQuad(cell + 32, lanes + 32);
    lanes += 48;
  }
}

function addMany(histogram: usize, codes: usize, rows: usize, lanes: usize, count: i32, quads: i32): void {
  const stride = (<usize>quads) << 4;
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    let cell = histogram + cellOf(codes, rows) * stride;
    const last = cell + stride;
    for (; cell < last; cell += 16) {
      addQuad(cell, lanes);
      lanes += 16;
    }
  }
}

export function addEntries(
  histogram: usize,
  codes: usize,
  rows: usize,
  starts: usize,
  entries: usize,
  count: i32,
  quads: i32,
): void {
  const stride = (<usize>quads) << 4;
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    const row = <usize>load<i32>(rows);
    const cell = histogram + <usize>load<u8>(codes + row) * stride;
    store<i32>(cell, load<i32>(cell) + 1);
    let entry = entries + ((<usize>load<i32>(starts + (row << 2))) << 3);
    const last = entries + ((<usize>load<i32>(starts + (row << 2), 4)) << 3);
    for (; entry < last; entry += 8) {
      const lane = cell + <usize>load<i32>(entry);
      store<i32>(lane, load<i32>(lane) + load<i32>(entry, 4));
    }
  }
}

export function subtract(from: usize, what: usize, quads: i32): void {
  const end = from + ((<usize>quads) << 4);
  for (; from < end; from += 16) {
    v128.store(from, i32x4.sub(v128.load(from), v128.load(what)));
    what += 16;
  }
}

export function partition(rows: usize, count: i32, codes: usize, goesLeft: usize, scratch: usize): i32 {
  let left = rows;
  let right = scratch;
  const end = rows + ((<usize>count) << 2);
  for (let from = rows; from < end; from += 4) {
    const row = load<i32>(from);
    const goes = (<usize>load<u8>(goesLeft + <usize>load<u8>(codes + <usize>row))) << 2;
    store<i32>(left, row);
    store<i32>(right, row);
    left += goes;
    right += 4 - goes;
  }
  memory.copy(left, scratch, right - scratch);
  return <i32>((left - rows) >> 2);
}

// Offsets in the block of a search's constants; see `SEARCH` in ../kernel.ts.
const OUTPUTS = 0;
const QUADS = 4;
const LEAST_ROWS = 8;
const CUT = 12;
const LEAST_HESSIAN = 16;
const BLOCK = 32;
const OUTPUT_BYTES = 32;

/**
 * Highest score of the cuts after cells `first` … `last` − 1, with what is on the left and right before the first in
 * `sides` (a row of lanes each, changed). At least as high as `bar`, else nothing better was found.
 */
export function bestCut(histogram: usize, cells: i32, sides: usize, block: usize, bar: f64): f64 {
  const quads = load<i32>(block, QUADS);
  const stride = (<usize>quads) << 4;
  const leastRows = load<i32>(block, LEAST_ROWS);
  const leastHessian = load<f64>(block, LEAST_HESSIAN);
  const outputsEnd = block + BLOCK + <usize>load<i32>(block, OUTPUTS) * OUTPUT_BYTES;
  const left = sides;
  const right = sides + stride;
  let best = bar;
  let cut = -1;
  let cell = histogram;
  for (let b = 0; b < cells; b++) {
    if (load<i32>(cell) === 0) {
      cell += stride;
      continue;
    }
    for (let offset: usize = 0; offset < stride; offset += 16) {
      const sums = v128.load(cell + offset);
      v128.store(left + offset, i32x4.add(v128.load(left + offset), sums));
      v128.store(right + offset, i32x4.sub(v128.load(right + offset), sums));
    }
    cell += stride;
    if (load<i32>(right) < leastRows) break;
    if (load<i32>(left) < leastRows) continue;
    let score = f64x2.splat(0);
    let weight = f64x2.splat(0);
    for (let output = block + BLOCK; output < outputsEnd; output += OUTPUT_BYTES) {
      const g = <usize>load<i32>(output);
      const h = <usize>load<i32>(output, 4);
      const gradient = bothSides(left + g, right + g);
      const hessian = bothSides(left + h, right + h);
      const shrunk = f64x2.add(hessian, v128.load64_splat(output, 16));
      const square = f64x2.mul(f64x2.mul(gradient, gradient), v128.load64_splat(output, 8));
      score = f64x2.add(score, f64x2.div(square, shrunk));
      weight = f64x2.add(weight, f64x2.mul(hessian, v128.load64_splat(output, 24)));
    }
    const total = f64x2.extract_lane(score, 0) + f64x2.extract_lane(score, 1);
    if (
      total > best &&
      f64x2.extract_lane(weight, 0) >= leastHessian &&
      f64x2.extract_lane(weight, 1) >= leastHessian
    ) {
      // A later cut must be better by more than rounding.
      best = total * (1 + 1e-12);
      cut = b;
    }
  }
  store<i32>(block, cut, CUT);
  return best;
}

function bothSides(left: usize, right: usize): v128 {
  return f64x2.convert_low_i32x4_s(i32x4.replace_lane(v128.load32_zero(left), 1, load<i32>(right)));
}
