import { featureOf, scratchOf } from './design';
import { type GramMatrix, gathered } from './gram';
import { Kernel, type MemoryLayout } from './kernel';
import type { LinearProblem, TaskRows } from './linear-problem';
import type { Origin } from './objective';

/** Features taken through the kernel at a time, at most, and the numbers of a panel of them (16 MiB). */
const MOST_AT_ONCE = 64;
const PANEL_NUMBERS = 2_097_152;
/** Features that come in at a time, in panels: the others are copied once for all of them. */
const PANELS = 4;

/**
 * Squared losses of tasks with the same rows and weights, seen through inner products: with G = X̃ᵀHX̃, S = X̃ᵀHỸ
 * (X̃, Ỹ centred with the weights h, which sum to 1),
 *
 *     ½ ‖Ỹ − X̃W‖²_H = ½ (⟨Y,Y⟩ − ⟨W,S⟩ − ⟨W,V⟩),   V = S − GW = −∇L,
 *
 * so that what a solver does costs nothing that grows with the rows. G is kept for the features that were asked for,
 * in the order they were asked for: a feature has a slot.
 */
export class GramSpace implements GramMatrix {
  readonly slots: Int32Array;
  /** Feature of a slot. */
  readonly features: Int32Array;
  /** Numbers in a row of W, V and S: the columns, and one of zeros where they are odd. */
  readonly width: number;
  readonly pairs: number;
  readonly stride: number;
  /** slots × width. */
  readonly W: Float64Array;
  readonly V: Float64Array;
  readonly S: Float64Array;
  /** Σ h (y − ȳ)² a column. */
  readonly squares: Float64Array;
  readonly kernel: Kernel;
  readonly at: Readonly<Record<Place, number>>;
  readonly gram: Float64Array;
  size = 0;
  private readonly means: Float64Array;
  private readonly weight: Float64Array;
  private readonly rows: Int32Array | undefined;
  private readonly targets: readonly Float64Array[];
  private readonly targetMeans: Float64Array;
  private readonly count: number;
  private readonly length: number;
  private readonly panel: number;
  private readonly scratch: Float64Array;

  /**
   * @param problem squared losses of tasks with the same rows, weights and task weight
   * @param layout of the memory that the space makes: others may have their places in it
   */
  constructor(
    private readonly problem: LinearProblem,
    private readonly start: Origin['point'],
    layout: MemoryLayout,
  ) {
    const { design, tasks, columns, intercept } = problem;
    const [first] = tasks;
    const { featureCount } = design;
    this.count = first.count;
    this.scratch = scratchOf(design);
    this.rows = first.rows;
    this.weight = first.weight.map((w) => w / first.taskWeight);
    this.targets = tasks.map((task) => task.target);
    this.targetMeans = Float64Array.from(tasks, (task) => (intercept ? weightedMean(task, this.weight) : 0));
    this.squares = Float64Array.from(tasks, (task, c) => this.squareOf(task, this.targetMeans[c]));
    this.slots = new Int32Array(featureCount).fill(-1);
    this.features = new Int32Array(featureCount);
    this.means = new Float64Array(featureCount);
    this.width = even(columns);
    this.pairs = this.width / 2;
    this.stride = even(featureCount);
    this.length = even(this.count);
    this.panel = Math.max(4, Math.min(MOST_AT_ONCE, Math.floor(PANEL_NUMBERS / this.length)));
    const rowsOfAll = featureCount * this.width;
    this.at = {
      W: layout.place(rowsOfAll),
      V: layout.place(rowsOfAll),
      S: layout.place(rowsOfAll),
      given: layout.place(rowsOfAll),
      result: layout.place(rowsOfAll),
      weights: layout.place(this.panel * this.width),
      out: layout.place(this.panel * this.width),
      theta: layout.place(this.width * this.length),
      left: layout.place(PANELS * this.panel * this.length),
      right: layout.place(this.panel * this.length),
      gram: layout.place(featureCount * this.stride),
    };
    this.kernel = new Kernel(layout);
    this.W = this.kernel.floats(this.at.W, rowsOfAll);
    this.V = this.kernel.floats(this.at.V, rowsOfAll);
    this.S = this.kernel.floats(this.at.S, rowsOfAll);
    this.gram = this.kernel.floats(this.at.gram, featureCount * this.stride);
  }

