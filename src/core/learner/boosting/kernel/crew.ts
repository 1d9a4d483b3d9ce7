import type { Threads } from '../../threads';
import type { CrewSizes, DerivedTask, Division, LeafOutput, LeafRows, QuantisedLane } from './jobs';
import {
  CHUNK,
  FOUND,
  GROUP,
  JOB,
  type Kernel,
  type KernelFunctions,
  type MemoryLayout,
  SUMS,
} from './kernel';
import { SERVE, type Seat } from './serve';

/** Codes of the jobs, as `doItem` in assembly/jobs.ts knows them. */
const KINDS = ['gather', 'divide', 'derive', 'quantise', 'sigmoid', 'sumLeaves', 'addLeaves'] as const;

/** Work of about a microsecond each, below which it takes longer to share a job than to do it. */
const LEAST_WORK = 30_000;
/** Leaves × outputs that are summed in one job. */
const LEAF_PARTS = 16_384;

/**
 * The jobs of a fit: cut into items (a feature of a node, a chunk of rows, a leaf) that threads take one at a time, whoever
 * is free. An item writes what no other writes, from the same numbers in the same order whoever does it, and
 * what items find is put together in their order: bits do not depend on the number of threads. A thread that comes
 * late finds nothing left to do, and nobody waits for it.
 */
export class Crew {
  private readonly at: Readonly<
    Record<
      | 'job'
      | 'features'
      | 'parts'
      | 'firstCell'
      | 'codes'
      | 'present'
      | 'found'
      | 'totals'
      | 'sides'
      | 'derive'
      | 'sums'
      | 'quantise'
      | 'sigmoid'
      | 'leaves'
      | 'outputs'
      | 'leafSums'
      | 'leafValues',
      number
    >
  >;
  private readonly leavesAtOnce: number;
  private run: KernelFunctions | undefined;
  private integers: Int32Array = new Int32Array(0);
  private singles: Float32Array = new Float32Array(0);
  private floats: Float64Array = new Float64Array(0);
  private helpers: Promise<unknown>[] = [];
  /** First chunk of each task's derivatives, and the number of chunks. */
  private readonly derivedFrom: readonly number[];

  constructor(
    layout: MemoryLayout,
    private readonly sizes: CrewSizes,
  ) {
    const { features, outputs, quads, derived, threads } = sizes;
    const derivedFrom = [0];
    for (const count of derived) derivedFrom.push(derivedFrom[derivedFrom.length - 1] + chunksOf(count));
    this.derivedFrom = derivedFrom;
    this.leavesAtOnce = Math.max(1, Math.floor(LEAF_PARTS / outputs));
    const parts = this.leavesAtOnce * outputs;
    this.at = {
      job: layout.place(JOB.bytes),
      features: layout.place(4 * features),
      parts: layout.place(4 * features + 4),
      firstCell: layout.place(4 * features + 4),
      codes: layout.place(4 * features),
      present: layout.place(4 * features),
      found: layout.place(2 * FOUND.bytes * features),
      totals: layout.place(2 * 16 * quads),
      sides: layout.place(threads * 2 * 16 * quads),
      derive: layout.place(48 * derived.length),
      sums: layout.place(SUMS.bytes * derivedFrom[derived.length]),
      quantise: layout.place(2 * 32 * outputs),
      sigmoid: layout.place(8 * outputs),
      leaves: layout.place(8 * this.leavesAtOnce),
      outputs: layout.place(12 * outputs),
      leafSums: layout.place(16 * parts),
      leafValues: layout.place(4 * parts),
    };
  }

  /**
   * When the memory is there.
   * @param codes per feature, where they are
   * @param searched per feature its number of cells with values; 0 where its cuts are not for the kernel to search
   */
  open(kernel: Kernel, firstCell: Int32Array, codes: readonly number[], searched: Int32Array): void {
    this.run = kernel.run;
    const { buffer } = kernel;
    this.integers = new Int32Array(buffer);
    this.singles = new Float32Array(buffer);
    this.floats = new Float64Array(buffer);
    this.integers.set(firstCell, this.at.firstCell / 4);
    this.integers.set(codes, this.at.codes / 4);
    this.integers.set(searched, this.at.present / 4);
  }

