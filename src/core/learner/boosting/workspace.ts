import type { Threads } from '../threads';
import { weightsOfTask } from '../trees/training-set';
import { type Common, layOutCommon, SharedDerivatives } from './common-memory';
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
import { type Output, outputsOf } from './outputs';
import type { TrainingData } from './training-data';

/** Bytes of histograms that are kept at once; those of further leaves are computed anew when their turn comes. */
const HISTOGRAM_BYTES = 2 ** 28;

/** Whose workspace it is. */
export interface Seat {
  /** The part of the memory to grow trees in; one of `regions`. */
  readonly region: number;
  readonly regions: number;
  /** That of the same fit on the thread with region 0, who has filled it; absent: there, where it is made. */
  readonly memory?: WebAssembly.Memory;
  /** Threads that share the work of each tree. */
  readonly threads?: Threads;
}

/** Where the arrays of a region are. Offsets. */
interface Region {
  readonly crew: Crew;
  readonly lanes: number;
  readonly starts: number;
  readonly ordered: number;
  readonly rows: number;
  readonly scratch: number;
  readonly goesLeft: number;
  readonly block: number;
  readonly histograms: number;
}

/** The arrays of one fit, in the kernel's memory; kinds of trees take turns in it. */
export class Workspace {
  readonly run: KernelFunctions;
  readonly memory: WebAssembly.Memory;
  /** Offsets of the arrays, for the kernel. */
  readonly at: Common & Region;
  /** Rows of lanes, or entries (see `Lanes.fill`). */
  readonly lanes: Int32Array;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  /** Per output of the model, see `Score`. */
  readonly reach: Float64Array;
  /** Per output of the model: scores, for binary tasks their probabilities (see `derive`), derivatives. */
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
  /** Histograms there is place for. */
  readonly slots: number;
  private readonly kernel: Kernel;
  private readonly histogramBytes: number;
  private readonly views: Int32Array[] = [];
  /** Tasks whose derivatives the kernel takes, and of these the binary ones. */
  private readonly derived: readonly number[];
  private readonly binary: readonly number[];

  /**
   * @param labelled per task, its labelled training positions
   * @param constrained cuts are searched for in TypeScript
   */
  constructor(
    private readonly data: TrainingData,
    labelled: readonly Int32Array[],
    trees: readonly Lanes[],
    maxLeaves: number,
    constrained: boolean,
    { region, regions, memory, threads }: Seat,
  ) {
    const { count, features, tasks } = data;
    const outputs = outputsOf(tasks);
    this.derived = [...tasks.keys()].filter((t) => tasks[t].type !== 'multiclass');
    this.binary = this.derived.filter((t) => tasks[t].type === 'binary');
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
    this.histogramBytes = Math.max(1, this.firstCell[features.length] * quads * 16);
    this.slots = Math.max(3, Math.min(maxLeaves + 1, Math.floor(HISTOGRAM_BYTES / this.histogramBytes)));
    const block = SEARCH.header + SEARCH.output * width;
    const sizes = {
      features: features.length,
      outputs: outputs.length,
      quads,
      derived: this.derived.map((t) => labelled[t].length),
      threads: regions > 1 ? 1 : crewSize(count * features.length, threads),
    };

    const layout = new MemoryLayout();
    const common = layOutCommon(layout, data, outputs, this.derived, labelled);
    const own = Array.from({ length: regions }, () => ({
      crew: new Crew(layout, sizes),
      lanes: layout.place(4 * length),
      starts: layout.place(4 * starts),
      ordered: layout.place(4 * ordered),
      rows: layout.place(4 * count),
      scratch: layout.place(4 * count + 4),
      goesLeft: layout.place(256),
      block: layout.place(block),
      histograms: layout.place(this.slots * this.histogramBytes),
    }));
    this.at = { ...common, ...own[region] };
    this.crew = this.at.crew;
    this.kernel = new Kernel(layout, memory);
    this.memory = this.kernel.memory;
    this.run = this.kernel.run;
    this.lanes = this.kernel.integers(this.at.lanes, length);
    this.starts = this.kernel.integers(this.at.starts, starts);
    this.rows = this.kernel.integers(this.at.rows, count);
    this.reach = this.kernel.floats(this.at.reach, outputs.length);
    this.scores = common.scores.map((at) => this.kernel.floats32(at, count));
    this.probabilities = common.probabilities.map((at) => this.kernel.floats32(at, at > 0 ? count : 0));
    this.derivatives = outputs.map(
      (_, o) =>
        new SharedDerivatives(
          this.kernel.floats32(common.gradients[o], count),
          this.kernel.floats32(common.hessians[o], count),
          this.kernel.floats(common.derivativeSums + 32 * o, 4),
        ),
    );
    this.goesLeft = this.kernel.bytes(this.at.goesLeft, 256);
    this.block = {
      integers: this.kernel.integers(this.at.block, block / 4),
      floats: this.kernel.floats(this.at.block, block / 8),
    };
    this.searched = Int32Array.from(features, ({ bins, present, cells }) =>
      bins.kind === 'numeric' && cells > 1 && !constrained ? present : 0,
    );
    if (memory === undefined) this.writeData(labelled);
    this.tellCrew(outputs, labelled);
    if (threads && regions === 1) this.crew.invite(this.kernel, threads);
  }

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

