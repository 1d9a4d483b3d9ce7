import { bestBin, bestFeature, bestNext, missingLeft, perfect, resetBest, sawMissing } from './best';
import { beginDraws, drawFeature, isConstant, keepConstants, noteConstant, recallConstants } from './draw';
import { addGains, lose } from './feature-gains';
import { growFew, isFew } from './few';
import {
  alongPath,
  attach,
  binSets,
  categorical,
  constantWords,
  features,
  featuresDrawn,
  leafOfRow,
  masked,
  maxDepth,
  minLeaf,
  outside,
  positions,
  rows,
  stack,
} from './memory';
import { approach, leaveNear, rowOf } from './near';
import { enter, enterOne, keepMeans, prepare, size } from './node';
import { partition } from './partition';
import { seedRandom } from './random';
import { addOutOfBag, sample } from './sample';
import { lastBinAtMost, search } from './search';
import { addLeaf, addNode, beginTree, goRight, leaves, nodes, sets, writeSets, writeThreshold } from './tree';
import { followPath, writePath, writeValues } from './values';

export { attach };

type Yes = u64;
type No = u8;

/** Bytes of a node to come, before the features that do not vary. */
const FRAME: usize = 32;

let waiting: usize = 0;

/** @returns the number of nodes; `leafCount` and `setCount` say the others */
export function grow(seed: u32): i32 {
  seedRandom(seed);
  const drawn = sample();
  beginTree();
  beginDraws();
  waiting = stack;
  leaveNear();
  wait(0, drawn, 0, -1, -1, 0, rows - drawn);
  const frame = frameBytes();
  while (waiting > stack) {
    waiting -= frame;
    recallConstants(waiting + FRAME);
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
  keepConstants(waiting + FRAME);
  waiting += frameBytes();
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
  if (rightOf >= 0) goRight(rightOf);
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
    if (isFew(end - from, outEnd - outFrom)) {
      growFew(from, end, depth, splitBy, outFrom, outEnd);
      return;
    }
    const node = addNode();
    const differ = enter(<usize>from, end - from, depth);
    if (splitBy >= 0) addGains(splitBy, depth);
    if (alongPath) followPath(depth);
    const mayDivide = differ && depth < maxDepth && end - from >= 2 * minLeaf;
    if (!mayDivide || !findSplit(depth)) {
      writeLeaf(<usize>node, depth);
      leaveOut(<usize>outFrom, <usize>outEnd);
      return;
    }
    lose(bestFeature);
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
      goRight(node);
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
  const node = addNode();
  enterOne(positions + ((<usize>place) << 2));
  addGains(splitBy, depth);
  if (alongPath) followPath(depth);
  writeLeaf(<usize>node, depth);
  leaveOut(<usize>outFrom, <usize>outEnd);
}

function writeLeaf(node: usize, depth: i32): void {
  const to = addLeaf(node);
  if (alongPath) writePath(depth, to);
  else writeValues(to);
}

/** Notes which rows, left out, come to the latest leaf. */
function leaveOut(from: usize, end: usize): void {
  for (let i = from << 2; i < end << 2; i += 4) {
    const row = rowOf(<usize>load<u32>(outside + i));
    store<i32>(leafOfRow + (row << 2), leaves - 1);
  }
}

function findSplit(depth: i32): bool {
  resetBest();
  if (size > 2) prepare(depth);
  else keepMeans(depth);
  let varying = 0;
  for (let drawn = 0; drawn < features && (drawn < featuresDrawn || varying === 0); drawn++) {
    const feature = drawFeature(drawn);
    if (isConstant(feature)) continue;
    if (search(feature)) varying++;
    else noteConstant(feature);
    if (perfect) break;
  }
  return bestFeature >= 0;
}
