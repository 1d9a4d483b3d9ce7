import {
  bestBin,
  bestFeature,
  bestNext,
  bestThreshold,
  MISSING_BIN,
  missingLeft,
  perfect,
  resetBest,
  sawMissing,
} from './best';
import {
  alongPath,
  attach,
  binSets,
  bootstrap,
  categorical,
  categorySets,
  codesOfRows,
  columns,
  constants,
  constantWords,
  draw,
  features,
  featuresDrawn,
  leafValues,
  maxDepth,
  minLeaf,
  moved,
  multiplicity,
  nodeFeature,
  nodeFlags,
  nodeRight,
  nodeThreshold,
  outputs,
  positions,
  rows,
  stack,
} from './memory';
import { addGains, centre, enter, followPath, MOST_ITEMS, size, writePath, writeValues } from './node';
import { below, seedRandom } from './random';
import { halfway, lastBinAtMost, search } from './search';
import { addLeftOut, setRight, writeStep } from './walk';

export { attach };

const MISSING_LEFT: u8 = 1;
const CATEGORICAL: u8 = 2;

let nodes: i32 = 0;
let leaves: i32 = 0;
let sets: i32 = 0;
let waiting: usize = 0;

/** @returns the number of nodes; `leafCount` and `setCount` say the others */
export function grow(seed: u32): i32 {
  seedRandom(seed);
  const drawn = sample();
  for (let f = 0; f < features; f++) store<i32>(draw + ((<usize>f) << 2), f);
  nodes = 0;
  leaves = 0;
  sets = 0;
  waiting = stack;
  memory.fill(constants, 0, (<usize>constantWords) << 3);
  wait(0, drawn, 0, -1, -1);
  const frame = frameBytes();
  while (waiting > stack) {
    waiting -= frame;
    growNode(
      load<i32>(waiting),
      load<i32>(waiting, 4),
      load<i32>(waiting, 8),
      load<i32>(waiting, 12),
      load<i32>(waiting, 16),
    );
  }
  return nodes;
}

export function leafCount(): i32 {
  return leaves;
}

export function setCount(): i32 {
  return sets;
}

/** Adds what the tree predicts for the rows that its sample left out. */
export function addOutOfBag(): void {
  addLeftOut();
}

/** Draws the sample into `multiplicity`, its distinct positions (ascending) into `positions`. @returns their number */
function sample(): i32 {
  if (bootstrap) {
    memory.fill(multiplicity, 0, (<usize>rows) << 1);
    for (let i = 0; i < rows; i++) {
      const drawn = multiplicity + ((<usize>below(<u32>rows)) << 1);
      store<u16>(drawn, load<u16>(drawn) + 1);
    }
  } else {
    for (let i: usize = 0; i < <usize>rows; i++) store<u16>(multiplicity + (i << 1), 1);
  }
  let count = 0;
  for (let i = 0; i < rows; i++) {
    store<i32>(positions + ((<usize>count) << 2), i);
    if (load<u16>(multiplicity + ((<usize>i) << 1)) > 0) count++;
  }
  return count;
}

function frameBytes(): usize {
  return 24 + ((<usize>constantWords) << 3);
}

/**
 * Puts a node to come on the stack: its positions, depth, the parent when it is a right child, the parent's feature, and
 * the features that do not vary in the current node.
 */
function wait(from: i32, end: i32, depth: i32, rightOf: i32, splitBy: i32): void {
  store<i32>(waiting, from);
  store<i32>(waiting, end, 4);
  store<i32>(waiting, depth, 8);
  store<i32>(waiting, rightOf, 12);
  store<i32>(waiting, splitBy, 16);
  for (let word: usize = 0; word < <usize>constantWords; word++) {
    store<u64>(waiting + 24 + (word << 3), load<u64>(constants + (word << 3)));
  }
  waiting += frameBytes();
}

function growNode(from: i32, end: i32, depth: i32, rightOf: i32, splitBy: i32): void {
  const node = nodes++;
  if (rightOf >= 0) {
    store<i32>(nodeRight + ((<usize>rightOf) << 2), node);
    setRight(<usize>rightOf, node);
  }
  const differ = enter(<usize>from, end - from);
  if (splitBy >= 0) addGains(splitBy, 1);
  if (alongPath) followPath(depth);
  const mayDivide = differ && depth < maxDepth && end - from >= 2 * minLeaf;
  if (!mayDivide || !findSplit()) {
    writeLeaf(<usize>node, depth);
    return;
  }
  addGains(bestFeature, -1);
  const isCategorical = load<u8>(categorical + <usize>bestFeature) !== 0;
  const middle = partition(<usize>from, <usize>end, isCategorical);
  const goesLeft = sawMissing ? missingLeft : middle - from >= end - middle;
  writeSplit(<usize>node, isCategorical, goesLeft);
  wait(middle, end, depth + 1, node, bestFeature);
  wait(from, middle, depth + 1, -1, bestFeature);
}

