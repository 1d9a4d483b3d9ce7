// Sums of rows of lanes. What each does: see ../kernel.ts.

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
  return <usize>load<u8>(codes + ((<usize>load<i32>(rows)) << 2));
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

/** All four features of a group at once, whose codes are one word a row: the row and its lanes are read once. */
export function addGroup(
  histogram: usize,
  second: usize,
  third: usize,
  fourth: usize,
  codes: usize,
  rows: usize,
  lanes: usize,
  count: i32,
  quads: i32,
): void {
  if (quads === 1) groupOfOne(histogram, second, third, fourth, codes, rows, lanes, count);
  else if (quads === 2) groupOfTwo(histogram, second, third, fourth, codes, rows, lanes, count);
  else {
    addRows(histogram, codes, rows, lanes, count, quads);
    addRows(second, codes + 1, rows, lanes, count, quads);
    addRows(third, codes + 2, rows, lanes, count, quads);
    addRows(fourth, codes + 3, rows, lanes, count, quads);
  }
}

function groupOfOne(
  first: usize,
  second: usize,
  third: usize,
  fourth: usize,
  codes: usize,
  rows: usize,
  lanes: usize,
  count: i32,
): void {
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    const word = load<u32>(codes + ((<usize>load<i32>(rows)) << 2));
    const sums = v128.load(lanes);
    addSums(first + ((<usize>(word & 255)) << 4), sums);
    addSums(second + ((<usize>((word >> 8) & 255)) << 4), sums);
    addSums(third + ((<usize>((word >> 16) & 255)) << 4), sums);
    addSums(fourth + ((<usize>(word >> 24)) << 4), sums);
    lanes += 16;
  }
}

function groupOfTwo(
  first: usize,
  second: usize,
  third: usize,
  fourth: usize,
  codes: usize,
  rows: usize,
  lanes: usize,
  count: i32,
): void {
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    const word = load<u32>(codes + ((<usize>load<i32>(rows)) << 2));
    const low = v128.load(lanes);
    const high = v128.load(lanes, 16);
    addPair(first + ((<usize>(word & 255)) << 5), low, high);
    addPair(second + ((<usize>((word >> 8) & 255)) << 5), low, high);
    addPair(third + ((<usize>((word >> 16) & 255)) << 5), low, high);
    addPair(fourth + ((<usize>(word >> 24)) << 5), low, high);
    lanes += 32;
  }
}

/** Two features at once: where one cell has most rows, its sums wait for themselves, but not those of the other feature. */
export function addTwoFeatures(
  histogram: usize,
  codes: usize,
  otherHistogram: usize,
  otherCodes: usize,
  rows: usize,
  lanes: usize,
  count: i32,
  quads: i32,
): void {
  const stride = (<usize>quads) << 4;
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    const row = (<usize>load<i32>(rows)) << 2;
    const cell = histogram + <usize>load<u8>(codes + row) * stride;
    const other = otherHistogram + <usize>load<u8>(otherCodes + row) * stride;
    for (let offset: usize = 0; offset < stride; offset += 16) {
      const sums = v128.load(lanes);
      addSums(cell + offset, sums);
      addSums(other + offset, sums);
      lanes += 16;
    }
  }
}

function addSums(cell: usize, sums: v128): void {
  v128.store(cell, i32x4.add(v128.load(cell), sums));
}

function addPair(cell: usize, low: v128, high: v128): void {
  addSums(cell, low);
  addSums(cell + 16, high);
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
    const cell = histogram + <usize>load<u8>(codes + (row << 2)) * stride;
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
