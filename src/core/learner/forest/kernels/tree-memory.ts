import { taskWidth } from '../../../dataset/problem';
import { MISSING_BIN, type TrainingSet } from '../../trees';
import type { GrowthLimits } from '../grow';

const PAGE = 65_536;
/** Most that WebAssembly can address: 4 GiB. */
const MOST_PAGES = 65_536;

/** What a thread reads of a tree when it is grown, as places in the memory. */
export interface ThreadPlaces {
  readonly gains: number;
  readonly feature: number;
  readonly threshold: number;
  readonly right: number;
  readonly flags: number;
  readonly leafValues: number;
  readonly categorySets: number;
  readonly outOfBag: number;
  readonly leftOut: number;
}

/** What the kernel is told where to find: `list` is the address of what `attach` reads. */
export interface ThreadRegion {
  readonly list: number;
  readonly places: ThreadPlaces;
}

/** A training set and room to work for each thread, in one shared memory; the order of numbers is that of assembly/memory.ts. */
export interface TreeMemory {
  readonly memory: WebAssembly.Memory;
  readonly regions: readonly ThreadRegion[];
  readonly rows: number;
  readonly features: number;
  readonly outputs: number;
  readonly tasks: number;
  /** Task of each output. */
  readonly taskOf: readonly number[];
  /** Pairs of outputs. */
  readonly pairs: number;
  readonly bootstrap: boolean;
}

/** What the kernel asks for: every row has a label of every task, values are not smoothed, addresses fit in 31 bits. */
export function kernelApplies(set: TrainingSet, { smoothing }: GrowthLimits): boolean {
  const bytes = set.rows.length * (3 * set.features.length + 64 * set.tasks.length + 128);
  if (smoothing > 0 || bytes > 2 ** 30) return false;
  return set.rows.length > 0 && set.labels.every((labels) => !labels.some((label) => Number.isNaN(label)));
}

export function layOutTrees(set: TrainingSet, limits: GrowthLimits, threads: number): TreeMemory {
  const places = new Places();
  const shared = placeSet(places, set);
  const widths = { outputs: countOutputs(set), pairs: countPairs(set) };
  const own = Array.from({ length: threads }, () => placeThread(places, set, widths));
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(places.end / PAGE),
    maximum: MOST_PAGES,
    shared: true,
  });
  writeSet(memory.buffer, shared, set, widths);
  const counting = set.tasks.every(({ type }) => type !== 'regression');
  const counts = [set.rows.length, set.features.length, widths.outputs, widths.pairs];
  const growth = [limits.features, limits.minSamplesLeaf, Math.min(limits.maxDepth, 2 ** 31 - 1)];
  const flags = [limits.bootstrap, limits.randomCuts].map(Number);
  const regions = own.map(({ list, ...region }) => {
    const numbers = [...counts, ...Object.values(shared), Number(counting), ...growth, ...flags];
    new Int32Array(memory.buffer, list).set([...numbers, ...Object.values(region)]);
    return {
      list,
      places: {
        gains: region.gains,
        feature: region.nodeFeature,
        threshold: region.nodeThreshold,
        right: region.nodeRight,
        flags: region.nodeFlags,
        leafValues: region.leafValues,
        categorySets: region.categorySets,
        outOfBag: region.outOfBag,
        leftOut: region.leftOut,
      },
    };
  });
  const [rows, features] = counts;
  const taskOf = set.tasks.flatMap((task, t) => Array<number>(taskWidth(task)).fill(t));
  const tasks = set.tasks.length;
  return { memory, regions, rows, features, ...widths, tasks, taskOf, bootstrap: limits.bootstrap };
}

class Places {
  end = 1024;

  /** @returns the address of so many bytes, a multiple of 16 */
  take(bytes: number): number {
    const at = this.end;
    this.end = Math.ceil((at + bytes) / 16) * 16;
    return at;
  }
}

function countOutputs(set: TrainingSet): number {
  return set.tasks.reduce((sum, task) => sum + taskWidth(task), 0);
}

function countPairs(set: TrainingSet): number {
  return Math.ceil(countOutputs(set) / 2);
}

type SharedPlaces = ReturnType<typeof placeSet>;

