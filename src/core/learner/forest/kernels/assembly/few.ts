import {
  bestBin,
  bestFeature,
  bestNext,
  MISSING_BIN,
  missingLeft,
  perfect,
  resetBest,
  sawMissing,
} from './best';
import { drawFeature, isConstant, keepConstants, noteConstant, recallConstants } from './draw';
import { addGains } from './feature-gains';
import { copyFew, enterFew, enterTwo, lanesOf, lanesUpTo, MOST_FEW, writeFewLeaf } from './few-rows';
import { leftLanes, searchFew, separateFew } from './few-search';
import {
  categorical,
  constantWords,
  features,
  featuresDrawn,
  few,
  fewCodes,
  fewLeft,
  fewMean,
  fewRight,
  fewShift,
  fewStack,
  fewTargets,
  fewWeights,
  gains,
  maxDepth,
  quads,
  targetQuads,
} from './memory';
import { weight } from './node';
import { lastBinAtMost } from './search';
import { addNode, goRight, writeSets, writeThreshold } from './tree';

type Yes = u64;
type No = u8;

/** Bytes of a node to come, before the features that do not vary. */
const FRAME: usize = 64;

/** What is lost in a sum of weights, of the whole, is no weight. */
const ROUNDING: f32 = 1e-7;

let waiting: usize = 0;

/** Whether the part of the tree that grows from a node with so many rows, drawn and left out, is grown here. */
export function isFew(count: i32, left: i32): bool {
  return few && count <= MOST_FEW && left <= MOST_FEW;
}

/**
 * Grows the part of a tree below a node of few rows, with the choices of `growFrom`: nodes are masks of lanes (see few-rows.ts), so
 * that rows are neither moved nor looked for, and no more is done for a node than what its rows need.
 */
export function growFew(from: i32, end: i32, depth: i32, splitBy: i32, outFrom: i32, outEnd: i32): void {
  copyFew(from, end, outFrom, outEnd);
  if (splitBy >= 0) addGains(splitBy, depth);
  waiting = fewStack;
  const all = lanesOf(end - from);
  const out = lanesOf(outEnd - outFrom);
  if (quads === 1) {
    growLeft<No>(all, out, depth);
    while (waiting > fewStack) growNext<No>();
  } else {
    growLeft<Yes>(all, out, depth);
    while (waiting > fewStack) growNext<Yes>();
  }
}

/** Puts a node to come on the stack: its lanes, depth, parent, and its means, from `fewRight`. */
function wait<Second>(mask: u32, out: u32, depth: i32, parent: i32): void {
  store<u32>(waiting, mask);
  store<u32>(waiting, out, 4);
  store<i32>(waiting, depth, 8);
  store<i32>(waiting, parent, 12);
  v128.store(waiting, v128.load(fewRight), 16);
  if (sizeof<Second>() === 8) v128.store(waiting, v128.load(fewRight, 16), 32);
  keepConstants(waiting + FRAME);
  waiting += FRAME + ((<usize>constantWords) << 3);
}

function growNext<Second>(): void {
  waiting -= FRAME + ((<usize>constantWords) << 3);
  v128.store(fewMean, v128.load(waiting, 16));
  if (sizeof<Second>() === 8) v128.store(fewMean, v128.load(waiting, 32), 16);
  recallConstants(waiting + FRAME);
  goRight(load<i32>(waiting, 12));
  growLeft<Second>(load<u32>(waiting), load<u32>(waiting, 4), load<i32>(waiting, 8));
}

/** Grows the node and, as long as it is split, what is left of the split; what is right waits, or is gone on with after a single row. */
function growLeft<Second>(lanes: u32, outLanes: u32, depthOfFirst: i32): void {
  let mask = lanes;
  let out = outLanes;
  let depth = depthOfFirst;
  for (;;) {
    const node = addNode();
    if (!split<Second>(mask, depth)) {
      writeFewLeaf(node, mask, out);
      return;
    }
    depth++;
    const left = leftLanes;
    const right = mask ^ left;
    const goesLeft = sawMissing ? missingLeft : popcnt<u32>(left) >= popcnt<u32>(right);
    const outLeft = writeSplit(node, out, goesLeft);
    const outRight = out ^ outLeft;
    if ((left & (left - 1)) === 0) {
      writeFewLeaf(addNode(), left, outLeft);
      goRight(node);
      takeRightMeans<Second>();
      mask = right;
      out = outRight;
      continue;
    }
    wait<Second>(right, outRight, depth, node);
    mask = left;
    out = outLeft;
  }
}

