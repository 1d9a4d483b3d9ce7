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
