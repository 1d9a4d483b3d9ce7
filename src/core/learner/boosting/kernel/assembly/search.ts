// Offsets in the block of a search's constants; see `SEARCH` in ../kernel.ts.
const OUTPUTS = 0;
const QUADS = 4;
const LEAST_ROWS = 8;
const LEAST_HESSIAN = 16;
const BLOCK = 32;
const OUTPUT_BYTES = 32;

// Offsets in what is found of a feature; see `FOUND` in ../kernel.ts.
const FOUND_CUT = 8;
const FOUND_MISSING = 12;
const SAW_MISSING = 1;
const MISSING_LEFT = 2;

/** The best cut of a feature of numbers, missing values on either side. */
export function searchNumbers(
  histogram: usize,
  cells: i32,
  present: i32,
  totals: usize,
  sides: usize,
  block: usize,
  bar: f64,
  found: usize,
): void {
  const stride = (<usize>load<i32>(block, QUADS)) << 4;
  const missing = present < cells ? histogram + <usize>present * stride : 0;
  store<i32>(found, -1, FOUND_CUT);
  if (missing === 0 || load<i32>(missing) === 0) {
    startSides(sides, totals, 0, stride);
    store<f64>(found, bestCut(histogram, present - 1, sides, block, bar, found));
    store<i32>(found, 0, FOUND_MISSING);
    return;
  }
  startSides(sides, totals, 0, stride);
  const best = bestCut(histogram, present, sides, block, bar, found);
  store<f64>(found, best);
  store<i32>(found, SAW_MISSING, FOUND_MISSING);
  // Every row missing on the left is the mirror of the last of these.
  if (load<i32>(missing) >= load<i32>(totals)) return;
  startSides(sides, totals, missing, stride);
  const better = bestCut(histogram, present - 1, sides, block, best, found);
  if (better > best) {
    store<f64>(found, better);
    store<i32>(found, SAW_MISSING | MISSING_LEFT, FOUND_MISSING);
  }
}

/** What is left and right before the first cut: the lanes at `missing` (0: nothing), and the rest. */
function startSides(sides: usize, totals: usize, missing: usize, stride: usize): void {
  for (let offset: usize = 0; offset < stride; offset += 16) {
    const left = missing === 0 ? i32x4.splat(0) : v128.load(missing + offset);
    v128.store(sides + offset, left);
    v128.store(sides + stride + offset, i32x4.sub(v128.load(totals + offset), left));
  }
}

/**
 * Highest score of the cuts after one of the first `cells` cells, with what is on the left and right before the first in
 * `sides` (a row of lanes each, changed). At least as high as `bar`, else nothing better was found and `found` is left as it is.
 */
export function bestCut(
  histogram: usize,
  cells: i32,
  sides: usize,
  block: usize,
  bar: f64,
  found: usize,
): f64 {
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
  if (cut >= 0) store<i32>(found, cut, FOUND_CUT);
  return best;
}

function bothSides(left: usize, right: usize): v128 {
  return f64x2.convert_low_i32x4_s(i32x4.replace_lane(v128.load32_zero(left), 1, load<i32>(right)));
}
