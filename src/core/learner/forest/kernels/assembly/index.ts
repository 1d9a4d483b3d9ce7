// Grows a tree: what `TreeGrower` does with a `DenseSplitter`, for tables whose rows have labels of all tasks.
import {
  bestBin,
  bestFeature,
  bestNext,
  MISSING_BIN,
  missingLeft,
  perfect,
  resetBest,
  sawMissing,
} from './cuts';
import {
  attach,
  binSets,
  bootstrap,
  categorical,
  categorySets,
  codesOfRows,
  columns,
  draw,
  features,
  featuresDrawn,
  leafValues,
  leftOut,
  maxDepth,
  minLeaf,
  moved,
  multiplicity,
  nodeBin,
  nodeFeature,
  nodeFlags,
  nodeRight,
  nodeThreshold,
  outOfBag,
  outputs,
  positions,
  rows,
  stack,
} from './memory';
import { addGains, centre, enter, MOST_ITEMS, size, writeValues } from './node';
import { below, seedRandom } from './random';
import { halfway, lastBinAtMost, search } from './search';

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
  wait(0, drawn, 0, -1, -1);
  while (waiting > stack) {
    waiting -= 20;
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
  for (let i: usize = 0; i < <usize>rows; i++) {
    if (load<u16>(multiplicity + (i << 1)) !== 0) continue;
    const value = leafValues + <usize>leafOf(i) * ((<usize>outputs) << 2);
    const sum = outOfBag + i * ((<usize>outputs) << 3);
    for (let o: usize = 0; o < <usize>outputs; o++) {
      store<f64>(sum + (o << 3), load<f64>(sum + (o << 3)) + <f64>load<f32>(value + (o << 2)));
    }
    store<i32>(leftOut + (i << 2), load<i32>(leftOut + (i << 2)) + 1);
  }
}

function leafOf(row: usize): i32 {
  const codes = codesOfRows + row * <usize>features;
  const featureOf = nodeFeature;
  const flagsOf = nodeFlags;
  const binOf = nodeBin;
  const rightOf = nodeRight;
  let node: usize = 0;
  let feature = load<i32>(featureOf);
  while (feature >= 0) {
    const code = load<u8>(codes + <usize>feature);
    const flags = load<u8>(flagsOf + node);
    let left: bool;
    if ((flags & CATEGORICAL) !== 0) {
      const set = categorySets + ((<usize>load<f64>(nodeThreshold + (node << 3))) << 5);
      left = ((load<u8>(set + <usize>(code >> 3)) >> (code & 7)) & 1) !== 0;
    } else if (code === MISSING_BIN) left = (flags & MISSING_LEFT) !== 0;
    else left = code <= load<u8>(binOf + node);
    node = left ? node + 1 : <usize>load<i32>(rightOf + (node << 2));
    feature = load<i32>(featureOf + (node << 2));
  }
  return load<i32>(rightOf + (node << 2));
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

/** Puts a node to come on the stack: its positions, depth, the parent when it is a right child, the parent's feature. */
function wait(from: i32, end: i32, depth: i32, rightOf: i32, splitBy: i32): void {
  store<i32>(waiting, from);
  store<i32>(waiting, end, 4);
  store<i32>(waiting, depth, 8);
  store<i32>(waiting, rightOf, 12);
  store<i32>(waiting, splitBy, 16);
  waiting += 20;
}

function growNode(from: i32, end: i32, depth: i32, rightOf: i32, splitBy: i32): void {
  const node = nodes++;
  if (rightOf >= 0) store<i32>(nodeRight + ((<usize>rightOf) << 2), node);
  const differ = enter(<usize>from, end - from);
  if (splitBy >= 0) addGains(splitBy, 1);
  const mayDivide = differ && depth < maxDepth && end - from >= 2 * minLeaf;
  if (!mayDivide || !findSplit()) {
    store<i32>(nodeFeature + ((<usize>node) << 2), -1);
    store<i32>(nodeRight + ((<usize>node) << 2), leaves);
    store<u8>(nodeFlags + <usize>node, 0);
    store<f64>(nodeThreshold + ((<usize>node) << 3), 0);
    writeValues(leafValues + <usize>leaves * ((<usize>outputs) << 2));
    leaves++;
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

function findSplit(): bool {
  resetBest();
  if (size > 2) centre();
  let varying = 0;
  for (let drawn = 0; drawn < features && (drawn < featuresDrawn || varying === 0); drawn++) {
    const pick = draw + ((<usize>(<u32>drawn + below(<u32>(features - drawn)))) << 2);
    const feature = load<i32>(pick);
    const here = draw + ((<usize>drawn) << 2);
    store<i32>(pick, load<i32>(here));
    store<i32>(here, feature);
    if (search(feature)) varying++;
    if (perfect) break;
  }
  return bestFeature >= 0;
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
  store<i32>(nodeFeature + (node << 2), bestFeature);
  store<u8>(nodeFlags + node, (goesLeft ? MISSING_LEFT : 0) | (isCategorical ? CATEGORICAL : 0));
  if (!isCategorical) {
    const threshold = halfway(bestFeature, bestBin, bestNext);
    store<f64>(nodeThreshold + (node << 3), threshold);
    store<u8>(nodeBin + node, lastBinAtMost(bestFeature, threshold));
    return;
  }
  store<f64>(nodeThreshold + (node << 3), <f64>sets);
  const set = categorySets + ((<usize>sets) << 5);
  for (let byte: usize = 0; byte < 32; byte++) {
    const left = load<u8>(binSets + byte);
    store<u8>(set + byte, goesLeft ? left | ~load<u8>(binSets + byte, 32) : left);
  }
  sets++;
}
