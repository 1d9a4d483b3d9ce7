import { Kernel, type KernelFunctions, MemoryLayout, SEARCH } from './kernel';
import type { Lanes } from './lanes';
import type { Derivatives } from './losses';
import { outputsOf, type TrainingData } from './training-data';

/** Bytes of histograms that are kept at once; those of further leaves are computed anew when their turn comes. */
const HISTOGRAM_BYTES = 2 ** 28;

/** The arrays of one fit, in the kernel's memory; kinds of trees take turns in it. */
export class Workspace {
  readonly run: KernelFunctions;
  /** Offsets of the arrays, for the kernel. */
  readonly at: {
    /** Per feature. */
    readonly codes: readonly number[];
    readonly lanes: number;
    readonly starts: number;
    readonly ordered: number;
    readonly rows: number;
    readonly scratch: number;
    readonly goesLeft: number;
    readonly sides: number;
    readonly block: number;
    readonly histograms: number;
  };
  /** Rows of lanes, or entries (see `Lanes.fill`). */
  readonly lanes: Int32Array;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly scratch: Int32Array;
  /** Per output of the model: scores, for binary tasks their probabilities (see `updateProbabilities`), derivatives. */
  readonly scores: readonly Float32Array[];
  readonly probabilities: readonly Float32Array[];
  readonly derivatives: readonly Derivatives[];
  readonly goesLeft: Uint8Array;
  /** Lanes left and right of a cut. */
  readonly sides: Int32Array;
  readonly block: { readonly integers: Int32Array; readonly floats: Float64Array };
  /** First cell of each feature in a histogram, and the number of cells. */
  readonly firstCell: Int32Array;
  readonly codes: readonly Uint8Array[];
  private readonly kernel: Kernel;

  constructor(data: TrainingData, trees: readonly Lanes[], maxLeaves: number) {
    const { count, features } = data;
    this.firstCell = new Int32Array(features.length + 1);
    features.forEach(({ cells }, f) => {
      this.firstCell[f + 1] = this.firstCell[f] + cells;
    });
    const most = (of: (lanes: Lanes) => number) => trees.reduce((max, lanes) => Math.max(max, of(lanes)), 0);
    const quads = most((lanes) => lanes.quads);
    const width = most((lanes) => lanes.outputs.length);
    const length = most((lanes) => lanes.length);
    const starts = most((lanes) => lanes.starts.length);
    const ordered = most((lanes) => (lanes.sparse ? 0 : lanes.length));
    const histogram = Math.max(1, this.firstCell[features.length] * quads * 16);
    const slots = Math.max(3, Math.min(maxLeaves + 1, Math.floor(HISTOGRAM_BYTES / histogram)));
    const block = SEARCH.header + SEARCH.output * width;

    const layout = new MemoryLayout();
    const outputs = outputsOf(data.tasks);
    // Whole groups of four: the kernel takes no other.
    const column = () => layout.place(16 * Math.ceil(count / 4));
    const isBinary = outputs.map(({ task }) => data.tasks[task].type === 'binary');
    const scores = outputs.map(column);
    const probabilities = isBinary.map((binary) => (binary ? column() : 0));
    const gradients = outputs.map(column);
    const hessians = outputs.map(column);
    this.at = {
      codes: features.map(() => layout.place(count)),
      lanes: layout.place(4 * length),
      starts: layout.place(4 * starts),
      ordered: layout.place(4 * ordered),
      rows: layout.place(4 * count),
      scratch: layout.place(4 * count + 4),
      goesLeft: layout.place(256),
      sides: layout.place(2 * 16 * quads),
      block: layout.place(block),
      histograms: layout.place(slots * histogram),
    };
    this.kernel = new Kernel(layout);
    this.run = this.kernel.run;
    this.lanes = this.kernel.integers(this.at.lanes, length);
    this.starts = this.kernel.integers(this.at.starts, starts);
    this.rows = this.kernel.integers(this.at.rows, count);
    this.scratch = this.kernel.integers(this.at.scratch, count);
    this.scores = scores.map((at) => this.kernel.floats32(at, count));
    this.probabilities = probabilities.map((at, o) => this.kernel.floats32(at, isBinary[o] ? count : 0));
    this.derivatives = gradients.map((gradient, o) => ({
      gradient: this.kernel.floats32(gradient, count),
      hessian: this.kernel.floats32(hessians[o], count),
      magnitude: 0,
      squares: 0,
      curvature: 0,
      weight: 0,
    }));
    this.goesLeft = this.kernel.bytes(this.at.goesLeft, 256);
    this.sides = this.kernel.integers(this.at.sides, 2 * 4 * quads);
    this.block = {
      integers: this.kernel.integers(this.at.block, block / 4),
      floats: this.kernel.floats(this.at.block, block / 8),
    };
    this.codes = data.codes.map((codes, f) => {
      const kept = this.kernel.bytes(this.at.codes[f], count);
      kept.set(codes);
      return kept;
    });
    this.slots = slots;
    this.histogramBytes = histogram;
  }

  readonly slots: number;
  private readonly histogramBytes: number;
  private readonly views: Int32Array[] = [];

  histogramAt(slot: number): number {
    return this.at.histograms + slot * this.histogramBytes;
  }

  /** The cells of one histogram, in rows of `stride` lanes. */
  histogram(slot: number, stride: number): Int32Array {
    const length = this.firstCell[this.firstCell.length - 1] * stride;
    const known = this.views[slot];
    if (known?.length === length) return known;
    this.views[slot] = this.kernel.integers(this.histogramAt(slot), length);
    return this.views[slot];
  }

  /** After the scores have changed. */
  updateProbabilities(): void {
    this.probabilities.forEach((target, o) => {
      const { byteOffset, length } = target;
      if (length > 0) this.run.sigmoid(this.scores[o].byteOffset, byteOffset, Math.ceil(length / 4));
    });
  }
}
