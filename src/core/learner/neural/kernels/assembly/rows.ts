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
