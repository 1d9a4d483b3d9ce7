import {
  bestBin,
  bestFeature,
  bestNext,
  bestThreshold,
  missingLeft,
  perfect,
  resetBest,
  sawMissing,
} from './best';
import {
  alongPath,
  attach,
  binSets,
  categorical,
  categorySets,
  constants,
  constantWords,
  draw,
  features,
  featuresDrawn,
  leafOfOutside,
  leafValues,
  masked,
  maxDepth,
  minLeaf,
  nodeFeature,
  nodeFlags,
  nodeRight,
  nodeThreshold,
  outputs,
  outside,
  positions,
  rows,
  stack,
} from './memory';
import { approach, leaveNear, rowOf } from './near';
import { addGains, enter, enterOne, followPath, prepare, size, writePath, writeValues } from './node';
import { partition } from './partition';
import { below, seedRandom } from './random';
import { addOutOfBag, sample } from './sample';
import { halfway, lastBinAtMost, search } from './search';

export { attach };

type Yes = u64;
type No = u8;

const MISSING_LEFT: u8 = 1;
const CATEGORICAL: u8 = 2;
/** Bytes of a node to come, before the features that do not vary. */
const FRAME: usize = 32;

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
  leaveNear();
  wait(0, drawn, 0, -1, -1, 0, rows - drawn);
  const frame = frameBytes();
  while (waiting > stack) {
    waiting -= frame;
    recall(waiting + FRAME);
    growFrom(
      load<i32>(waiting),
      load<i32>(waiting, 4),
      load<i32>(waiting, 8),
      load<i32>(waiting, 12),
      load<i32>(waiting, 16),
      load<i32>(waiting, 20),
      load<i32>(waiting, 24),
    );
  }
  addOutOfBag(rows - drawn);
  return nodes;
}

export function leafCount(): i32 {
  return leaves;
}

export function setCount(): i32 {
  return sets;
}

function frameBytes(): usize {
  return FRAME + ((<usize>constantWords) << 3);
}

/**
 * Puts a node to come on the stack: its positions, depth, the parent when it is a right child, the parent's feature, the
 * rows left out that come to it, and the features that do not vary in the current node.
 */
function wait(from: i32, end: i32, depth: i32, rightOf: i32, splitBy: i32, outFrom: i32, outEnd: i32): void {
  store<i32>(waiting, from);
  store<i32>(waiting, end, 4);
  store<i32>(waiting, depth, 8);
  store<i32>(waiting, rightOf, 12);
  store<i32>(waiting, splitBy, 16);
  store<i32>(waiting, outFrom, 20);
  store<i32>(waiting, outEnd, 24);
  for (let word: usize = 0; word < <usize>constantWords; word++) {
    store<u64>(waiting + FRAME + (word << 3), load<u64>(constants + (word << 3)));
  }
  waiting += frameBytes();
}

/** Takes up which features do not vary in the node that waited. */
function recall(known: usize): void {
  for (let word: usize = 0; word < <usize>constantWords; word++) {
    store<u64>(constants + (word << 3), load<u64>(known + (word << 3)));
  }
}

/**
 * Grows the node and, as long as it is split, what is left of the split; what is right waits, or is gone on with where a single
 * row is left.
 */
