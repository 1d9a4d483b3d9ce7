import { KernelModule } from '../../kernel-module';
import { kernelBytes } from './bytes';

/**
 * The hot loops of growing trees, over one linear memory. Arguments that point are byte offsets into it, those of lanes
 * multiples of 16.
 *
 * Gradients are whole numbers (see ../lanes.ts), so every sum is exact, whatever its order. A row has its sums side by
 * side in `quads` groups of four int32 lanes; lane 0 counts rows. A histogram has such a row of lanes for each cell, a
 * cell being a bin of a feature.
 */
export interface KernelFunctions {
  /** target[i] = 1 / (1 + e^−scores[i]), float32, `quads` times four, to about 1e-7. */
  sigmoid(scores: number, target: number, quads: number): void;
  /**
   * target[i] = values[i] × perUnit, rounded, for i in `positions`; `values` float32, `target` a lane of the first row, `stride`
   * the bytes of a row of lanes.
   */
  quantise(
    values: number,
    positions: number,
    count: number,
    perUnit: number,
    target: number,
    stride: number,
  ): void;
  /** target[i] = lanes[rows[i]], rows of lanes. */
  gatherRows(lanes: number, rows: number, count: number, quads: number, target: number): void;
  /**
   * histogram[codes[rows[i]]] += lanes[i]: `lanes` are in the order of `rows`. Codes are a byte in four: those of a group of four
   * features lie side by side.
   */
  addRows(histogram: number, codes: number, rows: number, lanes: number, count: number, quads: number): void;
  /** The same for two features. */
  addTwoFeatures(
    histogram: number,
    codes: number,
    otherHistogram: number,
    otherCodes: number,
    rows: number,
    lanes: number,
    count: number,
    quads: number,
  ): void;
  /** The same for the four features of a group, whose codes begin at `codes`. */
  addGroup(
    first: number,
    second: number,
    third: number,
    fourth: number,
    codes: number,
    rows: number,
    lanes: number,
    count: number,
    quads: number,
  ): void;
  /**
   * The same as `addRows` for rows of which few lanes differ from 0: row r counts 1 and has entries starts[r] … starts[r + 1] − 1, each
   * (offset of the lane in its row in bytes, number).
   */
  addEntries(
    histogram: number,
    codes: number,
    rows: number,
    starts: number,
    entries: number,
    count: number,
    quads: number,
  ): void;
  /** from −= what, `quads` times four lanes. */
  subtract(from: number, what: number, quads: number): void;
  /**
   * Puts rows with goesLeft[codes[row]] = 1 first, those with 0 after them, both in their old order.
   * @returns how many go left
   */
  partition(rows: number, count: number, codes: number, goesLeft: number, scratch: number): number;
  /**
   * The best cut of a feature after one of its first `cells` cells that hold rows: those up to it on the left. `sides` are
   * the lanes left and right before the first cell; `block` is a `SEARCH` block; `found`, a `FOUND`, receives the cut.
   * @returns the score of the best cut with a score above `bar` (times a little more than 1), else `bar`
   */
  bestCut(histogram: number, cells: number, sides: number, block: number, bar: number, found: number): number;
  /**
   * The best cut of a feature of numbers into `found`, whose missing values, in the cell after the `present` ones where there
   * are any, go to either side; `totals` are the lanes of the whole node.
   */
  searchNumbers(
    histogram: number,
    cells: number,
    present: number,
    totals: number,
    sides: number,
    block: number,
    bar: number,
    found: number,
  ): void;
  /** `differentiate` of ../losses.ts for a regression, with `SUMS`. `weights` 0: all 1. Labels and weights are float32. */
  squared(
    positions: number,
    count: number,
    labels: number,
    weights: number,
    scores: number,
    taskWeight: number,
    gradient: number,
    hessian: number,
    sums: number,
  ): void;
  /** The same for a binary task, from its probabilities. */
  logistic(
    positions: number,
    count: number,
    labels: number,
    weights: number,
    probabilities: number,
    taskWeight: number,
    gradient: number,
    hessian: number,
    sums: number,
  ): void;
  /** Sums of the gradient and hessian over `rows`, two float64. */
  sumLeaf(rows: number, count: number, gradient: number, hessian: number, sums: number): void;
  addLeaf(rows: number, count: number, value: number, scores: number): void;
  /** Does the job in the block, see crew.ts; with `shared` 1 together with the threads in `serve`. */
  perform(job: number, shared: number): void;
  serve(job: number, participant: number): void;
  dismiss(job: number): void;
}