function writeLeaf(node: usize, depth: i32): void {
  store<i32>(nodeFeature + (node << 2), -1);
  store<i32>(nodeRight + (node << 2), leaves);
  store<u8>(nodeFlags + node, 0);
  store<f64>(nodeThreshold + (node << 3), 0);
  writeStep(node, -1, leaves, 0, 0, 0);
  const to = leafValues + <usize>leaves * ((<usize>outputs) << 2);
  if (alongPath) writePath(depth, to);
  else writeValues(to);
  leaves++;
}

function findSplit(): bool {
  resetBest();
  const known = waiting + 24;
  for (let word: usize = 0; word < <usize>constantWords; word++) {
    store<u64>(constants + (word << 3), load<u64>(known + (word << 3)));
  }
  if (size > 2) centre();
  let varying = 0;
  for (let drawn = 0; drawn < features && (drawn < featuresDrawn || varying === 0); drawn++) {
    const pick = draw + ((<usize>(<u32>drawn + below(<u32>(features - drawn)))) << 2);
    const feature = load<i32>(pick);
    const here = draw + ((<usize>drawn) << 2);
    store<i32>(pick, load<i32>(here));
    store<i32>(here, feature);
    if (varies(feature)) varying++;
    if (perfect) break;
  }
  return bestFeature >= 0;
}

/** Searches the feature, unless it is known not to vary. */
function varies(feature: i32): bool {
  if (constantWords === 0) return search(feature);
  const word = constants + ((<usize>(feature >> 6)) << 3);
  const bit: u64 = (<u64>1) << (<u64>(feature & 63));
  if ((load<u64>(word) & bit) !== 0) return false;
  if (search(feature)) return true;
  store<u64>(word, load<u64>(word) | bit);
  return false;
}

/** Puts the rows that go left first, both sides in their old order. @returns the first position of the right side */
function partition(from: usize, end: usize, isCategorical: bool): i32 {
  const byRow = size < MOST_ITEMS;
  const source = byRow ? codesOfRows + <usize>bestFeature : columns + <usize>bestFeature * <usize>rows;
  const stride: usize = byRow ? <usize>features : 1;
  let middle = positions + (from << 2);
  let right = moved;
  for (let i = positions + (from << 2); i < positions + (end << 2); i += 4) {
    const position = load<u32>(i);
    const code = load<u8>(source + <usize>position * stride);
    const left: usize =
      code === MISSING_BIN
        ? <usize>missingLeft
        : isCategorical
          ? <usize>((load<u8>(binSets + <usize>(code >> 3)) >> (code & 7)) & 1)
          : <usize>(code <= bestBin);
    store<u32>(middle, position);
    store<u32>(right, position);
    middle += left << 2;
    right += (1 - left) << 2;
  }
  const length = right - moved;
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) v128.store(middle + at, v128.load(moved + at));
  for (; at < length; at += 4) store<u32>(middle + at, load<u32>(moved + at));
  return <i32>((middle - positions) >> 2);
}

/** @param goesLeft where rows go that are missing, or of a category that the node never saw */
function writeSplit(node: usize, isCategorical: bool, goesLeft: bool): void {
  const flags: u8 = (goesLeft ? MISSING_LEFT : 0) | (isCategorical ? CATEGORICAL : 0);
  store<i32>(nodeFeature + (node << 2), bestFeature);
  store<u8>(nodeFlags + node, flags);
  if (!isCategorical) {
    const threshold = bestThreshold === Infinity ? halfway(bestFeature, bestBin, bestNext) : bestThreshold;
    store<f64>(nodeThreshold + (node << 3), threshold);
    writeStep(node, bestFeature, 0, lastBinAtMost(bestFeature, threshold), flags, 0);
    return;
  }
  store<f64>(nodeThreshold + (node << 3), <f64>sets);
  writeStep(node, bestFeature, 0, 0, flags, sets);
  const set = categorySets + ((<usize>sets) << 5);
  for (let byte: usize = 0; byte < 32; byte++) {
    const left = load<u8>(binSets + byte);
    store<u8>(set + byte, goesLeft ? left | ~load<u8>(binSets + byte, 32) : left);
  }
  sets++;
}