  /** Lets threads take part, until `dismiss`. */
  invite(kernel: Kernel, threads: Threads): void {
    for (let participant = 1; participant < this.sizes.threads; participant++) {
      const seat: Seat = { memory: kernel.memory, job: this.at.job, participant };
      this.helpers.push(threads.run(SERVE, seat));
    }
  }

  /** @throws what a helper failed of */
  async dismiss(): Promise<void> {
    if (this.helpers.length === 0) return;
    this.run?.dismiss(this.at.job);
    await Promise.all(this.helpers.splice(0));
  }

  gather(lanes: number, rows: number, count: number, quads: number, target: number): void {
    this.perform('gather', chunksOf(count), count * quads, [lanes, rows, count, quads, target]);
  }

  /** See `Division`; `block` is the search's. Then `foundCut` tells. */
  divide(
    { features, quads, histogram, rows, count, lanes, starts, parent, search }: Division,
    block: number,
  ): void {
    const { at, sizes, integers, floats } = this;
    const parts = this.cutFeatures(features);
    search.forEach((one, s) => {
      if (one) integers.set(one.totals, at.totals / 4 + s * 4 * quads);
    });
    const totals = search.map((one, s) => (one ? at.totals + s * 16 * quads : 0));
    const more = at.job + JOB.arguments + 64;
    floats[more / 8] = search[0]?.bar ?? 0;
    floats[more / 8 + 1] = search[1]?.bar ?? 0;
    integers[more / 4 + 4] = at.parts;
    const cells = integers[at.firstCell / 4 + sizes.features] * quads;
    const work = count * features.length * quads + cells * (1 + search.filter(Boolean).length);
    this.perform('divide', parts, work, [
      ...[at.features, at.firstCell, at.codes, at.present, block],
      ...[histogram, rows, count, lanes, starts, parent],
      ...[at.sides, at.found, totals[0], totals[1], FOUND.bytes * sizes.features],
    ]);
  }

  /** Where there are groups enough for all threads, a group is a part of the job, else a feature is. @returns the number of parts */
  private cutFeatures(features: Int32Array): number {
    const { at, sizes, integers } = this;
    integers.set(features, at.features / 4);
    const size = Math.ceil(sizes.features / GROUP) >= sizes.threads ? GROUP : 1;
    let parts = 0;
    features.forEach((f, j) => {
      const before = j > 0 ? Math.floor(features[j - 1] / size) : -1;
      if (Math.floor(f / size) !== before) integers[at.parts / 4 + parts++] = j;
    });
    integers[at.parts / 4 + parts] = features.length;
    return parts;
  }

  /** What was found last of a feature, of the node (0) or its sibling (1); `cut` −1: nothing. */
  foundCut(
    which: number,
    feature: number,
  ): { readonly score: number; readonly cut: number; readonly flags: number } {
    const at = this.at.found + FOUND.bytes * (which * this.sizes.features + feature);
    return { score: this.floats[at / 8], cut: this.integers[at / 4 + 2], flags: this.integers[at / 4 + 3] };
  }

  /** Once: what `derive` does. */
  setDerived(tasks: readonly DerivedTask[]): void {
    const { integers, floats } = this;
    tasks.forEach(({ binary, positions, count, labels, weights, from, gradient, hessian, weight }, t) => {
      const entry = this.at.derive + 48 * t;
      const sums = this.at.sums + SUMS.bytes * this.derivedFrom[t];
      const words = [binary ? 1 : 0, positions, count, labels, weights, from, gradient, hessian, sums];
      integers.set(words, entry / 4);
      floats[entry / 8 + 5] = weight;
    });
  }

  /** Derivatives of `count` of the tasks that were set, from the `first` on. @returns their `SUMS` */
  derive(first: number, count: number): readonly Float64Array[] {
    const { at, floats, derivedFrom } = this;
    const chunks = derivedFrom[first + count] - derivedFrom[first];
    this.perform('derive', chunks, chunks * CHUNK, [at.derive + 48 * first]);
    return Array.from({ length: count }, (_, t) => {
      const total = new Float64Array(SUMS.bytes / 8);
      for (let chunk = derivedFrom[first + t]; chunk < derivedFrom[first + t + 1]; chunk++) {
        const from = at.sums / 8 + chunk * total.length;
        for (let s = 0; s < total.length; s++) total[s] += floats[from + s];
      }
      return total;
    });
  }

