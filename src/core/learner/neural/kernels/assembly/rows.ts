/**
 * Rows of a table into panels of 8 columns; rows up to the next multiple of 4 are zero.
 * @param source row-major, `stride` numbers a row (a multiple of 4, padded with zeros)
 * @param rows indices, 32-bit
 * @param capacity rows of every panel
 */
export function gather(
  source: usize,
  stride: usize,
  rows: usize,
  count: usize,
  capacity: usize,
  target: usize,
): void {
  const zero = f32x4.splat(0);
  const padded = (count + 3) & ~3;
  for (let i: usize = 0; i < padded; i++) {
    const out = target + i * 32;
    if (i < count) {
      const row = source + usize(load<u32>(rows + i * 4)) * stride * 4;
      for (let c: usize = 0; c < stride; c += 4) {
        v128.store(out + (c >> 3) * capacity * 32 + (c & 7) * 4, v128.load(row + c * 4));
      }
      if (stride & 7) v128.store(out + (stride >> 3) * capacity * 32 + 16, zero);
    } else {
      for (let c: usize = 0; c < stride; c += 8) {
        v128.store(out + (c >> 3) * capacity * 32, zero);
        v128.store(out + (c >> 3) * capacity * 32, zero, 16);
      }
    }
  }
}

/** Rows 0 … `rows` of a matrix in panels, row-major without padding. */
export function toRows(panels: usize, capacity: usize, rows: usize, columns: usize, out: usize): void {
  const full = columns & ~7;
  for (let row: usize = 0; row < rows; row++) {
    const to = out + row * columns * 4;
    const from = panels + row * 32;
    for (let j: usize = 0; j < full; j += 8) {
      v128.store(to + j * 4, v128.load(from + j * capacity * 4));
      v128.store(to + j * 4, v128.load(from + j * capacity * 4, 16), 16);
    }
    for (let j = full; j < columns; j++) {
      store<f32>(to + j * 4, load<f32>(from + full * capacity * 4 + (j - full) * 4));
    }
  }
}

/** act(S + b) in panels, from row-major S without padding; columns that pad are 0. */
export function fromRows(
  source: usize,
  rows: usize,
  columns: usize,
  bias: usize,
  rectify: bool,
  panels: usize,
  capacity: usize,
): void {
  const zero = f32x4.splat(0);
  const full = columns & ~7;
  for (let row: usize = 0; row < rows; row++) {
    const from = source + row * columns * 4;
    const to = panels + row * 32;
    for (let j: usize = 0; j < full; j += 8) {
      let a = f32x4.add(v128.load(from + j * 4), v128.load(bias + j * 4));
      let b = f32x4.add(v128.load(from + j * 4, 16), v128.load(bias + j * 4, 16));
      if (rectify) {
        a = f32x4.pmax(a, zero);
        b = f32x4.pmax(b, zero);
      }
      v128.store(to + j * capacity * 4, a);
      v128.store(to + j * capacity * 4, b, 16);
    }
    if (full < columns) {
      const last = to + full * capacity * 4;
      for (let c: usize = 0; c < 8; c++) {
        const j = full + c;
        let value: f32 = 0;
        if (j < columns) {
          value = load<f32>(from + j * 4) + load<f32>(bias + j * 4);
          if (rectify && value < 0) value = 0;
        }
        store<f32>(last + c * 4, value);
      }
    }
  }
}