/**
 * What `bestCut` reads: the score of a cut is Σ_o scale_o (G_L² / (H_L + shrinkage_o) + G_R² / (H_R + shrinkage_o)), G and H
 * the sums in the lanes of output o; both sides must have at least `leastRows` rows and Σ_o weight_o H_o ≥ `leastHessian`.
 *
 * Bytes: int32 number of outputs, quads, leastRows; float64 leastHessian at 16; from byte 32, for each output, int32 byte
 * offsets of its gradient and hessian in a row of lanes, float64 scale, shrinkage, weight.
 */
export const SEARCH = { outputs: 0, quads: 1, leastRows: 2, leastHessian: 2, header: 32, output: 32 };

/** What is found of a feature, bytes: float64 score, int32 cut (−1: none), int32 flags of what became of missing values. */
export const FOUND = { bytes: 16, sawMissing: 1, missingLeft: 2 };

/** Sums over a chunk of rows, float64: loss, weight, |gradient|, squares and curvature, all before the task's weight. */
export const SUMS = { bytes: 40, loss: 0, weight: 1, magnitude: 2, squares: 3, curvature: 4 };

/** A job, bytes: where its words are, and how many there can be. */
export const JOB = { items: 128, kind: 132, arguments: 144, bytes: 256 };

/** Features whose codes lie side by side. */
export const GROUP = 4;

/** Rows of a chunk in jobs by chunks. */
export const CHUNK = 4096;

const PAGE = 65_536;
const MOST_PAGES = 65_536;

const NAMES = [
  'sigmoid',
  'quantise',
  'gatherRows',
  'addRows',
  'addTwoFeatures',
  'addGroup',
  'addEntries',
  'subtract',
  'partition',
  'bestCut',
  'searchNumbers',
  'squared',
  'logistic',
  'sumLeaf',
  'addLeaf',
  'perform',
  'serve',
  'dismiss',
] as const satisfies readonly (keyof KernelFunctions)[];

const kernel = new KernelModule<KernelFunctions>(kernelBytes, NAMES);

/** Linear memory of one fit, and the kernel over it. Arrays are laid out first; then the memory exists. */
export class Kernel {
  readonly run: KernelFunctions;
  readonly memory: WebAssembly.Memory;
  readonly buffer: SharedArrayBuffer;

  /** @param memory one that was laid out like this on another thread */
  constructor(layout: MemoryLayout, memory?: WebAssembly.Memory) {
    const pages = Math.ceil(layout.bytes / PAGE);
    if (pages > MOST_PAGES) {
      throw new RangeError(
        `Boosting this table takes ${(layout.bytes / 2 ** 30).toFixed(1)} GiB at once, more than the 4 GiB there can be. ` +
          'Use fewer rows, features or tasks, or fewer `bins`.',
      );
    }
    this.memory = memory ?? new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.run = instantiate(this.memory);
    this.buffer = this.memory.buffer;
  }

  bytes(at: number, length: number): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.buffer, at, length);
  }

  integers(at: number, length: number): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.buffer, at, length);
  }

  floats32(at: number, length: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(this.buffer, at, length);
  }

  floats(at: number, length: number): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.buffer, at, length);
  }
}

/** The kernel over a memory, one more instance for a thread. */
export function instantiate(memory: WebAssembly.Memory): KernelFunctions {
  return kernel.over(memory);
}

/** Gives out places in a memory that is yet to be made. */
export class MemoryLayout {
  bytes = 0;

  /** @returns the offset of `bytes` bytes, a multiple of 64 */
  place(bytes: number): number {
    const at = this.bytes;
    this.bytes += Math.ceil(bytes / 64) * 64;
    return at;
  }
}
