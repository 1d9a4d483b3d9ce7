import { weightsOfTask } from '../trees/training-set';
import { GROUP, type MemoryLayout } from './kernel';
import type { Derivatives } from './losses';
import type { Output } from './outputs';
import type { TrainingData } from './training-data';

/** Where the arrays are that all threads share: data, and the state of the fit. Offsets. */
export interface Common {
  /** Per feature, a byte in four: those of four features lie side by side. */
  readonly codes: readonly number[];
  /** Per task, of its labelled training positions; tasks with the same ones have one list of them. */
  readonly positions: readonly number[];
  readonly reach: number;
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
  readonly gradients: readonly number[];
  readonly hessians: readonly number[];
  readonly derivativeSums: number;
  /** Per task; 0: multiclass, whose derivatives are not the kernel's, or all weights 1. */
  readonly labels: readonly number[];
  readonly weights: readonly number[];
}

export function layOutCommon(
  layout: MemoryLayout,
  data: TrainingData,
  outputs: readonly Output[],
  derived: readonly number[],
  labelled: readonly Int32Array[],
): Common {
  const { count, features, tasks } = data;
  // Whole groups of four: the kernel takes no other.
  const column = () => layout.place(16 * Math.ceil(count / 4));
  const single = () => layout.place(4 * count);
  const reach = layout.place(8 * outputs.length);
  // An array that several tasks have is there once.
  const known = new Map<Float64Array | Int32Array, number>();
  const once = (array: Float64Array | Int32Array) => {
    const at = known.get(array) ?? layout.place(4 * array.length);
    known.set(array, at);
    return at;
  };
  const scores = outputs.map(column);
  const probabilities = outputs.map(({ task }) => (tasks[task].type === 'binary' ? column() : 0));
  const gradients = outputs.map(column);
  const hessians = outputs.map(column);
  const weights = tasks.map((_, t) => weightsOfTask(data, t));
  const groups = Array.from({ length: Math.ceil(features.length / GROUP) }, () =>
    layout.place(GROUP * count),
  );
  return {
    reach,
    scores,
    probabilities,
    gradients,
    hessians,
    derivativeSums: layout.place(32 * outputs.length),
    labels: tasks.map((_, t) => (derived.includes(t) ? single() : 0)),
    weights: weights.map((own, t) => (own && derived.includes(t) ? once(own) : 0)),
    positions: labelled.map(once),
    codes: features.map((_, f) => groups[Math.floor(f / GROUP)] + (f % GROUP)),
  };
}

/** Derivatives of an output and their sums, in memory that threads share. */
export class SharedDerivatives implements Derivatives {
  constructor(
    readonly gradient: Float32Array,
    readonly hessian: Float32Array,
    private readonly sums: Float64Array,
  ) {}

  get magnitude(): number {
    return this.sums[0];
  }

  set magnitude(sum: number) {
    this.sums[0] = sum;
  }

  get squares(): number {
    return this.sums[1];
  }

  set squares(sum: number) {
    this.sums[1] = sum;
  }

  get curvature(): number {
    return this.sums[2];
  }

  set curvature(sum: number) {
    this.sums[2] = sum;
  }

  get weight(): number {
    return this.sums[3];
  }

  set weight(sum: number) {
    this.sums[3] = sum;
  }
}
