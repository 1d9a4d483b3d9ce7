import type { Threads } from '../threads';
import { weightsOfTask } from '../trees';
import {
  Crew,
  crewSize,
  type DerivedTask,
  GROUP,
  Kernel,
  type KernelFunctions,
  type LeafOutput,
  MemoryLayout,
  SEARCH,
} from './kernel';
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
    /** Per feature, a byte in four: those of four features lie side by side. */
    readonly codes: readonly number[];
    readonly lanes: number;
    readonly starts: number;
    readonly ordered: number;
    readonly rows: number;
    readonly scratch: number;
    readonly goesLeft: number;
    /** Per task, of its labelled training positions. */
    readonly positions: readonly number[];
    readonly block: number;
    readonly histograms: number;
  };
  /** Rows of lanes, or entries (see `Lanes.fill`). */
  readonly lanes: Int32Array;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  /** Per output of the model: scores, for binary tasks their probabilities (see `updateProbabilities`), derivatives. */
  readonly scores: readonly Float32Array[];
  readonly probabilities: readonly Float32Array[];
  readonly derivatives: readonly Derivatives[];
  readonly goesLeft: Uint8Array;
  readonly block: { readonly integers: Int32Array; readonly floats: Float64Array };
  /** First cell of each feature in a histogram, and the number of cells. */
  readonly firstCell: Int32Array;
  /** Per feature its cells with values where the kernel searches for cuts, else 0: categories, constrained features. */
  readonly searched: Int32Array;
  readonly crew: Crew;
  private readonly kernel: Kernel;

  /**
   * @param labelled per task, its labelled training positions
   * @param constrained cuts are searched for in TypeScript
   */
  constructor(
    data: TrainingData,
    labelled: readonly Int32Array[],
    trees: readonly Lanes[],
    maxLeaves: number,
    constrained: boolean,
    threads: Threads | undefined,
  ) {
    const { count, features, tasks } = data;
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
    const derived = [...tasks.keys()].filter((t) => tasks[t].type !== 'multiclass');
    const single = () => layout.place(4 * count);
    const labels = derived.map(single);
    // Tasks whose rows have the same weights have one list of them.
    const weightsAt = new Map<Float64Array, number>();
    const weights = derived.map((t) => {
      const own = weightsOfTask(data, t);
      if (own === undefined) return 0;
      const at = weightsAt.get(own) ?? single();
      weightsAt.set(own, at);
      return at;
    });
    // Tasks with the same labelled rows have one list of them.
    const places = new Map<Int32Array, number>();
    const place = (positions: Int32Array) => {
      const at = places.get(positions) ?? layout.place(4 * positions.length);
      places.set(positions, at);
      return at;
    };
    this.crew = new Crew(layout, {
      features: features.length,
      outputs: outputs.length,
      quads,
      derived: derived.map((t) => labelled[t].length),
      threads: crewSize(count * features.length, threads),
    });
    const groups = Array.from({ length: Math.ceil(features.length / GROUP) }, () =>
      layout.place(GROUP * count),
    );
    this.at = {
      positions: labelled.map(place),
      codes: features.map((_, f) => groups[Math.floor(f / GROUP)] + (f % GROUP)),
      lanes: layout.place(4 * length),
      starts: layout.place(4 * starts),
      ordered: layout.place(4 * ordered),
      rows: layout.place(4 * count),
      scratch: layout.place(4 * count + 4),
      goesLeft: layout.place(256),
      block: layout.place(block),
      histograms: layout.place(slots * histogram),
    };
    this.kernel = new Kernel(layout);
    this.run = this.kernel.run;
    this.lanes = this.kernel.integers(this.at.lanes, length);
    this.starts = this.kernel.integers(this.at.starts, starts);
    this.rows = this.kernel.integers(this.at.rows, count);
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
    this.block = {
      integers: this.kernel.integers(this.at.block, block / 4),
      floats: this.kernel.floats(this.at.block, block / 8),
    };
    data.codes.forEach((codes, f) => {
      const target = this.kernel.bytes(this.at.codes[f - (f % GROUP)], GROUP * count);
      for (let i = 0, to = f % GROUP; i < count; i++, to += GROUP) target[to] = codes[i];
    });
    this.slots = slots;
    this.histogramBytes = histogram;
    places.forEach((at, positions) => {
      this.kernel.integers(at, positions.length).set(positions);
    });
    weightsAt.forEach((at, own) => {
      this.kernel.floats32(at, count).set(own);
    });
    this.searched = Int32Array.from(features, ({ bins, present, cells }) =>
      bins.kind === 'numeric' && cells > 1 && !constrained ? present : 0,
    );
    const { crew, kernel } = this;
    crew.open(kernel, this.firstCell, this.at.codes, this.searched);
    crew.setSigmoids(probabilities.flatMap((at, o) => (isBinary[o] ? [[scores[o], at] as const] : [])));
    crew.setDerived(
      derived.map((t, d): DerivedTask => {
        this.kernel.floats32(labels[d], count).set(data.labels[t]);
        const o = outputs.findIndex(({ task }) => task === t);
        return {
          binary: isBinary[o],
          positions: this.at.positions[t],
          count: labelled[t].length,
          labels: labels[d],
          weights: weights[d],
          from: isBinary[o] ? probabilities[o] : scores[o],
          gradient: gradients[o],
          hessian: hessians[o],
          weight: tasks[t].weight,
        };
      }),
    );
    if (threads) crew.invite(kernel, threads);
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
    this.crew.sigmoid(this.rows.length);
  }

  leafOutputs(outputs: readonly number[]): readonly LeafOutput[] {
    return outputs.map((o) => ({
      gradient: this.derivatives[o].gradient.byteOffset,
      hessian: this.derivatives[o].hessian.byteOffset,
      scores: this.scores[o].byteOffset,
    }));
  }
}