  /** Gives slots to `features`, ascending or not, that have none yet; their rows of W are 0. */
  include(features: Int32Array): void {
    const fresh = features.filter((j) => this.slots[j] < 0);
    for (let from = 0; from < fresh.length; from += PANELS * this.panel)
      this.includePanels(fresh.subarray(from, from + PANELS * this.panel));
  }

  gather(features: Int32Array): Float64Array {
    this.include(features);
    return gathered(this.gram, this.stride, this.slots, features);
  }

  /** Writes W and V of the slots down. */
  keep(into: { readonly W: Float64Array; readonly V: Float64Array }): void {
    const length = this.size * this.width;
    into.W.set(this.W.subarray(0, length));
    into.V.set(this.V.subarray(0, length));
  }

  /** Makes what was written down the W and V of the slots. */
  take(from: { readonly W: Float64Array; readonly V: Float64Array }): void {
    const length = this.size * this.width;
    this.W.set(from.W.subarray(0, length));
    this.V.set(from.V.subarray(0, length));
  }

  /** out = S − GW in the slots from `first` on, for a W and an `out` of slots × width. */
  correlateSlots(W: Float64Array, out: Float64Array, first = 0): void {
    const { size, width, stride, kernel, at, S, pairs } = this;
    if (first === size) return;
    const length = size * width;
    const inner = W === this.W ? at.W : at.given;
    if (W !== this.W) kernel.floats(at.given, length).set(W.subarray(0, length));
    const result = kernel.floats(at.result, length);
    result.set(S.subarray(first * width, length), first * width);
    kernel.run.correlate(at.gram, stride, size, first, at.result, inner, pairs);
    out.set(result.subarray(first * width), first * width);
  }

  /** V of the features without a slot, by the rows of the data: fills V (features × columns) where `skip` is 0. */
  correlateOthers(V: Float64Array, skip: Uint8Array): void {
    const { kernel, at, length, width, slots } = this;
    const { featureCount } = this.problem.design;
    const { columns } = this.problem;
    const others: number[] = [];
    for (let j = 0; j < featureCount; j++) if (slots[j] < 0 && skip[j] === 0) others.push(j);
    if (others.length === 0) return;
    this.fillTheta();
    const left = kernel.floats(at.left, this.panel * length);
    const out = kernel.floats(at.out, this.panel * width);
    for (let from = 0; from < others.length; from += this.panel) {
      const rows = Math.min(this.panel, others.length - from);
      for (let k = 0; k < rows; k++) this.copyFeature(others[from + k], left, k * length);
      kernel.run.products(at.left, length, rows, at.theta, length, width, length / 2, at.out, width);
      for (let k = 0; k < rows; k++) {
        for (let c = 0; c < columns; c++) V[others[from + k] * columns + c] = out[k * width + c];
      }
    }
  }

  /** The intercepts that go with W. */
  readIntercepts(b: Float64Array): void {
    if (!this.problem.intercept) return;
    b.set(this.targetMeans);
    for (let s = 0; s < this.size; s++) {
      for (let c = 0; c < b.length; c++) b[c] -= this.means[s] * this.W[s * this.width + c];
    }
  }

