import { weightsOfTask } from '../trees/training-set';
import type { Crew, QuantisedLane } from './kernel';
import type { Derivatives } from './losses';
import { type Output, outputsOf } from './outputs';
import type { TrainingData } from './training-data';

/** Sums of absolute values in whole numbers stay below this, so that int32 sums of any rows never overflow. */
const LARGEST_SUM = 2 ** 30;

/** Below this share of labels that are there (long tables have 1 / tasks), rows are kept as lists of what is not 0. */
const SPARSE_LABELS = 0.25;

/** Where lanes are written: a part of the workspace. */
export interface LaneMemory {
  readonly crew: Pick<Crew, 'quantise'>;
  /** Offsets; `positions`, per task, of its labelled training positions. */
  readonly at: { readonly lanes: number; readonly positions: readonly number[] };
  readonly lanes: Int32Array;
  readonly starts: Int32Array;
}

/**
 * What a histogram sums for one kind of tree: in lane 0 the rows, then a gradient an output, then the hessians.
 *
 * Gradients are rounded to whole numbers of a unit: about their sum of absolute values over 2³⁰, each round. A row's gradient then
 * keeps about 29 − log₂ n bits, sums are exact, do not depend on the order of rows or on threads, and fit int32, of which
 * WebAssembly adds four at once (LightGBM's quantised training, Shi et al., 2022, makes do with 3 to 5 bits). Splits are
 * chosen by these sums; leaf values are computed from the gradients themselves.
 *
 * A regression's hessian is its row's weight: regressions labelled in the same rows share a lane, and where all rows are
 * labelled and weigh 1 it is lane 0.
 */
export class Lanes {
  /** Groups of four lanes a row. */
  readonly quads: number;
  readonly outputs: readonly Output[];
  /** Per output of the tree, its index among all outputs. */
  readonly outputIndex: readonly number[];
  /** Per output: its lanes, and what one unit in them is worth. */
  readonly gradient: Int32Array;
  readonly hessian: Int32Array;
  readonly gradientUnit: Float64Array;
  readonly hessianUnit: Float64Array;
  /** Positions to learn from that have a label for any output of the tree, ascending. */
  readonly positions: Int32Array;
  readonly sparse: boolean;
  /** Sparse: entries of position i are starts[i] … starts[i + 1] − 1. */
  readonly starts: Int32Array;

  /** Per output: its labelled positions; sparse: the entries of its gradient and (the first output of a lane) hessian. */
  private readonly labelled: readonly Int32Array[];
  private readonly gradientEntry: readonly Int32Array[];
  private readonly hessianEntry: readonly (Int32Array | undefined)[];
  private readonly ownsHessian: readonly boolean[];

  /**
   * @param labelled per task, its labelled training positions
   * @param tasks the tasks of the tree; `column`: the only class it is of
   */
  constructor(
    private readonly data: TrainingData,
    labelled: readonly Int32Array[],
    tasks: readonly number[],
    column?: number,
  ) {
    const all = outputsOf(data.tasks);
    this.outputIndex = [...all.keys()].filter(
      (o) => tasks.includes(all[o].task) && (column === undefined || all[o].column === column),
    );
    this.outputs = this.outputIndex.map((o) => all[o]);
    const width = this.outputs.length;
    this.positions =
      tasks.length === 1
        ? labelled[tasks[0]]
        : data.training.filter((i) => tasks.some((t) => !Number.isNaN(data.labels[t][i])));
    this.labelled = this.outputs.map(({ task }) => labelled[task]);
    this.gradient = Int32Array.from(this.outputs, (_, o) => 1 + o);
    this.hessian = new Int32Array(width);
    const lanes = this.placeHessians();
    this.ownsHessian = this.outputs.map(
      (_, o) => this.hessian[o] > 0 && this.hessian.indexOf(this.hessian[o]) === o,
    );
    this.quads = Math.ceil(lanes / 4);
    this.gradientUnit = new Float64Array(width).fill(1);
    this.hessianUnit = new Float64Array(width).fill(1);

    const there = this.labelled.reduce((sum, { length }) => sum + length, 0);
    this.sparse = there < SPARSE_LABELS * width * this.positions.length;
    this.starts = new Int32Array(this.sparse ? data.count + 1 : 0);
    this.gradientEntry = [];
    this.hessianEntry = [];
    if (this.sparse) [this.gradientEntry, this.hessianEntry] = this.placeEntries();
  }

  /** Labelled rows of an output. */
  rowsOf(output: number): number {
    return this.labelled[output].length;
  }

