import { allFeatures, type Design, eachBlock } from './design';
import { Kernel, MemoryLayout } from './kernel';
import type { LinearProblem, TaskRows } from './linear-problem';
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
  /** A task's share each; predictions of the sample's rows lie column after column of the problem. */
  readonly tasks: readonly LossRows[];
  private readonly chosen: Int32Array;
  private readonly features: number;
  private readonly columns: number;
  private readonly stride: number;
  private readonly kernel: Kernel;
  private readonly at: Readonly<Record<'left' | 'right' | 'out' | 'weights' | 'rows', number>>;
  private readonly left: Float64Array;
  private readonly right: Float64Array;
  private readonly out: Float64Array;
  /** (features + 1) × columns, and columns × rows. */
  private readonly weights: Float64Array;
  private readonly rows: Float64Array;

  /**
   * @param problem whose tasks look at all rows
   * @param size rows
   */
  constructor({ design, tasks, columns }: LinearProblem, size: number) {
    const { rowCount, featureCount } = design;
    this.features = featureCount;
    this.columns = columns;
    this.chosen = choose(rowCount, size);
    const count = this.chosen.length;
    this.scale = rowCount / count;
    this.stride = count + (count % 2);
    this.tasks = tasks.map((task) => ({
      count,
      width: task.width,
      target: Float64Array.from(this.chosen, (row) => task.target[row]),
      weight: Float64Array.from(this.chosen, (row) => task.weight[row]),
      offset: task.firstColumn * count,
      firstColumn: task.firstColumn,
    }));
    const layout = new MemoryLayout();
    const vectors = featureCount + 1;
    const sizes = {
      left: vectors * this.stride,
      right: vectors * CHUNK,
      out: vectors * PANEL,
      weights: vectors * columns,
      rows: columns * this.stride,
    };
    this.at = {
      left: layout.place(sizes.left),
      right: layout.place(sizes.right),
      out: layout.place(sizes.out),
      weights: layout.place(sizes.weights),
      rows: layout.place(sizes.rows),
    };
    this.kernel = new Kernel(layout);
    this.left = this.kernel.floats(this.at.left, sizes.left);
    this.right = this.kernel.floats(this.at.right, sizes.right);
    this.out = this.kernel.floats(this.at.out, sizes.out);
    this.weights = this.kernel.floats(this.at.weights, sizes.weights);
    this.rows = this.kernel.floats(this.at.rows, sizes.rows);
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

  get count(): number {
    return this.chosen.length;
  }

  /** Fills `own` with the sample's predictions out of those of all rows. */
  gather(tasks: readonly TaskRows[], Z: Float64Array, own: Float64Array): void {
    const { chosen, count } = this;
    for (const task of tasks) {
      for (let k = 0; k < task.width; k++) {
        const from = task.offset + k * task.count;
        const to = (task.firstColumn + k) * count;
        for (let i = 0; i < count; i++) own[to + i] = Z[from + chosen[i]];
      }
    }
  }

  /** Adds X D + 1 βᵀ to predictions. */
  addProducts(D: Float64Array, beta: Float64Array, own: Float64Array): void {
    const { kernel, at, rows, weights, columns, count, stride } = this;
    weights.set(D);
    weights.set(beta, D.length);
    rows.fill(0);
    kernel.run.combine(at.left, this.features + 1, stride / 2, at.weights, columns, at.rows);
    for (let c = 0; c < columns; c++) {
      for (let i = 0; i < count; i++) own[c * count + i] += rows[c * stride + i];
    }
  }

  /** Sums that stand for Xᵀ θ and Σ θ over all rows: (features + 1) × columns. */
  correlate(theta: Float64Array, out: Float64Array): void {
    const { kernel, at, rows, weights, columns, count, stride, features, scale } = this;
    for (let c = 0; c < columns; c++) rows.set(theta.subarray(c * count, (c + 1) * count), c * stride);
    kernel.run.products(
      at.left,
      stride,
      features + 1,
      at.rows,
      stride,
      columns,
      stride / 2,
      at.weights,
      columns,
    );
    for (let i = 0; i < out.length; i++) out[i] = scale * weights[i];
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
