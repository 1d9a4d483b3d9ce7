import { bestBin, bestFeature, bestNext, bestThreshold } from './best';
import {
  binSets,
  categorySets,
  leafValues,
  nodeFeature,
  nodeFlags,
  nodeRight,
  nodeThreshold,
  outputs,
} from './memory';
import { halfway } from './search';

const MISSING_LEFT: u8 = 1;
const CATEGORICAL: u8 = 2;

// What the tree has so far.
export let nodes: i32 = 0;
export let leaves: i32 = 0;
export let sets: i32 = 0;

export function beginTree(): void {
  nodes = 0;
  leaves = 0;
  sets = 0;
}

/** @returns the next node, which a leaf or a split is written for */
export function addNode(): i32 {
  return nodes++;
}

/** Makes the next node what is right of `parent`. */
export function goRight(parent: i32): void {
  store<i32>(nodeRight + ((<usize>parent) << 2), nodes);
}

/** @returns where the leaf's values go, one float32 an output */
export function addLeaf(node: usize): usize {
  store<i32>(nodeFeature + (node << 2), -1);
  store<i32>(nodeRight + (node << 2), leaves);
  store<u8>(nodeFlags + node, 0);
  store<f64>(nodeThreshold + (node << 3), 0);
  const to = leafValues + <usize>leaves * ((<usize>outputs) << 2);
  leaves++;
  return to;
}

/** @param goesLeft where rows go that are missing */
export function writeThreshold(node: usize, goesLeft: bool): f64 {
  const threshold = bestThreshold === Infinity ? halfway(bestFeature, bestBin, bestNext) : bestThreshold;
  store<i32>(nodeFeature + (node << 2), bestFeature);
  store<u8>(nodeFlags + node, goesLeft ? MISSING_LEFT : 0);
  store<f64>(nodeThreshold + (node << 3), threshold);
  return threshold;
}

/** @param goesLeft where rows go that are missing, or of a category that the node never saw. @returns the set of those that go left */
export function writeSets(node: usize, goesLeft: bool): usize {
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
