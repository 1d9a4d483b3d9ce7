/**
 * Addresses and counts that `attach` reads, one i32 each; `TreeMemory` writes them in this order.
 *
 * A row is `quads` times four float32 lanes. Where every row has every label: 1, where its weight comes, 1 (only if rows are counted),
 * then its targets from lane `first` on. With missing labels (`masked`): `targetQuads` of targets (0 where missing), as
 * many of weights (0 where missing), and one whose first lane is 1 if rows are counted. Targets are times √scale.
 */
export let rows: i32 = 0;
export let features: i32 = 0;
export let outputs: i32 = 0;
export let quads: i32 = 0;
export let targetQuads: i32 = 0;
export let first: i32 = 0;
export let masked: bool = false;
/** Every target is 0 or 1. */
export let counting: bool = false;
export let featuresDrawn: i32 = 0;
export let minLeaf: i32 = 0;
export let maxDepth: i32 = 0;
export let bootstrap: bool = false;
export let randomCuts: bool = false;
/** Values are kept along the path from the root: labels are missing, or values are smoothed. */
export let alongPath: bool = false;
/** Words of 64 bits that say which features do not vary in a node; 0: it is not kept. */
export let constantWords: i32 = 0;
/** Parts of a tree that have few rows are grown in lanes: see few.ts. */
export let few: bool = false;
/** u8, feature-major and row-major. */
export let columns: usize = 0;
export let codesOfRows: usize = 0;
/** f32: the rows. */
export let table: usize = 0;
/** f32: the weights of the rows, where they have some and it is not in the table; else 0. */
export let weights: usize = 0;
/** i32 × 4: bits of the first quad's lanes that are targets; and of every weight lane, those that are a group's first. */
export let targetMask: usize = 0;
export let groupMask: usize = 0;
/** f64 a lane: the root of the impurity's scale of its target, 0 for others. */
export let roots: usize = 0;
/** f64 an output: what turns a mean into a value; the value without labels. */
export let means: usize = 0;
export let spreads: usize = 0;
export let prior: usize = 0;
/** f64: the smoothing. */
export let smoothing: usize = 0;
/** u8 a feature. */
export let categorical: usize = 0;
/** f64, 256 a feature, and i32 a feature: the values that bins begin and end with, and how many bins there are. */
export let lower: usize = 0;
export let upper: usize = 0;
export let binCounts: usize = 0;
/** What follows is each thread's own. */
/** u16: how often each row was drawn; f32: that, times its weight. */
export let multiplicity: usize = 0;
export let weightsDrawn: usize = 0;
export let positions: usize = 0;
/** u32: rows that the sample left out, those of a node together. */
export let outside: usize = 0;
export let moved: usize = 0;
export let items: usize = 0;
export let histogram: usize = 0;
/** u8, one a bin: whether the node has rows of it. */
export let occurs: usize = 0;
export let order: usize = 0;
export let bins: usize = 0;
export let codes: usize = 0;
/** f64 a lane: sums of targets, and (masked) of weights. */
export let sums: usize = 0;
export let weightSums: usize = 0;
/** f32 a lane: means of the targets of the nodes on the path from the root, 0 before it; how far the latest are from those before. */
export let centres: usize = 0;
export let shifts: usize = 0;
/** f32 a lane: least and most of each target (masked). */
export let extremes: usize = 0;
export let onLeft: usize = 0;
export let cutNumbers: usize = 0;
export let deviations: usize = 0;
/** 256 bits each, of the best split when it is categorical: bins that go left, and bins that the node's rows have. */
export let binSets: usize = 0;
export let draw: usize = 0;
export let constants: usize = 0;
export let stack: usize = 0;
export let path: usize = 0;
export let gains: usize = 0;
export let nodeFeature: usize = 0;
export let nodeThreshold: usize = 0;
export let nodeRight: usize = 0;
export let nodeFlags: usize = 0;
export let leafValues: usize = 0;
export let categorySets: usize = 0;
export let outOfBag: usize = 0;
export let leftOut: usize = 0;
/** u32: rows that the sample left out, ascending, and the leaf that a row left out comes to. */
export let outsideRows: usize = 0;
export let leafOfRow: usize = 0;
/** Copies of the rows of a small part of a tree: see near.ts. */
export let nearTable: usize = 0;
export let nearCodes: usize = 0;
export let nearWeights: usize = 0;
export let nearNames: usize = 0;
/** Of each lane, see few-rows.ts: codes; targets (f32, 1 in the place of the weight) and weight (f32 × 4); names in the table of rows left out. */
export let fewCodes: usize = 0;
export let fewTargets: usize = 0;
export let fewWeights: usize = 0;
export let fewNames: usize = 0;
/** f32: items of the current node; u8: their lanes; f32: sums by bin, and u32: which items each bin has. */
export let fewItems: usize = 0;
export let fewList: usize = 0;
export let fewCells: usize = 0;
export let fewGroups: usize = 0;
/** f32 a lane: means of the current node, and of what is right of its split; how far they are from those its items are centred by. */
export let fewMean: usize = 0;
export let fewRight: usize = 0;
export let fewShift: usize = 0;
/** f32: sums of what is left of the best split; of every cut, its gain over the node's weight. */
export let fewLeft: usize = 0;
export let fewSums: usize = 0;
export let fewRatios: usize = 0;
export let fewStack: usize = 0;

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
  quads = read();
  targetQuads = read();
  first = read();
  masked = read() !== 0;
  counting = read() !== 0;
  featuresDrawn = read();
  minLeaf = read();
  maxDepth = read();
  bootstrap = read() !== 0;
  randomCuts = read() !== 0;
  alongPath = read() !== 0;
  constantWords = read();
  few = read() !== 0;
  columns = read();
  codesOfRows = read();
  table = read();
  weights = read();
  targetMask = read();
  groupMask = read();
  roots = read();
  means = read();
  spreads = read();
  prior = read();
  smoothing = read();
  categorical = read();
  lower = read();
  upper = read();
  binCounts = read();
  multiplicity = read();
  weightsDrawn = read();
  positions = read();
  outside = read();
  moved = read();
  items = read();
  histogram = read();
  occurs = read();
  order = read();
  bins = read();
  codes = read();
  sums = read();
  weightSums = read();
  centres = read();
  shifts = read();
  extremes = read();
  onLeft = read();
  cutNumbers = read();
  deviations = read();
  binSets = read();
  draw = read();
  constants = read();
  stack = read();
  path = read();
  gains = read();
  nodeFeature = read();
  nodeThreshold = read();
  nodeRight = read();
  nodeFlags = read();
  leafValues = read();
  categorySets = read();
  outOfBag = read();
  leftOut = read();
  outsideRows = read();
  leafOfRow = read();
  nearTable = read();
  nearCodes = read();
  nearWeights = read();
  nearNames = read();
  fewCodes = read();
  fewTargets = read();
  fewWeights = read();
  fewNames = read();
  fewItems = read();
  fewList = read();
  fewCells = read();
  fewGroups = read();
  fewMean = read();
  fewRight = read();
  fewShift = read();
  fewLeft = read();
  fewSums = read();
  fewRatios = read();
  fewStack = read();
}

/** Stores 0 in a few pairs; for so little, `memory.fill` takes longer. */
export function clear(to: usize, bytes: usize): void {
  const zero = i64x2.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, zero);
}