/** Chooses how the node is split, adds what is gained, and tells the means of both sides. @returns whether it is split */
function split<Second>(mask: u32, depth: i32): bool {
  const others = mask & (mask - 1);
  if (others === 0) return false;
  if ((others & (others - 1)) === 0) {
    if (!enterTwo(mask) || depth >= maxDepth || !findSplit<Yes>(mask)) return false;
    gainOfTwo(mask);
    return true;
  }
  if (!enterFew<Second>(mask) || depth >= maxDepth || !findSplit<No>(mask)) return false;
  divide<Second>();
  return true;
}

function findSplit<Two>(mask: u32): bool {
  resetBest();
  let varying = 0;
  for (let drawn = 0; drawn < features && (drawn < featuresDrawn || varying === 0); drawn++) {
    const feature = drawFeature(drawn);
    if (isConstant(feature)) continue;
    if (sizeof<Two>() === 8 ? separateFew(feature, mask) : searchFew(feature, mask)) varying++;
    else noteConstant(feature);
    if (perfect) break;
  }
  return bestFeature >= 0;
}

/** Writes the split, of which `goesLeft` says where missing values go. @returns the lanes of rows left out that go left */
function writeSplit(node: i32, out: u32, goesLeft: bool): u32 {
  const codes = fewCodes + ((<usize>bestFeature) << 6) + 32;
  if (load<u8>(categorical + <usize>bestFeature) !== 0) {
    const set = writeSets(<usize>node, goesLeft);
    let left: u32 = 0;
    for (let rest = out; rest !== 0; rest &= rest - 1) {
      const code = load<u8>(codes + <usize>ctz<u32>(rest));
      const inSet = (load<u8>(set + <usize>(code >> 3)) >> (code & 7)) & 1;
      if (code === MISSING_BIN ? goesLeft : inSet !== 0) left |= rest & (0 - rest);
    }
    return left;
  }
  const threshold = writeThreshold(<usize>node, goesLeft);
  if (out === 0) return 0;
  const bin = lastBinAtMost(bestFeature, threshold, bestBin, bestNext);
  return lanesUpTo(codes, bin, goesLeft) & out;
}

/** Two rows alone: Σ w (y − ȳ)² is w₁ w₂ / (w₁ + w₂) (y₁ − y₂)². */
function gainOfTwo(mask: u32): void {
  const one = <usize>ctz<u32>(mask);
  const other = <usize>ctz<u32>(mask & (mask - 1));
  const width = (<usize>quads) << 4;
  const oneWeight = <f64>load<f32>(fewWeights + (one << 4));
  const otherWeight = <f64>load<f32>(fewWeights + (other << 4));
  const factor = f64x2.splat((oneWeight * otherWeight) / (oneWeight + otherWeight));
  for (let at: usize = 0; at < width; at += 16) {
    const y = v128.load(fewTargets + one * width + at);
    addSquares(at, f32x4.sub(y, v128.load(fewTargets + other * width + at)), factor);
  }
}

/** Adds squares, times a factor, to a quad of the gains of the best feature. */
function addSquares(lane: usize, lanes: v128, factor: v128): void {
  const to = gains + <usize>bestFeature * ((<usize>targetQuads) << 5) + (lane << 1);
  const low = f64x2.promote_low_f32x4(lanes);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(lanes, lanes, 2, 3, 2, 3));
  v128.store(to, f64x2.add(v128.load(to), f64x2.mul(f64x2.mul(low, low), factor)));
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(f64x2.mul(high, high), factor)), 16);
}

/** What is left of the split has L = Σ w (y − m): it gains L² W / (W_L W_R), and the means of its sides are m + L / W_L and m − L / W_R. */
function divide<Second>(): void {
  const left = v128.load(fewLeft);
  const whole = <f32>weight;
  const leftWeight = f32x4.extract_lane(left, 0);
  const rightWeight = max<f32>(whole - leftWeight, whole * ROUNDING);
  const factor = f64x2.splat(weight / (<f64>leftWeight * <f64>rightWeight));
  const ofLeft = f32x4.splat(1 / leftWeight);
  const ofRight = f32x4.splat(1 / rightWeight);
  const wide = f32x4.splat(leftWeight);
  for (let at: usize = 0; at < (sizeof<Second>() === 8 ? 32 : 16); at += 16) {
    const moved = f32x4.sub(v128.load(fewLeft + at), f32x4.mul(wide, v128.load(fewShift + at)));
    addSquares(at, moved, factor);
    const mean = v128.load(fewMean + at);
    v128.store(fewMean + at, f32x4.add(mean, f32x4.mul(moved, ofLeft)));
    v128.store(fewRight + at, f32x4.sub(mean, f32x4.mul(moved, ofRight)));
  }
}

function takeRightMeans<Second>(): void {
  v128.store(fewMean, v128.load(fewRight));
  if (sizeof<Second>() === 8) v128.store(fewMean, v128.load(fewRight, 16), 16);
}