  /** Number of int32 that `fill` writes: rows of lanes, or pairs of an offset and a number. */
  get length(): number {
    return this.sparse ? 2 * this.starts[this.data.count] : this.data.count * this.quads * 4;
  }

  /** Where other lanes, or none, were in the memory: rows count 1, and all else is 0. */
  clear(memory: LaneMemory): void {
    if (this.sparse) {
      memory.starts.set(this.starts);
      return;
    }
    const stride = this.quads * 4;
    const { lanes } = memory;
    lanes.fill(0, 0, this.length);
    for (let i = 0; i < this.data.count; i++) lanes[i * stride] = 1;
  }

  /**
   * Writes the rows' lanes (dense: row-major, by position) or entries into the memory.
   * @param hessians those of regressions too, which never change
   */
  fill(derivatives: readonly Derivatives[], memory: LaneMemory, hessians: boolean): void {
    const wanted: QuantisedLane[] = [];
    this.outputIndex.forEach((index, o) => {
      const { gradient, hessian, magnitude, curvature } = derivatives[index];
      this.gradientUnit[o] = unitFor(magnitude);
      this.write(gradient, this.gradientUnit[o], o, this.gradient[o], this.gradientEntry[o], memory, wanted);
      this.hessianUnit[o] = this.countsRows(o)
        ? Math.fround(this.data.tasks[this.outputs[o].task].weight)
        : unitFor(curvature);
      if (!this.ownsHessian[o] || (this.isRegression(o) && !hessians)) return;
      this.write(hessian, this.hessianUnit[o], o, this.hessian[o], this.hessianEntry[o], memory, wanted);
    });
    memory.crew.quantise(wanted);
  }

  /** Unweighted regressions count rows: exactly 1 a row, worth the weight of the task. */
  private countsRows(o: number): boolean {
    return this.isRegression(o) && weightsOfTask(this.data, this.outputs[o].task) === undefined;
  }

  private isRegression(o: number): boolean {
    return this.data.tasks[this.outputs[o].task].type === 'regression';
  }

  private write(
    values: Float32Array,
    unit: number,
    o: number,
    lane: number,
    entries: Int32Array | undefined,
    { at, lanes }: LaneMemory,
    wanted: QuantisedLane[],
  ): void {
    const positions = this.labelled[o];
    const perUnit = 1 / unit;
    if (!this.sparse || entries === undefined) {
      wanted.push({
        values: values.byteOffset,
        positions: at.positions[this.outputs[o].task],
        count: positions.length,
        perUnit,
        target: at.lanes + 4 * lane,
        stride: 16 * this.quads,
      });
      return;
    }
    for (let j = 0; j < positions.length; j++) {
      const to = 2 * entries[j];
      lanes[to] = 4 * lane;
      lanes[to + 1] = Math.round(values[positions[j]] * perUnit);
    }
  }

  /** @returns the number of lanes */
  private placeHessians(): number {
    const { data, outputs, labelled, hessian } = this;
    let lanes = 1 + outputs.length;
    outputs.forEach(({ task }, o) => {
      if (data.tasks[task].type !== 'regression') {
        hessian[o] = lanes++;
        return;
      }
      const weights = weightsOfTask(data, task);
      if (weights === undefined && labelled[o].length === this.positions.length) return;
      const like = outputs.findIndex(
        (other, p) =>
          p < o &&
          data.tasks[other.task].type === 'regression' &&
          data.tasks[other.task].weight === data.tasks[task].weight &&
          weightsOfTask(data, other.task) === weights &&
          equal(labelled[p], labelled[o]),
      );
      hessian[o] = like >= 0 ? hessian[like] : lanes++;
    });
    return lanes;
  }

  private placeEntries(): [Int32Array[], (Int32Array | undefined)[]] {
    const { starts, labelled, ownsHessian } = this;
    labelled.forEach((positions, o) => {
      for (const i of positions) starts[i + 1] += ownsHessian[o] ? 2 : 1;
    });
    for (let i = 0; i < this.data.count; i++) starts[i + 1] += starts[i];
    const next = starts.slice();
    const place = (positions: Int32Array) => positions.map((i) => next[i]++);
    const gradients = labelled.map(place);
    return [gradients, labelled.map((positions, o) => (ownsHessian[o] ? place(positions) : undefined))];
  }
}

/** A power of 2, so that what is a short binary fraction (a weight, say) stays exact. */
function unitFor(sum: number): number {
  return sum > 0 ? 2 ** Math.ceil(Math.log2(sum / LARGEST_SUM)) : 1;
}

function equal(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
