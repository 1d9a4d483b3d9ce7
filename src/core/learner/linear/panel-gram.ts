import { featureOf, scratchOf } from './design';
import { type GramMatrix, gathered } from './gram';
import { Kernel, MemoryLayout } from './kernel';
import type { LinearProblem, TaskRows } from './linear-problem';

/** Features taken through the kernel at a time, at most, and the numbers of a panel of them (4 MiB). */
const MOST_AT_ONCE = 64;
const PANEL_NUMBERS = 524_288;

/** Room in the kernel for inner products of features over the rows of any task of a problem; one call at a time. */
export class GramPanels {
  readonly most: number;
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly out: Float64Array;
  readonly scratch: Float64Array;
  private readonly kernel: Kernel;
  private readonly at: { readonly left: number; readonly right: number; readonly out: number };

  constructor(problem: LinearProblem) {
    const length = even(Math.max(...problem.tasks.map((task) => task.count)));
    this.most = Math.max(4, Math.min(MOST_AT_ONCE, Math.floor(PANEL_NUMBERS / length)));
    const layout = new MemoryLayout();
    this.at = {
      left: layout.place(this.most * length),
      right: layout.place(this.most * length),
      out: layout.place(this.most * this.most),
    };
    this.kernel = new Kernel(layout);
    this.left = this.kernel.floats(this.at.left, this.most * length);
    this.right = this.kernel.floats(this.at.right, this.most * length);
    this.out = this.kernel.floats(this.at.out, this.most * this.most);
    this.scratch = scratchOf(problem.design);
  }

  /** out[i · most + j] = ⟨left_i, right_j⟩ for vectors of `length` numbers, an even count. */
  multiply(lefts: number, rights: number, length: number): void {
    const { kernel, at, most } = this;
    kernel.run.products(at.left, length, lefts, at.right, length, rights, length / 2, at.out, most);
  }
}

/** What `Gram` is, for weights that change from time to time: the features asked for come in panels, by the kernel. */
export class PanelGram implements GramMatrix {
  readonly slots: Int32Array;
  private readonly features: Int32Array;
  private readonly matrix: Float64Array;
  private readonly weight: Float64Array;
  private count = 0;

  /** @param capacity features that there is room for; `reweigh` makes it free again */
  constructor(
    private readonly problem: LinearProblem,
    private readonly task: TaskRows,
    private readonly panels: GramPanels,
    readonly capacity: number,
  ) {
    this.slots = new Int32Array(problem.design.featureCount).fill(-1);
    this.features = new Int32Array(capacity);
    this.matrix = new Float64Array(capacity * capacity);
    this.weight = new Float64Array(task.count);
  }

  get size(): number {
    return this.count;
  }

  /** Forgets all products; the next are made with the task's part of H, laid out like predictions. */
  reweigh(H: Float64Array): void {
    const { offset, count } = this.task;
    this.weight.set(H.subarray(offset, offset + count));
    this.slots.fill(-1);
    this.count = 0;
  }

  gather(features: Int32Array): Float64Array {
    const { slots, panels } = this;
    const fresh = features.filter((j) => slots[j] < 0);
    for (let from = 0; from < fresh.length; from += panels.most)
      this.include(fresh.subarray(from, from + panels.most));
    return gathered(this.matrix, this.capacity, slots, features);
  }

  private include(fresh: Int32Array): void {
    const { panels, matrix, capacity, features, slots, task } = this;
    const length = even(task.count);
    const base = this.count;
    for (let k = 0; k < fresh.length; k++) {
      slots[fresh[k]] = base + k;
      features[base + k] = fresh[k];
      this.copyFeature(fresh[k], panels.right, k * length);
      this.weigh(panels.right, k * length);
    }
    this.count += fresh.length;
    for (let from = 0; from < this.count; from += panels.most) {
      const others = Math.min(panels.most, this.count - from);
      for (let k = 0; k < others; k++) this.copyFeature(features[from + k], panels.left, k * length);
      panels.multiply(others, fresh.length, length);
      for (let i = 0; i < others; i++) {
        for (let k = 0; k < fresh.length; k++) {
          // One value for both places of a pair, whichever of the two was centred.
          if (from + i > base + k) continue;
          const product = panels.out[i * panels.most + k];
          matrix[(from + i) * capacity + base + k] = product;
          matrix[(base + k) * capacity + from + i] = product;
        }
      }
    }
  }

  /** x becomes h (x − x̄): its sum is 0, so that the other feature of a product needs no centring. */
  private weigh(x: Float64Array, at: number): void {
    const { weight } = this;
    let sum = 0;
    let total = 0;
    for (let i = 0; i < weight.length; i++) {
      sum += weight[i] * x[at + i];
      total += weight[i];
    }
    const mean = this.problem.intercept ? sum / total : 0;
    for (let i = 0; i < weight.length; i++) x[at + i] = weight[i] * (x[at + i] - mean);
  }

  private copyFeature(j: number, out: Float64Array, to: number): void {
    const { rows, count } = this.task;
    const x = featureOf(this.problem.design, j, this.panels.scratch);
    if (rows) for (let i = 0; i < count; i++) out[to + i] = x[rows[i]];
    else out.set(x, to);
    if (count % 2 === 1) out[to + count] = 0;
  }
}

function even(count: number): number {
  return count + (count % 2);
}