function growFrom(
  firstOfFirst: i32,
  last: i32,
  depthOfFirst: i32,
  rightOf: i32,
  splitOfParent: i32,
  outOfFirst: i32,
  outLast: i32,
): void {
  if (rightOf >= 0) store<i32>(nodeRight + ((<usize>rightOf) << 2), nodes);
  let from = firstOfFirst;
  let end = last;
  let depth = depthOfFirst;
  let splitBy = splitOfParent;
  let outFrom = outOfFirst;
  let outEnd = outLast;
  for (;;) {
    approach(from, end, outFrom, outEnd);
    if (end - from === 1 && !masked && splitBy >= 0) {
      growOne(from, depth, splitBy, outFrom, outEnd);
      return;
    }
    const node = nodes++;
    const differ = enter(<usize>from, end - from, depth);
    if (splitBy >= 0) addGains(splitBy, 1);
    if (alongPath) followPath(depth);
    const mayDivide = differ && depth < maxDepth && end - from >= 2 * minLeaf;
    if (!mayDivide || !findSplit(depth)) {
      writeLeaf(<usize>node, depth);
      leaveOut(<usize>outFrom, <usize>outEnd);
      return;
    }
    addGains(bestFeature, -1);
    const isCategorical = load<u8>(categorical + <usize>bestFeature) !== 0;
    const middle = isCategorical
      ? partition<Yes>(positions, <usize>from, <usize>end, binSets, bestBin, missingLeft)
      : partition<No>(positions, <usize>from, <usize>end, binSets, bestBin, missingLeft);
    const goesLeft = sawMissing ? missingLeft : middle - from >= end - middle;
    let outMiddle = outFrom;
    if (isCategorical) {
      const set = writeSets(<usize>node, goesLeft);
      if (outFrom < outEnd) {
        outMiddle = partition<Yes>(outside, <usize>outFrom, <usize>outEnd, set, 0, goesLeft);
      }
    } else {
      const threshold = writeThreshold(<usize>node, goesLeft);
      if (outFrom < outEnd) {
        const bin = lastBinAtMost(bestFeature, threshold, bestBin, bestNext);
        outMiddle = partition<No>(outside, <usize>outFrom, <usize>outEnd, 0, bin, goesLeft);
      }
    }
    splitBy = bestFeature;
    depth++;
    if (middle - from === 1 && !masked) {
      growOne(from, depth, splitBy, outFrom, outMiddle);
      store<i32>(nodeRight + ((<usize>node) << 2), nodes);
      from = middle;
      outFrom = outMiddle;
      continue;
    }
    wait(middle, end, depth, node, splitBy, outMiddle, outEnd);
    end = middle;
    outEnd = outMiddle;
  }
}

/** Grows a leaf of one row. */
function growOne(place: i32, depth: i32, splitBy: i32, outFrom: i32, outEnd: i32): void {
  const node = nodes++;
  enterOne(positions + ((<usize>place) << 2));
  addGains(splitBy, 1);
  if (alongPath) followPath(depth);
  writeLeaf(<usize>node, depth);
  leaveOut(<usize>outFrom, <usize>outEnd);
}

function writeLeaf(node: usize, depth: i32): void {
  store<i32>(nodeFeature + (node << 2), -1);
  store<i32>(nodeRight + (node << 2), leaves);
  store<u8>(nodeFlags + node, 0);
  store<f64>(nodeThreshold + (node << 3), 0);
  const to = leafValues + <usize>leaves * ((<usize>outputs) << 2);
  if (alongPath) writePath(depth, to);
  else writeValues(to);
  leaves++;
}

/** Notes which rows, left out, come to the latest leaf. */
function leaveOut(from: usize, end: usize): void {
  for (let i = from << 2; i < end << 2; i += 4) {
    store<u32>(outside + i, <u32>rowOf(<usize>load<u32>(outside + i)));
    store<i32>(leafOfOutside + i, leaves - 1);
  }
}

function findSplit(depth: i32): bool {
  resetBest();
  if (size > 2) prepare(depth);
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

/** @param goesLeft where rows go that are missing */
function writeThreshold(node: usize, goesLeft: bool): f64 {
  const threshold = bestThreshold === Infinity ? halfway(bestFeature, bestBin, bestNext) : bestThreshold;
  store<i32>(nodeFeature + (node << 2), bestFeature);
  store<u8>(nodeFlags + node, goesLeft ? MISSING_LEFT : 0);
  store<f64>(nodeThreshold + (node << 3), threshold);
  return threshold;
}

/** @param goesLeft where rows go that are missing, or of a category that the node never saw. @returns the set of those that go left */
function writeSets(node: usize, goesLeft: bool): usize {
  store<i32>(nodeFeature + (node << 2), bestFeature);
  store<u8>(nodeFlags + node, (goesLeft ? MISSING_LEFT : 0) | CATEGORICAL);
  store<f64>(nodeThreshold + (node << 3), <f64>sets);
  const set = categorySets + ((<usize>sets) << 5);
  for (let byte: usize = 0; byte < 32; byte++) {
    const left = load<u8>(binSets + byte);
    store<u8>(set + byte, goesLeft ? left | ~load<u8>(binSets + byte, 32) : left);
  }
  sets++;
  return set;
}
