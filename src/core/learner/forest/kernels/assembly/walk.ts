import {
  categorySets,
  codesOfRows,
  features,
  leafValues,
  leftOut,
  multiplicity,
  outOfBag,
  outputs,
  rows,
  steps,
} from './memory';

const MISSING_BIN: u8 = 255;
const MISSING_LEFT: u8 = 1;
const CATEGORICAL: u8 = 2;

/** Writes how rows go on from a node. */
export function writeStep(node: usize, feature: i32, right: i32, bin: u8, flags: u8, set: i32): void {
  const step = steps + (node << 4);
  store<i32>(step, feature);
  store<i32>(step, right, 4);
  store<u8>(step, bin, 8);
  store<u8>(step, flags, 9);
  store<i32>(step, set, 12);
}

/** @param right the node on the right, or a leaf's place among the values */
export function setRight(node: usize, right: i32): void {
  store<i32>(steps + (node << 4), right, 4);
}

/** Adds what the tree predicts for the rows that its sample left out: four at a time, so that none waits for memory. */
export function addLeftOut(): void {
  let waiting = 0;
  let a: usize = 0;
  let b: usize = 0;
  let c: usize = 0;
  for (let i: usize = 0; i < <usize>rows; i++) {
    if (load<u16>(multiplicity + (i << 1)) !== 0) continue;
    if (waiting === 0) a = i;
    else if (waiting === 1) b = i;
    else if (waiting === 2) c = i;
    if (++waiting < 4) continue;
    addFour(a, b, c, i);
    waiting = 0;
  }
  if (waiting > 0) addOne(a, leafOf(a));
  if (waiting > 1) addOne(b, leafOf(b));
  if (waiting > 2) addOne(c, leafOf(c));
}

function addFour(a: usize, b: usize, c: usize, d: usize): void {
  const codesA = codesOfRows + a * <usize>features;
  const codesB = codesOfRows + b * <usize>features;
  const codesC = codesOfRows + c * <usize>features;
  const codesD = codesOfRows + d * <usize>features;
  let nodeA = steps;
  let nodeB = steps;
  let nodeC = steps;
  let nodeD = steps;
  for (;;) {
    const featureA = load<i32>(nodeA);
    const featureB = load<i32>(nodeB);
    const featureC = load<i32>(nodeC);
    const featureD = load<i32>(nodeD);
    if ((featureA & featureB & featureC & featureD) < 0) break;
    if (featureA >= 0) nodeA = next(nodeA, load<u8>(codesA + <usize>featureA));
    if (featureB >= 0) nodeB = next(nodeB, load<u8>(codesB + <usize>featureB));
    if (featureC >= 0) nodeC = next(nodeC, load<u8>(codesC + <usize>featureC));
    if (featureD >= 0) nodeD = next(nodeD, load<u8>(codesD + <usize>featureD));
  }
  addOne(a, load<i32>(nodeA, 4));
  addOne(b, load<i32>(nodeB, 4));
  addOne(c, load<i32>(nodeC, 4));
  addOne(d, load<i32>(nodeD, 4));
}

function leafOf(row: usize): i32 {
  const codes = codesOfRows + row * <usize>features;
  let node = steps;
  for (let feature = load<i32>(node); feature >= 0; feature = load<i32>(node)) {
    node = next(node, load<u8>(codes + <usize>feature));
  }
  return load<i32>(node, 4);
}

function next(node: usize, code: u8): usize {
  const flags = load<u8>(node, 9);
  let left = code <= load<u8>(node, 8);
  if ((flags & CATEGORICAL) !== 0) {
    const set = categorySets + ((<usize>load<i32>(node, 12)) << 5);
    left = ((load<u8>(set + <usize>(code >> 3)) >> (code & 7)) & 1) !== 0;
  } else if (code === MISSING_BIN) left = (flags & MISSING_LEFT) !== 0;
  return left ? node + 16 : steps + ((<usize>load<i32>(node, 4)) << 4);
}

function addOne(row: usize, leaf: i32): void {
  const value = leafValues + <usize>leaf * ((<usize>outputs) << 2);
  const sum = outOfBag + row * ((<usize>outputs) << 3);
  for (let o: usize = 0; o < <usize>outputs; o++) {
    store<f64>(sum + (o << 3), load<f64>(sum + (o << 3)) + <f64>load<f32>(value + (o << 2)));
  }
  store<i32>(leftOut + (row << 2), load<i32>(leftOut + (row << 2)) + 1);
}
