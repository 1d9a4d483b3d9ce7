import { allFeatures, type Design, eachBlock } from './design';
import { Kernel, MemoryLayout } from './kernel';
import type { TaskRows } from './linear-problem';
import type { LossRows } from './losses/loss';

/** Rows for each feature, or where there are few features, and numbers of all of them (8 MiB), at most. */
const ROWS_A_FEATURE = 400;
const ROWS = 4096;
const MOST_NUMBERS = 1_048_576;
/** Rows for each feature below which their second derivatives would say too little. */
const FEWEST_A_FEATURE = 48;
/** Rows that are weighed together, and features that are multiplied by. */
const CHUNK = 512;
const PANEL = 16;

/** Rows of a sample that has at most so many, or few; 0 where these would say too little. */
export function sampleSize({ rowCount, featureCount }: Design, most: number): number {
  const wanted = Math.max(ROWS, ROWS_A_FEATURE * featureCount);
  const size = Math.floor(
    Math.min(rowCount, wanted, Math.max(ROWS, most), MOST_NUMBERS / (featureCount + 1)),
  );
  return size >= Math.min(rowCount, FEWEST_A_FEATURE * featureCount) ? size : 0;
}

/**
 * Features of some of a design's rows, kept: one row out of every so many, at a place that no period of the data follows. Second
 * derivatives of a loss over them are about those over all rows.
 *
 * Roosta-Khorasani and Mahoney, Math. Program. 174 (2019): sub-sampled Newton methods.
 */
export class RowSample {
  /** By which sums over the sample stand for sums over all rows. */
  readonly scale: number;
  private readonly chosen: Int32Array;
  private readonly features: number;
  private readonly stride: number;
  private readonly kernel: Kernel;
  private readonly at: { readonly left: number; readonly right: number; readonly out: number };
  private readonly left: Float64Array;
  private readonly right: Float64Array;
  private readonly out: Float64Array;

  /** @param size rows */
  constructor(design: Design, size: number) {
    const { rowCount, featureCount } = design;
    this.features = featureCount;
    this.chosen = choose(rowCount, size);
    const count = this.chosen.length;
    this.scale = rowCount / count;
    this.stride = count + (count % 2);
    const layout = new MemoryLayout();
    const vectors = featureCount + 1;
    const [left, right, out] = [vectors * this.stride, vectors * CHUNK, vectors * PANEL];
    this.at = { left: layout.place(left), right: layout.place(right), out: layout.place(out) };
    this.kernel = new Kernel(layout);
    this.left = this.kernel.floats(this.at.left, left);
    this.right = this.kernel.floats(this.at.right, right);
    this.out = this.kernel.floats(this.at.out, out);
    this.left.fill(1, featureCount * this.stride, featureCount * this.stride + count);
    let next = 0;
    eachBlock(design, allFeatures(design), ({ features, starts, X, from, count: length }) => {
      const first = next;
      while (next < count && this.chosen[next] < from + length) next++;
      for (let a = 0; a < features.length; a++) {
        const to = features[a] * this.stride;
        for (let i = first; i < next; i++) this.left[to + i] = X[starts[a] + this.chosen[i] - from];
      }
    });
  }

  /** The sample's share of a task that looks at all rows. */
  rowsOf(task: TaskRows, Z: Float64Array): { readonly rows: LossRows; readonly Z: Float64Array } {
    const { chosen } = this;
    const { width, firstColumn } = task;
    const count = chosen.length;
    const own = new Float64Array(width * count);
    for (let k = 0; k < width; k++) {
      const at = task.offset + k * task.count;
      for (let i = 0; i < count; i++) own[k * count + i] = Z[at + chosen[i]];
    }
    const target = Float64Array.from(chosen, (row) => task.target[row]);
    const weight = Float64Array.from(chosen, (row) => task.weight[row]);
    return { rows: { count, width, target, weight, offset: 0, firstColumn }, Z: own };
  }

  /**
   * Σ_i h_i x_i x_iᵀ over the sample, x with a 1 at its end: symmetric, (features + 1)².
   * @param h one entry a row of the sample
   */
  products(h: Float64Array): Float64Array {
    const { kernel, at, left, right, out, stride } = this;
    const vectors = this.features + 1;
    const sums = new Float64Array(vectors * vectors);
    for (let from = 0; from < h.length; from += CHUNK) {
      const count = Math.min(CHUNK, h.length - from);
      for (let j = 0; j < vectors; j++) {
        const x = j * stride + from;
        const to = j * CHUNK;
        for (let i = 0; i < count; i++) right[to + i] = h[from + i] * left[x + i];
        if (count % 2 === 1) right[to + count] = 0;
      }
      const pairs = Math.ceil(count / 2);
      for (let panel = 0; panel < vectors; panel += PANEL) {
        const width = Math.min(PANEL, vectors - panel);
        const end = panel + width;
        const a = at.left + 8 * from;
        kernel.run.products(a, stride, end, at.right + 8 * panel * CHUNK, CHUNK, width, pairs, at.out, PANEL);
        for (let l = 0; l < end; l++) {
          for (let k = 0; k < width; k++) sums[l * vectors + panel + k] += out[l * PANEL + k];
        }
      }
    }
    for (let l = 0; l < vectors; l++) {
      for (let k = l + 1; k < vectors; k++) sums[k * vectors + l] = sums[l * vectors + k];
    }
    return sums;
  }
}

/** One row out of each of `count` stretches of the same length, ascending. */
function choose(rowCount: number, count: number): Int32Array {
  // A linear congruential generator (Numerical Recipes' constants): the same rows for the same size.
  let state = 1;
  return Int32Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * rowCount) / count);
    const end = Math.floor(((i + 1) * rowCount) / count);
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return start + Math.floor((state / 2 ** 32) * (end - start));
  });
}