function placeSet(places: Places, set: TrainingSet) {
  const n = set.rows.length;
  const d = set.features.length;
  const padded = 16 * countPairs(set);
  return {
    columns: places.take(n * d),
    codesOfRows: places.take(n * d),
    targets: places.take(n * padded),
    weights: places.take(8 * n),
    scales: places.take(padded),
    roots: places.take(padded),
    means: places.take(padded),
    spreads: places.take(padded),
    categorical: places.take(d),
    lower: places.take(2048 * d),
    upper: places.take(2048 * d),
    binCounts: places.take(4 * d),
  };
}

function placeThread(places: Places, set: TrainingSet, widths: { outputs: number; pairs: number }) {
  const n = set.rows.length;
  const d = set.features.length;
  const { outputs, pairs } = widths;
  const padded = 16 * pairs;
  const item = padded + 16;
  const categorical = set.features.some(({ bins }) => bins.kind === 'categorical');
  return {
    list: places.take(4 * 64),
    multiplicity: places.take(2 * n),
    positions: places.take(4 * n + 16),
    moved: places.take(4 * n + 16),
    items: places.take(item * n),
    histogram: places.take(item * 256),
    order: places.take(256),
    bins: places.take(256),
    codes: places.take(256),
    chain: places.take(512),
    sums: places.take(padded),
    nodeMeans: places.take(padded),
    onLeft: places.take(item),
    cutNumbers: places.take(8 * 256),
    deviations: places.take(8 * (256 + 2 * outputs + 256 * outputs)),
    binSets: places.take(64),
    draw: places.take(4 * d),
    stack: places.take(20 * (n + 2)),
    gains: places.take(padded * d),
    nodeFeature: places.take(8 * n),
    nodeThreshold: places.take(16 * n),
    nodeRight: places.take(8 * n),
    nodeFlags: places.take(2 * n),
    nodeBin: places.take(2 * n),
    leafValues: places.take(4 * n * outputs),
    categorySets: places.take(categorical ? 32 * n : 0),
    outOfBag: places.take(8 * n * outputs),
    leftOut: places.take(4 * n),
  };
}

function writeSet(
  buffer: SharedArrayBuffer,
  places: SharedPlaces,
  set: TrainingSet,
  { outputs, pairs }: { outputs: number; pairs: number },
): void {
  const n = set.rows.length;
  const d = set.features.length;
  const numbers = (at: number, length: number) => new Float64Array(buffer, at, length);
  const columns = new Uint8Array(buffer, places.columns, n * d);
  const codesOfRows = new Uint8Array(buffer, places.codesOfRows, n * d);
  const categorical = new Uint8Array(buffer, places.categorical, d);
  const lower = numbers(places.lower, 256 * d);
  const upper = numbers(places.upper, 256 * d);
  const binCounts = new Int32Array(buffer, places.binCounts, d);
  set.features.forEach(({ bins, codes }, f) => {
    columns.set(codes, f * n);
    for (let i = 0; i < n; i++) codesOfRows[i * d + f] = codes[i];
    categorical[f] = bins.kind === 'categorical' ? 1 : 0;
    binCounts[f] = bins.kind === 'categorical' ? Math.max(0, ...bins.bins) + 1 : bins.upper.length;
    if (bins.kind === 'categorical') return;
    lower.set(bins.lower.subarray(0, MISSING_BIN), 256 * f);
    upper.set(bins.upper.subarray(0, MISSING_BIN), 256 * f);
  });
  const weights = numbers(places.weights, n);
  if (set.weights === undefined) weights.fill(1);
  else weights.set(set.weights);

  const targets = numbers(places.targets, 2 * pairs * n);
  const [scales, roots, means, spreads] = [places.scales, places.roots, places.means, places.spreads].map(
    (at) => numbers(at, outputs),
  );
  let first = 0;
  set.tasks.forEach((task, t) => {
    const labels = set.labels[t];
    const width = taskWidth(task);
    for (let i = 0; i < n; i++) {
      if (task.type === 'multiclass') targets[i * 2 * pairs + first + labels[i]] = 1;
      else targets[i * 2 * pairs + first] = labels[i];
    }
    scales.fill(set.impurityScale[t], first, first + width);
    roots.fill(Math.sqrt(set.impurityScale[t]), first, first + width);
    means.fill(set.scaler.mean[t], first, first + width);
    spreads.fill(set.scaler.scale[t], first, first + width);
    first += width;
  });
}