  /** θ = h (y − ȳ − (x − x̄)ᵀW), a column after the other. */
  private fillTheta(): void {
    const { kernel, at, length, width, weight, count, W } = this;
    const theta = kernel.floats(at.theta, width * length);
    theta.fill(0);
    const left = kernel.floats(at.left, this.panel * length);
    const weights = kernel.floats(at.weights, this.panel * width);
    let filled = 0;
    for (let s = 0; s <= this.size; s++) {
      if (filled === this.panel || s === this.size) {
        kernel.run.combine(at.left, filled, length / 2, at.weights, width, at.theta);
        filled = 0;
      }
      if (s === this.size || !isNonZero(W, s * width, width)) continue;
      this.copyFeature(this.features[s], left, filled * length);
      weights.set(W.subarray(s * width, (s + 1) * width), filled * width);
      filled++;
    }
    for (let c = 0; c < this.targets.length; c++) {
      const z = c * length;
      const target = this.targets[c];
      let shift = 0;
      for (let i = 0; i < count; i++) {
        theta[z + i] = target[i] - theta[z + i];
        shift += weight[i] * theta[z + i];
      }
      if (!this.problem.intercept) shift = 0;
      for (let i = 0; i < count; i++) theta[z + i] = weight[i] === 0 ? 0 : weight[i] * (theta[z + i] - shift);
    }
  }

  private includePanels(fresh: Int32Array): void {
    const { kernel, at, length, width, stride, gram, weight, count, S, start } = this;
    const { columns } = this.problem;
    const left = kernel.floats(at.left, fresh.length * length);
    const right = kernel.floats(at.right, this.panel * length);
    const base = this.size;
    const scale = this.problem.tasks[0].taskWeight;
    for (let k = 0; k < fresh.length; k++) {
      const j = fresh[k];
      const slot = base + k;
      this.slots[j] = slot;
      this.features[slot] = j;
      const x = k * length;
      this.copyFeature(j, left, x);
      let mean = 0;
      for (let i = 0; i < count; i++) mean += weight[i] * left[x + i];
      if (!this.problem.intercept) mean = 0;
      this.means[slot] = mean;
      // Its sum is 0, so that the other feature of a product needs no centring.
      for (let i = 0; i < count; i++) left[x + i] = weight[i] * (left[x + i] - mean);
      for (let c = 0; c < columns; c++) S[slot * width + c] = start.V[j * columns + c] / scale;
    }
    this.size += fresh.length;
    for (let from = 0; from < this.size; from += this.panel) {
      const others = Math.min(this.panel, this.size - from);
      for (let k = 0; k < others; k++) this.copyFeature(this.features[from + k], right, k * length);
      // Of products between the new ones, those below the diagonal do.
      const first = Math.max(0, from - base);
      kernel.run.products(
        at.left + 8 * first * length,
        length,
        fresh.length - first,
        at.right,
        length,
        others,
        length / 2,
        at.gram + 8 * ((base + first) * stride + from),
        stride,
      );
      for (let k = 0; k < fresh.length; k++) {
        for (let l = from; l < Math.min(from + others, base); l++) {
          gram[l * stride + base + k] = gram[(base + k) * stride + l];
        }
      }
    }
    // One value for both places of a pair, whichever of the two was centred.
    for (let k = base; k < this.size; k++) {
      for (let l = base; l < k; l++) gram[l * stride + k] = gram[k * stride + l];
    }
    this.correlateSlots(this.W, this.V, base);
  }

  private copyFeature(j: number, out: Float64Array, to: number): void {
    const { rows, count } = this;
    const x = featureOf(this.problem.design, j, this.scratch);
    if (rows) for (let i = 0; i < count; i++) out[to + i] = x[rows[i]];
    else out.set(x, to);
    if (count < this.length) out[to + count] = 0;
  }

  private squareOf(task: TaskRows, mean: number): number {
    let sum = 0;
    for (let i = 0; i < task.count; i++) {
      if (this.weight[i] > 0) sum += this.weight[i] * (task.target[i] - mean) ** 2;
    }
    return sum;
  }
}

type Place = 'W' | 'V' | 'S' | 'given' | 'result' | 'weights' | 'out' | 'theta' | 'left' | 'right' | 'gram';

function even(count: number): number {
  return count + (count % 2);
}

function isNonZero(W: Float64Array, at: number, width: number): boolean {
  for (let i = at; i < at + width; i++) if (W[i] !== 0) return true;
  return false;
}

function weightedMean(task: TaskRows, weight: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < task.count; i++) if (weight[i] > 0) sum += weight[i] * task.target[i];
  return sum;
}