  /**
   * After the scores have changed: probabilities of the binary ones of the tasks (all, or one), derivatives of those that are not
   * multiclass. @returns `SUMS` of the latter
   */
  derive(tasks: readonly number[]): readonly Float64Array[] {
    const { crew, rows } = this;
    const binary = tasks.filter((t) => this.binary.includes(t));
    const derived = tasks.filter((t) => this.derived.includes(t));
    crew.sigmoid(rows.length, Math.max(0, this.binary.indexOf(binary[0])), binary.length);
    return crew.derive(Math.max(0, this.derived.indexOf(derived[0])), derived.length);
  }

  leafOutputs(outputs: readonly number[]): readonly LeafOutput[] {
    const { gradients, hessians, scores } = this.at;
    return outputs.map((o) => ({ gradient: gradients[o], hessian: hessians[o], scores: scores[o] }));
  }

  private writeData(labelled: readonly Int32Array[]): void {
    const { data, at, kernel, derived } = this;
    const { count } = data;
    data.codes.forEach((codes, f) => {
      const first = f % GROUP;
      const target = kernel.bytes(at.codes[f - first], GROUP * count);
      for (let i = 0, to = first; i < count; i++, to += GROUP) target[to] = codes[i];
    });
    labelled.forEach((positions, t) => {
      kernel.integers(at.positions[t], positions.length).set(positions);
    });
    for (const t of derived) {
      kernel.floats32(at.labels[t], count).set(data.labels[t]);
      const weights = weightsOfTask(data, t);
      if (weights) kernel.floats32(at.weights[t], count).set(weights);
    }
  }

  private tellCrew(outputs: readonly Output[], labelled: readonly Int32Array[]): void {
    const { data, at, crew } = this;
    const { tasks } = data;
    const outputOf = (t: number) => outputs.findIndex(({ task }) => task === t);
    crew.open(this.kernel, this.firstCell, at.codes, this.searched);
    crew.setSigmoids(this.binary.map(outputOf).map((o) => [at.scores[o], at.probabilities[o]]));
    crew.setDerived(
      this.derived.map((t): DerivedTask => {
        const o = outputOf(t);
        const binary = tasks[t].type === 'binary';
        return {
          binary,
          positions: at.positions[t],
          count: labelled[t].length,
          labels: at.labels[t],
          weights: at.weights[t],
          from: binary ? at.probabilities[o] : at.scores[o],
          gradient: at.gradients[o],
          hessian: at.hessians[o],
          weight: tasks[t].weight,
        };
      }),
    );
  }
}