  quantise(lanes: readonly QuantisedLane[]): void {
    const { at, integers, floats } = this;
    let chunks = 0;
    lanes.forEach(({ values, positions, count, perUnit, target, stride }, l) => {
      const entry = at.quantise + 32 * l;
      integers.set([values, positions, count, target], entry / 4);
      floats[entry / 8 + 2] = perUnit;
      integers[entry / 4 + 6] = stride;
      chunks += chunksOf(count);
    });
    this.perform('quantise', chunks, chunks * CHUNK, [at.quantise]);
  }

  /** Once: the pairs of scores and probabilities that `sigmoid` is for. */
  setSigmoids(pairs: readonly (readonly [scores: number, probabilities: number])[]): void {
    this.integers.set(pairs.flat(), this.at.sigmoid / 4);
  }

  /** Of `count` scores each of `pairs` of the pairs that were set, from the `first` on. */
  sigmoid(count: number, first: number, pairs: number): void {
    this.perform('sigmoid', pairs * chunksOf(count), pairs * count, [this.at.sigmoid + 8 * first, count]);
  }

  /** Calls `each` with every leaf's sums of gradient and hessian, an output after the other, in the order of the leaves. */
  sumLeaves(
    rows: number,
    leaves: readonly LeafRows[],
    outputs: readonly LeafOutput[],
    each: (leaf: number, sums: Float64Array) => void,
  ): void {
    const { at, floats } = this;
    const width = 2 * outputs.length;
    this.inBatches(leaves, outputs, rows, (first, count, work, words) => {
      this.perform('sumLeaves', count * outputs.length, work, [...words, at.leafSums]);
      for (let l = 0; l < count; l++) {
        const from = at.leafSums / 8 + l * width;
        each(first + l, floats.subarray(from, from + width));
      }
    });
  }

  /** Adds each leaf's values, one an output, to the scores of its rows. */
  addLeaves(
    rows: number,
    leaves: readonly (LeafRows & { readonly values: Float32Array })[],
    outputs: readonly LeafOutput[],
  ): void {
    const { at, singles } = this;
    this.inBatches(leaves, outputs, rows, (first, count, work, words) => {
      for (let l = 0; l < count; l++) {
        singles.set(leaves[first + l].values, at.leafValues / 4 + l * outputs.length);
      }
      this.perform('addLeaves', count * outputs.length, work, [...words, at.leafValues]);
    });
  }

  private inBatches(
    leaves: readonly LeafRows[],
    outputs: readonly LeafOutput[],
    rows: number,
    batch: (first: number, count: number, work: number, words: readonly number[]) => void,
  ): void {
    const { at, integers } = this;
    outputs.forEach(({ gradient, hessian, scores }, o) => {
      integers.set([gradient, hessian, scores], at.outputs / 4 + 3 * o);
    });
    for (let first = 0; first < leaves.length; first += this.leavesAtOnce) {
      const some = leaves.slice(first, first + this.leavesAtOnce);
      let count = 0;
      some.forEach(({ start, end }, l) => {
        integers.set([rows + 4 * start, end - start], at.leaves / 4 + 2 * l);
        count += end - start;
      });
      batch(first, some.length, count * outputs.length, [at.leaves, outputs.length, at.outputs]);
    }
  }

  private perform(kind: (typeof KINDS)[number], items: number, work: number, words: readonly number[]): void {
    if (items === 0) return;
    const { job } = this.at;
    this.integers.set([items, KINDS.indexOf(kind)], (job + JOB.items) / 4);
    this.integers.set(words, (job + JOB.arguments) / 4);
    this.run?.perform(job, this.helpers.length > 0 && items > 1 && work >= LEAST_WORK ? 1 : 0);
  }
}

/** Threads worth their start: none helps with less than so many codes of rows a round. */
export function crewSize(codes: number, threads: Threads | undefined): number {
  if (threads === undefined || codes < 200_000) return 1;
  return Math.max(1, threads.count);
}

function chunksOf(count: number): number {
  return Math.ceil(count / CHUNK);
}
