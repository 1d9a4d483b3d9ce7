import { taskWidth } from '../../../dataset/problem';
import { countOutputs, labelsAreSparse, MISSING_BIN, type TrainingSet, weightsOfTask } from '../../trees';
import { weightGroups } from '../channels';
import type { GrowthLimits } from '../grow';
import {
  alongPath,
  constantWords,
  growsFew,
  Places,
  placeSet,
  placeThread,
  type SharedPlaces,
  type Widths,
  widthsOf,
} from './tree-places';

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
  /** Lanes of a feature's gains, and the one of the first output. */
  readonly gainLanes: number;
  readonly firstLane: number;
  readonly bootstrap: boolean;
}

/** What the kernel asks for: labels that are mostly there, addresses that fit in 31 bits, no task that weighs nothing. */
export function kernelApplies(set: TrainingSet): boolean {
  const outputs = countOutputs(set.tasks);
  const bytes = set.rows.length * (3 * set.features.length + 80 * outputs + 200);
  if (set.rows.length === 0 || bytes > 2 ** 30 || labelsAreSparse(set)) return false;
  return set.impurityScale.every((scale, t) => scale > 0 || isConstant(set.labels[t]));
}

function isConstant(labels: Float64Array): boolean {
  const known = labels.filter((label) => !Number.isNaN(label));
  return known.every((label) => label === known[0]);
}

/** @param prior values of a node without any label, one an output */
export function layOutTrees(
  set: TrainingSet,
  limits: GrowthLimits,
  prior: Float64Array,
  threads: number,
): TreeMemory {
  const places = new Places();
  const widths = widthsOf(set, limits);
  const shared = placeSet(places, set, widths);
  const own = Array.from({ length: threads }, () => placeThread(places, set, limits, widths));
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(places.end / PAGE),
    maximum: MOST_PAGES,
    shared: true,
  });
  writeFeatures(memory.buffer, shared, set);
  writeRows(memory.buffer, shared, set, widths);
  writeOutputs(memory.buffer, shared, set, limits, prior, widths);
  const { rows, features, outputs, quads, targetQuads, first, masked } = widths;
  const counting = set.tasks.every(({ type }) => type !== 'regression');
  const numbers = [
    ...[rows, features, outputs, quads, targetQuads, first, Number(masked), Number(counting)],
    ...[limits.features, limits.minSamplesLeaf, Math.min(limits.maxDepth, 2 ** 31 - 1)],
    ...[limits.bootstrap, limits.randomCuts, alongPath(limits, widths)].map(Number),
    constantWords(set),
    Number(growsFew(limits, widths)),
    ...Object.values(shared),
  ];
  const regions = own.map(({ list, ...region }) => {
    new Int32Array(memory.buffer, list).set([...numbers, ...Object.values(region)]);
    const { gains, nodeFeature, nodeThreshold, nodeRight, nodeFlags } = region;
    const { leafValues, categorySets, outOfBag, leftOut } = region;
    const nodes = { feature: nodeFeature, threshold: nodeThreshold, right: nodeRight, flags: nodeFlags };
    return { list, places: { gains, ...nodes, leafValues, categorySets, outOfBag, leftOut } };
  });
  return {
    memory,
    regions,
    rows,
    features,
    outputs,
    tasks: set.tasks.length,
    taskOf: set.tasks.flatMap((task, t) => Array<number>(taskWidth(task)).fill(t)),
    gainLanes: 4 * targetQuads,
    firstLane: first,
    bootstrap: limits.bootstrap,
  };
}

