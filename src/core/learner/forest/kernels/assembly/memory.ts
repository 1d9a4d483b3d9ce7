// Where things lie: addresses of the training set, which threads share, and of what a thread works with.
//
// An item (a row of the node, or a bin's sum) is `pairs + 1` pairs of float64: its weight and number of rows, then its
// targets, two a pair, the last padded with 0.

/** Addresses and counts that `attach` reads, one i32 each; `TreeMemory` writes them in this order. */
// The set.
export let rows: i32 = 0;
export let features: i32 = 0;
export let outputs: i32 = 0;
/** Pairs of targets. */
export let pairs: i32 = 0;
/** u8, feature-major and row-major. */
export let columns: usize = 0;
export let codesOfRows: usize = 0;
/** f64 a row: targets, padded to pairs; f64 a row: sample weights. */
export let targets: usize = 0;
export let weights: usize = 0;
/** f64 an output, padded to pairs: impurity scale, its root; what turns a standardised mean into a value. */
export let scales: usize = 0;
export let roots: usize = 0;
export let means: usize = 0;
export let spreads: usize = 0;
/** u8 a feature. */
export let categorical: usize = 0;
/** f64, 256 a feature, and i32 a feature: the values that bins begin and end with, and how many bins there are. */
export let lower: usize = 0;
export let upper: usize = 0;
export let binCounts: usize = 0;
/** Every target is 0 or 1. */
export let counting: bool = false;
// How trees grow.
export let featuresDrawn: i32 = 0;
export let minLeaf: i32 = 0;
export let maxDepth: i32 = 0;
export let bootstrap: bool = false;
export let randomCuts: bool = false;
// What a thread works with.
export let multiplicity: usize = 0;
export let positions: usize = 0;
export let moved: usize = 0;
export let items: usize = 0;
export let histogram: usize = 0;
export let order: usize = 0;
export let bins: usize = 0;
export let codes: usize = 0;
export let chain: usize = 0;
export let sums: usize = 0;
export let nodeMeans: usize = 0;
export let onLeft: usize = 0;
export let cutNumbers: usize = 0;
export let deviations: usize = 0;
/** 256 bits each, of the best split when it is categorical: bins that go left, and bins that the node's rows have. */
export let binSets: usize = 0;
export let draw: usize = 0;
export let stack: usize = 0;
export let gains: usize = 0;
// The tree that was grown last.
export let nodeFeature: usize = 0;
export let nodeThreshold: usize = 0;
export let nodeRight: usize = 0;
export let nodeFlags: usize = 0;
export let nodeBin: usize = 0;
export let leafValues: usize = 0;
export let categorySets: usize = 0;
// Sums of predictions for rows left out, and of how many trees.
export let outOfBag: usize = 0;
export let leftOut: usize = 0;

let at: usize = 0;

function read(): i32 {
  const value = load<i32>(at);
  at += 4;
  return value;
}

export function attach(list: usize): void {
  at = list;
  rows = read();
  features = read();
  outputs = read();
  pairs = read();
  columns = read();
  codesOfRows = read();
  targets = read();
  weights = read();
  scales = read();
  roots = read();
  means = read();
  spreads = read();
  categorical = read();
  lower = read();
  upper = read();
  binCounts = read();
  counting = read() !== 0;
  featuresDrawn = read();
  minLeaf = read();
  maxDepth = read();
  bootstrap = read() !== 0;
  randomCuts = read() !== 0;
  multiplicity = read();
  positions = read();
  moved = read();
  items = read();
  histogram = read();
  order = read();
  bins = read();
  codes = read();
  chain = read();
  sums = read();
  nodeMeans = read();
  onLeft = read();
  cutNumbers = read();
  deviations = read();
  binSets = read();
  draw = read();
  stack = read();
  gains = read();
  nodeFeature = read();
  nodeThreshold = read();
  nodeRight = read();
  nodeFlags = read();
  nodeBin = read();
  leafValues = read();
  categorySets = read();
  outOfBag = read();
  leftOut = read();
}

/** Stores 0 in a few pairs; for so little, `memory.fill` takes longer. */
export function clear(to: usize, bytes: usize): void {
  const zero = i64x2.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, zero);
}
