import { countOutputs, type TrainingSet } from '../../trees';
import type { GrowthLimits } from '../grow';

/** MOST_NEAR of assembly/near.ts. */
const MOST_NEAR = 512;

/** Hands out places in a memory. */
export class Places {
  end = 1024;

  /** @returns the address of so many bytes, a multiple of 16 */
  take(bytes: number): number {
    const at = this.end;
    this.end = Math.ceil((at + bytes) / 16) * 16;
    return at;
  }
}

/** How wide a row is: see assembly/memory.ts. */
export interface Widths {
  readonly rows: number;
  readonly features: number;
  readonly outputs: number;
  readonly quads: number;
  readonly targetQuads: number;
  readonly first: number;
  readonly masked: boolean;
  readonly counts: boolean;
}

export function widthsOf(set: TrainingSet, { minSamplesLeaf }: GrowthLimits): Widths {
  const outputs = countOutputs(set.tasks);
  const missing = set.labels.some((labels) => labels.some((label) => Number.isNaN(label)));
  // Weights of a task's own are laid out as masks are.
  const masked = missing || set.taskWeights !== undefined;
  const counts = minSamplesLeaf > 1;
  const first = masked ? 0 : counts ? 2 : 1;
  const targetQuads = Math.ceil((first + outputs) / 4);
  const quads = masked ? 2 * targetQuads + Number(counts) : targetQuads;
  const [rows, features] = [set.rows.length, set.features.length];
  return { rows, features, outputs, quads, targetQuads, first, masked, counts };
}

export function alongPath({ smoothing }: GrowthLimits, { masked }: Widths): boolean {
  return masked || smoothing > 0;
}

/** Which features do not vary is remembered of so many at most. */
export function constantWords({ features }: TrainingSet): number {
  return features.length > 512 ? 0 : Math.ceil(features.length / 64);
}

/** Features, of each that is drawn for a split, up to which it pays to gather all codes of a few rows. */
const GATHERED = 8;

/** Whether parts of a tree that have few rows are grown in lanes: see assembly/few.ts. */
export function growsFew(limits: GrowthLimits, widths: Widths): boolean {
  if (widths.masked || alongPath(limits, widths) || limits.randomCuts || limits.minSamplesLeaf > 1)
    return false;
  return widths.quads <= 2 && widths.features <= GATHERED * limits.features;
}

export type SharedPlaces = ReturnType<typeof placeSet>;

export function placeSet(places: Places, set: TrainingSet, { outputs, quads, targetQuads, masked }: Widths) {
  const n = set.rows.length;
  const d = set.features.length;
  return {
    columns: places.take(n * d),
    codesOfRows: places.take(n * d + 16),
    table: places.take(16 * quads * n),
    weights: set.weights === undefined || masked ? 0 : places.take(4 * n),
    targetMask: places.take(16),
    groupMask: places.take(16 * targetQuads),
    roots: places.take(32 * targetQuads),
    means: places.take(8 * outputs),
    spreads: places.take(8 * outputs),
    prior: places.take(8 * outputs),
    smoothing: places.take(8),
    categorical: places.take(d),
    lower: places.take(2048 * d),
    upper: places.take(2048 * d),
    binCounts: places.take(4 * d),
  };
}

export function placeThread(places: Places, set: TrainingSet, limits: GrowthLimits, widths: Widths) {
  const n = set.rows.length;
  const d = set.features.length;
  const { outputs, quads, targetQuads } = widths;
  const item = 16 * quads;
  const categorical = set.features.some(({ bins }) => bins.kind === 'categorical');
  const few = growsFew(limits, widths);
  const depths = alongPath(limits, widths) ? Math.min(n, limits.maxDepth) + 1 : 0;
  return {
    list: places.take(4 * 128),
    multiplicity: places.take(2 * n),
    weightsDrawn: places.take(4 * n),
    positions: places.take(4 * n + 16),
    outside: places.take(4 * n + 16),
    moved: places.take(4 * n + 16),
    items: places.take(item * n),
    histogram: places.take(item * 4 * 256),
    occurs: places.take(256),
    order: places.take(256),
    bins: places.take(256),
    codes: places.take(256),
    sums: places.take(32 * quads),
    weightSums: places.take(32 * quads),
    centres: places.take(16 * targetQuads * (Math.min(n, limits.maxDepth) + 2)),
    shifts: places.take(16 * targetQuads),
    extremes: places.take(32 * targetQuads),
    onLeft: places.take(item),
    cutNumbers: places.take(16 * 256),
    deviations: places.take(8 * (512 + 2 * outputs + 256 * outputs)),
    binSets: places.take(64),
    draw: places.take(4 * d),
    constants: places.take(8 * constantWords(set)),
    stack: places.take((32 + 8 * constantWords(set)) * (n + 2)),
    path: places.take(8 * outputs * depths),
    gains: places.take(32 * targetQuads * d),
    nodeFeature: places.take(8 * n),
    nodeThreshold: places.take(16 * n),
    nodeRight: places.take(8 * n),
    nodeFlags: places.take(2 * n),
    leafValues: places.take(4 * n * outputs),
    categorySets: places.take(categorical ? 32 * n : 0),
    outOfBag: places.take(limits.bootstrap ? 8 * n * outputs : 0),
    leftOut: places.take(limits.bootstrap ? 4 * n : 0),
    outsideRows: places.take(limits.bootstrap ? 4 * n : 0),
    leafOfRow: places.take(limits.bootstrap ? 4 * n : 0),
    nearTable: places.take(item * MOST_NEAR),
    nearCodes: places.take(d * MOST_NEAR + 16),
    nearWeights: places.take(4 * MOST_NEAR),
    nearNames: places.take(4 * MOST_NEAR),
    fewCodes: places.take(few ? 64 * d : 0),
    fewTargets: places.take(few ? item * 32 : 0),
    fewWeights: places.take(few ? 16 * 32 : 0),
    fewNames: places.take(few ? 4 * 32 : 0),
    fewItems: places.take(few ? item * 32 : 0),
    fewList: places.take(32),
    fewCells: places.take(few ? item * 256 : 0),
    fewGroups: places.take(few ? 4 * 256 : 0),
    fewMean: places.take(item),
    fewRight: places.take(item),
    fewShift: places.take(item),
    fewLeft: places.take(item),
    fewSums: places.take(few ? item * 32 : 0),
    fewRatios: places.take(few ? 4 * 36 : 0),
    fewStack: places.take(few ? (64 + 8 * constantWords(set)) * 34 : 0),
  };
}