function writeFeatures(buffer: SharedArrayBuffer, places: SharedPlaces, set: TrainingSet): void {
  const n = set.rows.length;
  const d = set.features.length;
  const columns = new Uint8Array(buffer, places.columns, n * d);
  const codesOfRows = new Uint8Array(buffer, places.codesOfRows, n * d);
  const categorical = new Uint8Array(buffer, places.categorical, d);
  const lower = new Float64Array(buffer, places.lower, 256 * d);
  const upper = new Float64Array(buffer, places.upper, 256 * d);
  const binCounts = new Int32Array(buffer, places.binCounts, d);
  set.features.forEach(({ bins, codes }, f) => {
    columns.set(codes, f * n);
    categorical[f] = bins.kind === 'categorical' ? 1 : 0;
    binCounts[f] = bins.kind === 'categorical' ? Math.max(0, ...bins.bins) + 1 : bins.upper.length;
    if (bins.kind === 'categorical') return;
    lower.set(bins.lower.subarray(0, MISSING_BIN), 256 * f);
    upper.set(bins.upper.subarray(0, MISSING_BIN), 256 * f);
  });
  // Some rows at a time, whose bytes stay in the cache while all features are written to them.
  for (let start = 0; start < n; start += 512) {
    const end = Math.min(n, start + 512);
    set.features.forEach(({ codes }, f) => {
      for (let i = start; i < end; i++) codesOfRows[i * d + f] = codes[i];
    });
  }
}

function writeRows(
  buffer: SharedArrayBuffer,
  places: SharedPlaces,
  set: TrainingSet,
  { quads, targetQuads, first, masked, counts }: Widths,
): void {
  const n = set.rows.length;
  const lanes = 4 * quads;
  const table = new Float32Array(buffer, places.table, n * lanes);
  for (let i = 0; !masked && i < n; i++) {
    table[i * lanes] = 1;
    if (counts) table[i * lanes + 1] = 1;
  }
  for (let i = 0; masked && counts && i < n; i++) table[i * lanes + 8 * targetQuads] = 1;
  if (places.weights > 0 && set.weights) new Float32Array(buffer, places.weights, n).set(set.weights);
  let output = first;
  set.tasks.forEach((task, t) => {
    const labels = set.labels[t];
    const weights = weightsOfTask(set, t);
    const root = Math.sqrt(set.impurityScale[t]);
    const width = taskWidth(task);
    for (let i = 0; i < n; i++) {
      const label = labels[i];
      if (Number.isNaN(label)) continue;
      const at = i * lanes + output;
      if (masked) table.fill(weights?.[i] ?? 1, at + 4 * targetQuads, at + 4 * targetQuads + width);
      if (task.type === 'multiclass') table[at + label] = root;
      else table[at] = root * label;
    }
    output += width;
  });
}

function writeOutputs(
  buffer: SharedArrayBuffer,
  places: SharedPlaces,
  set: TrainingSet,
  { smoothing }: GrowthLimits,
  prior: Float64Array,
  { outputs, first, masked, targetQuads }: Widths,
): void {
  new Int32Array(buffer, places.targetMask, 4).fill(-1, masked ? 0 : first);
  new Float64Array(buffer, places.prior, outputs).set(prior);
  new Float64Array(buffer, places.smoothing, 1)[0] = smoothing;
  const [means, spreads] = [places.means, places.spreads].map((at) => new Float64Array(buffer, at, outputs));
  const roots = new Float64Array(buffer, places.roots, 4 * targetQuads);
  const groupMask = new Int32Array(buffer, places.groupMask, 4 * targetQuads);
  const seen = new Set<number>();
  const groups = weightGroups(set);
  let output = 0;
  set.tasks.forEach((task, t) => {
    const end = output + taskWidth(task);
    const root = Math.sqrt(set.impurityScale[t]);
    roots.fill(root, first + output, first + end);
    means.fill(set.scaler.mean[t], output, end);
    spreads.fill(root > 0 ? set.scaler.scale[t] / root : 0, output, end);
    if (masked && !seen.has(groups[t])) groupMask[output] = -1;
    seen.add(groups[t]);
    // Of a task that is constant only its value is known, not its (zero) deviation from it.
    if (root === 0) means.set(prior.subarray(output, end), output);
    output = end;
  });
}
