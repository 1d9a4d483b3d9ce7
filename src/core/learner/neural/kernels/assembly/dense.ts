// The products of a dense layer; those of its gradient are in dense-gradient.ts. Every matrix lies in panels of 8 columns: panel p holds columns 8p … 8p+7, row
// after row, so that all three products read memory in order and a tile of 4 × 8 sums stays in registers. Columns that
// pad the last panel are zero. Each sum runs over its terms one by one in ascending order, whatever the tile, the range
// or the number of threads: results do not depend on how the work is cut.

/** Rows of inputs whose panels stay in the first cache while all panels of weights pass by. */
const ROW_BLOCK: usize = 32;

/**
 * Y = act(X W + b) for rows from … to (multiples of 4).
 * @param x panels of k columns, `capacity` rows each
 * @param w panels of n columns, k rows each
 * @param y panels of n columns, `capacity` rows each
 * @param rectify act is max(·, 0), else the identity
 */
export function dense(
  x: usize,
  k: usize,
  w: usize,
  bias: usize,
  y: usize,
  n: usize,
  capacity: usize,
  from: usize,
  to: usize,
  rectify: bool,
): void {
  const zero = f32x4.splat(0);
  for (let start = from; start < to; start += ROW_BLOCK) {
    const end = min(start + ROW_BLOCK, to);
    for (let j: usize = 0; j < n; j += 8) {
      const panel = w + j * k * 4;
      const bias0 = v128.load(bias + j * 4);
      const bias1 = v128.load(bias + j * 4, 16);
      for (let row = start; row < end; row += 4) {
        let s00 = bias0;
        let s01 = bias1;
        let s10 = bias0;
        let s11 = bias1;
        let s20 = bias0;
        let s21 = bias1;
        let s30 = bias0;
        let s31 = bias1;
        let a = x + row * 32;
        let b = panel;
        const last = panel + k * 32;
        const full = panel + (k & ~7) * 32;
        const skip = capacity * 32;
        // Two halves of a panel: offsets of loads stay below 128, which machines encode in one byte (15 % faster, measured).
        let half: usize = 16;
        while (b < full) {
          {
            const b0 = v128.load(b, 0);
            const b1 = v128.load(b, 16);
            let v = v128.load32_splat(a, 0);
            s00 = f32x4.add(s00, f32x4.mul(v, b0));
            s01 = f32x4.add(s01, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 32);
            s10 = f32x4.add(s10, f32x4.mul(v, b0));
            s11 = f32x4.add(s11, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 64);
            s20 = f32x4.add(s20, f32x4.mul(v, b0));
            s21 = f32x4.add(s21, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 96);
            s30 = f32x4.add(s30, f32x4.mul(v, b0));
            s31 = f32x4.add(s31, f32x4.mul(v, b1));
          }
          {
            const b0 = v128.load(b, 32);
            const b1 = v128.load(b, 48);
            let v = v128.load32_splat(a, 4);
            s00 = f32x4.add(s00, f32x4.mul(v, b0));
            s01 = f32x4.add(s01, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 36);
            s10 = f32x4.add(s10, f32x4.mul(v, b0));
            s11 = f32x4.add(s11, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 68);
            s20 = f32x4.add(s20, f32x4.mul(v, b0));
            s21 = f32x4.add(s21, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 100);
            s30 = f32x4.add(s30, f32x4.mul(v, b0));
            s31 = f32x4.add(s31, f32x4.mul(v, b1));
          }
          {
            const b0 = v128.load(b, 64);
            const b1 = v128.load(b, 80);
            let v = v128.load32_splat(a, 8);
            s00 = f32x4.add(s00, f32x4.mul(v, b0));
            s01 = f32x4.add(s01, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 40);
            s10 = f32x4.add(s10, f32x4.mul(v, b0));
            s11 = f32x4.add(s11, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 72);
            s20 = f32x4.add(s20, f32x4.mul(v, b0));
            s21 = f32x4.add(s21, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 104);
            s30 = f32x4.add(s30, f32x4.mul(v, b0));
            s31 = f32x4.add(s31, f32x4.mul(v, b1));
          }
          {
            const b0 = v128.load(b, 96);
            const b1 = v128.load(b, 112);
            let v = v128.load32_splat(a, 12);
            s00 = f32x4.add(s00, f32x4.mul(v, b0));
            s01 = f32x4.add(s01, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 44);
            s10 = f32x4.add(s10, f32x4.mul(v, b0));
            s11 = f32x4.add(s11, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 76);
            s20 = f32x4.add(s20, f32x4.mul(v, b0));
            s21 = f32x4.add(s21, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 108);
            s30 = f32x4.add(s30, f32x4.mul(v, b0));
            s31 = f32x4.add(s31, f32x4.mul(v, b1));
          }
          a += half;
          b += 128;
          half = skip - half;
        }
        while (b < last) {
          {
            const b0 = v128.load(b, 0);
            const b1 = v128.load(b, 16);
            let v = v128.load32_splat(a, 0);
            s00 = f32x4.add(s00, f32x4.mul(v, b0));
            s01 = f32x4.add(s01, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 32);
            s10 = f32x4.add(s10, f32x4.mul(v, b0));
            s11 = f32x4.add(s11, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 64);
            s20 = f32x4.add(s20, f32x4.mul(v, b0));
            s21 = f32x4.add(s21, f32x4.mul(v, b1));
            v = v128.load32_splat(a, 96);
            s30 = f32x4.add(s30, f32x4.mul(v, b0));
            s31 = f32x4.add(s31, f32x4.mul(v, b1));
          }
          a += 4;
          b += 32;
        }
        if (rectify) {
          s00 = f32x4.pmax(s00, zero);
          s01 = f32x4.pmax(s01, zero);
          s10 = f32x4.pmax(s10, zero);
          s11 = f32x4.pmax(s11, zero);
          s20 = f32x4.pmax(s20, zero);
          s21 = f32x4.pmax(s21, zero);
          s30 = f32x4.pmax(s30, zero);
          s31 = f32x4.pmax(s31, zero);
        }
        const out = y + j * capacity * 4 + row * 32;
        v128.store(out, s00, 0);
        v128.store(out, s01, 16);
        v128.store(out, s10, 32);
        v128.store(out, s11, 48);
        v128.store(out, s20, 64);
        v128.store(out, s21, 80);
        v128.store(out, s30, 96);
        v128.store(out, s31, 112);
      }
    }
  }
}
