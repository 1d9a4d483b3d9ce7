import { Kernel, MemoryLayout } from './kernel';
import { type LinearProblem, someRows } from './linear-problem';

/** Numbers of features that a pass takes at a time (2 MiB), and rows of them at least. */
const BLOCK_NUMBERS = 262_144;
const FEWEST_ROWS = 256;

/** What a pass over the rows finds at some weights. */
export interface PassResult {
  /** Predictions X W + 1 bᵀ, laid out as the problem says. */
  readonly Z: Float64Array;
  /** Xᵀ θ = −∇L, features × columns. */
  readonly V: Float64Array;
  /** Σ_i θ_i a column: −∂L/∂b. */
  readonly intercepts: Float64Array;
  /** w_t L_t a task. */
  readonly losses: Float64Array;
}

/**
 * Predictions, losses and the gradient at W and b, in one pass over the features of all rows: each block of rows is made once
 * and multiplied twice, by the kernel. For designs that are made on demand and tasks that look at all rows.
 */
export class RowPass {
  private readonly stride: number;
  private readonly kernel: Kernel;
  private readonly at: { readonly X: number; readonly W: number; readonly Z: number; readonly out: number };
  private readonly X: Float64Array;
  private readonly W: Float64Array;
  private readonly Z: Float64Array;
  private readonly out: Float64Array;
  private readonly own: Float64Array;
  private readonly theta: Float64Array;

  constructor(private readonly problem: LinearProblem) {
    const { design, columns, tasks } = problem;
    const { featureCount, rowCount } = design;
    const most = Math.max(FEWEST_ROWS, Math.floor(BLOCK_NUMBERS / featureCount));
    this.stride = evenly(Math.min(rowCount, most));
    const widest = Math.max(...tasks.map((task) => task.width));
    const layout = new MemoryLayout();
    const [x, w, z] = [featureCount * this.stride, featureCount * columns, columns * this.stride];
    this.at = { X: layout.place(x), W: layout.place(w), Z: layout.place(z), out: layout.place(w) };
    this.kernel = new Kernel(layout);
    this.X = this.kernel.floats(this.at.X, x);
    this.W = this.kernel.floats(this.at.W, w);
    this.Z = this.kernel.floats(this.at.Z, z);
    this.out = this.kernel.floats(this.at.out, w);
    this.own = new Float64Array(widest * this.stride);
    this.theta = new Float64Array(widest * this.stride);
  }

  /**
   * @param W features × columns, row-major
   * @param result filled
   * @returns Σ_t w_t L_t
   */
  lookAt(W: Float64Array, b: Float64Array, result: PassResult): number {
    const { kernel, at } = this;
    const { design, columns } = this.problem;
    result.V.fill(0);
    result.intercepts.fill(0);
    result.losses.fill(0);
    this.W.set(W);
    this.eachBlock(result.V, (from, count, length) => {
      for (let c = 0; c < columns; c++) this.Z.fill(b[c], c * length, (c + 1) * length);
      kernel.run.combine(at.X, design.featureCount, length / 2, at.W, columns, at.Z);
      this.turn(from, count, length, result);
    });
    return result.losses.reduce((sum, loss) => sum + loss, 0);
  }

  /** V = Xᵀ θ, θ laid out as predictions are. */
  correlateInto(theta: Float64Array, V: Float64Array): void {
    const { tasks } = this.problem;
    V.fill(0);
    this.eachBlock(V, (from, count, length) => {
      for (const task of tasks) {
        for (let k = 0; k < task.width; k++) {
          const first = task.offset + k * task.count + from;
          const to = (task.firstColumn + k) * length;
          this.Z.set(theta.subarray(first, first + count), to);
          if (count < length) this.Z[to + count] = 0;
        }
      }
    });
  }

  /** Adds Xᵀ θ to V, block by block, of the θ that `fill` leaves in the place of a block's predictions. */
  private eachBlock(V: Float64Array, fill: (from: number, count: number, length: number) => void): void {
    const { kernel, at, out, stride } = this;
    const { design, columns } = this.problem;
    const { featureCount, rowCount } = design;
    for (let from = 0; from < rowCount; from += stride) {
      const count = Math.min(stride, rowCount - from);
      const length = evenly(count);
      this.makeBlock(from, count, length);
      fill(from, count, length);
      const pairs = length / 2;
      kernel.run.products(at.X, length, featureCount, at.Z, length, columns, pairs, at.out, columns);
      for (let i = 0; i < V.length; i++) V[i] += out[i];
    }
  }

  /** Features of some rows, one after the other; what fills an odd count up is 0. */
  private makeBlock(from: number, count: number, length: number): void {
    const { X } = this;
    const { featureCount, make } = this.problem.design;
    for (let j = 0; j < featureCount; j++) {
      make?.(j, from, X.subarray(j * length, j * length + count));
      if (count < length) X[j * length + count] = 0;
    }
  }

  /** Takes the block's predictions away, adds its losses, and leaves θ in their place. */
  private turn(from: number, count: number, length: number, result: PassResult): void {
    const { Z } = this;
    for (const [t, task] of this.problem.tasks.entries()) {
      const { width, firstColumn, offset } = task;
      const own = this.own.subarray(0, width * count);
      const theta = this.theta.subarray(0, width * count);
      for (let k = 0; k < width; k++) {
        const block = Z.subarray((firstColumn + k) * length, (firstColumn + k) * length + count);
        own.set(block, k * count);
        result.Z.set(block, offset + k * task.count + from);
      }
      result.losses[t] += task.loss.evaluate(someRows(task, from, count), own, theta);
      for (let k = 0; k < width; k++) {
        const column = theta.subarray(k * count, (k + 1) * count);
        let sum = 0;
        for (let i = 0; i < count; i++) sum += column[i];
        result.intercepts[firstColumn + k] += sum;
        Z.set(column, (firstColumn + k) * length);
        if (count < length) Z[(firstColumn + k) * length + count] = 0;
      }
    }
  }
}

function evenly(count: number): number {
  return count + (count % 2);
}
