// Jobs of many items that threads share. What each does: see ../crew.ts.
import { addEntries, addGroup, addRows, addTwoFeatures, gatherRows, subtract } from './histogram';
import { addLeaf, logistic, quantise, sigmoid, squared, sumLeaf } from './rows';
import { searchNumbers } from './search';

// Offsets in the job's block; see `JOB` in ../kernel.ts.
const CLAIM = 0;
const DONE = 64;
const ITEMS = 128;
const KIND = 132;
const STOP = 136;
const ARGUMENTS = 144;

/** The claim word: a number of the job in the upper bits, the items that nobody has taken yet in the lower. */
const LEFT_BITS = 20;
const LEFT = (1 << LEFT_BITS) - 1;
/** Looks at a word that another thread will change, before sleeping until it does. */
const SPINS = 4000;

/** Does all items of the job in the block; with `shared`, together with the threads in `serve`. Returns when all are done. */
export function perform(job: usize, shared: i32): void {
  const items = load<i32>(job, ITEMS);
  if (!shared) {
    for (let i = 0; i < items; i++) doItem(job, i, 0);
    return;
  }
  atomic.store<i32>(job + DONE, 0);
  publish(job, items);
  takeItems(job, 0);
  let spins = 0;
  for (;;) {
    const done = atomic.load<i32>(job + DONE);
    if (done === items) return;
    if (++spins > SPINS) atomic.wait<i32>(job + DONE, done, -1);
  }
}

/** A helper's part of all jobs until `dismiss`. */
export function serve(job: usize, participant: i32): void {
  let spins = 0;
  while (atomic.load<i32>(job + STOP) === 0) {
    const word = atomic.load<i32>(job + CLAIM);
    if ((word & LEFT) > 0) {
      takeItems(job, participant);
      spins = 0;
    } else if (++spins > SPINS) {
      if (atomic.load<i32>(job + STOP) === 0) atomic.wait<i32>(job + CLAIM, word, -1);
      spins = 0;
    }
  }
}

/** Lets all helpers go. */
export function dismiss(job: usize): void {
  atomic.store<i32>(job + STOP, 1);
  publish(job, 0);
}

function publish(job: usize, items: i32): void {
  const next = (atomic.load<i32>(job + CLAIM) >> LEFT_BITS) + 1;
  atomic.store<i32>(job + CLAIM, (next << LEFT_BITS) | items);
  atomic.notify(job + CLAIM, -1);
}

/** An item is taken by counting the word down: what its job says holds until it is done. */
function takeItems(job: usize, participant: i32): void {
  for (;;) {
    const word = atomic.load<i32>(job + CLAIM);
    const left = word & LEFT;
    if (left === 0) return;
    if (atomic.cmpxchg<i32>(job + CLAIM, word, word - 1) !== word) continue;
    const items = load<i32>(job, ITEMS);
    doItem(job, items - left, participant);
    if (atomic.add<i32>(job + DONE, 1) + 1 === items) atomic.notify(job + DONE, 1);
  }
}

function doItem(job: usize, item: i32, participant: i32): void {
  const kind = load<i32>(job, KIND);
  const at = job + ARGUMENTS;
  if (kind === 0) gatherChunk(at, item);
  else if (kind === 1) divideFeatures(at, item, participant);
  else if (kind === 2) deriveChunk(at, item);
  else if (kind === 3) quantiseChunk(at, item);
  else if (kind === 4) sigmoidChunk(at, item);
  else if (kind === 5) sumPart(at, item);
  else addPart(at, item);
}

/** Rows of a chunk. */
const CHUNK = 4096;

function partOf(count: i32, chunk: i32): i32 {
  return min(count - chunk * CHUNK, CHUNK);
}

function gatherChunk(at: usize, chunk: i32): void {
  const quads = load<i32>(at, 12);
  const first = <usize>(chunk * CHUNK);
  gatherRows(
    load<i32>(at),
    load<i32>(at, 4) + (first << 2),
    partOf(load<i32>(at, 8), chunk),
    quads,
    load<i32>(at, 16) + first * ((<usize>quads) << 4),
  );
}

/** Sums the smaller of two siblings, takes it from their parent's sums, searches both; see `Crew.divide`. */
function divideFeatures(at: usize, item: i32, participant: i32): void {
  const features = <usize>load<i32>(at);
  const part = <usize>load<i32>(at, 80) + ((<usize>item) << 2);
  const first = features + ((<usize>load<i32>(part)) << 2);
  const end = features + ((<usize>load<i32>(part, 4)) << 2);
  if (load<i32>(at, 28) > 0) sumFeatures(at, first, end);
  for (let feature = first; feature < end; feature += 4) searchFeature(at, load<i32>(feature), participant);
}

/** Sums the rows into the histogram of each feature. */
function sumFeatures(at: usize, first: usize, end: usize): void {
  const quads = load<i32>(<usize>load<i32>(at, 16), 4);
  const rows = <usize>load<i32>(at, 24);
  const count = load<i32>(at, 28);
  const lanes = <usize>load<i32>(at, 32);
  const starts = <usize>load<i32>(at, 36);
  for (let feature = first; feature < end; feature += 4) {
    const f = load<i32>(feature);
    memory.fill(histogramOf(at, f), 0, cellsOf(at, f) * ((<usize>quads) << 4));
  }
  // Four features are a group: features come ascending, and none of a part is of another group.
  if (end - first === 16 && starts === 0) {
    const f = load<i32>(first);
    const second = histogramOf(at, f + 1);
    const third = histogramOf(at, f + 2);
    addGroup(
      histogramOf(at, f),
      second,
      third,
      histogramOf(at, f + 3),
      codesOf(at, f),
      rows,
      lanes,
      count,
      quads,
    );
    return;
  }
  let next = first;
  for (; starts === 0 && next + 4 < end; next += 8) {
    const f = load<i32>(next);
    const g = load<i32>(next, 4);
    const other = histogramOf(at, g);
    addTwoFeatures(histogramOf(at, f), codesOf(at, f), other, codesOf(at, g), rows, lanes, count, quads);
  }
  for (; next < end; next += 4) {
    const f = load<i32>(next);
    if (starts === 0) addRows(histogramOf(at, f), codesOf(at, f), rows, lanes, count, quads);
    else addEntries(histogramOf(at, f), codesOf(at, f), rows, starts, lanes, count, quads);
  }
}

function searchFeature(at: usize, f: i32, participant: i32): void {
  const cells = <i32>cellsOf(at, f);
  const block = <usize>load<i32>(at, 16);
  const quads = load<i32>(block, 4);
  const small = histogramOf(at, f);
  const parent = <usize>load<i32>(at, 40);
  const other = parent + (small - <usize>load<i32>(at, 20));
  if (parent !== 0) subtract(other, small, cells * quads);
  // Categories and constrained features are searched elsewhere.
  const present = load<i32>(<usize>load<i32>(at, 12) + ((<usize>f) << 2));
  if (present <= 0) return;
  const sides = <usize>load<i32>(at, 44) + <usize>participant * 2 * ((<usize>quads) << 4);
  const found = <usize>load<i32>(at, 48) + ((<usize>f) << 4);
  const totals = <usize>load<i32>(at, 52);
  if (totals !== 0) searchNumbers(small, cells, present, totals, sides, block, load<f64>(at, 64), found);
  const parentTotals = <usize>load<i32>(at, 56);
  if (parentTotals === 0) return;
  const otherFound = found + <usize>load<i32>(at, 60);
  searchNumbers(other, cells, present, parentTotals, sides, block, load<f64>(at, 72), otherFound);
}

function histogramOf(at: usize, f: i32): usize {
  const quads = load<i32>(<usize>load<i32>(at, 16), 4);
  const firstCell = <usize>load<i32>(<usize>load<i32>(at, 4) + ((<usize>f) << 2));
  return <usize>load<i32>(at, 20) + firstCell * ((<usize>quads) << 4);
}

function cellsOf(at: usize, f: i32): usize {
  const firstCell = <usize>load<i32>(at, 4) + ((<usize>f) << 2);
  return load<i32>(firstCell, 4) - load<i32>(firstCell);
}

function codesOf(at: usize, f: i32): usize {
  return load<i32>(<usize>load<i32>(at, 8) + ((<usize>f) << 2));
}

/** Tasks' entries of 48 bytes, chunk by chunk of each: items of all tasks one after the other. */
function deriveChunk(at: usize, item: i32): void {
  let entry = <usize>load<i32>(at);
  let chunk = item;
  for (;;) {
    const chunks = (load<i32>(entry, 8) + CHUNK - 1) / CHUNK;
    if (chunk < chunks) break;
    chunk -= chunks;
    entry += 48;
  }
  const positions = <usize>load<i32>(entry, 4) + ((<usize>(chunk * CHUNK)) << 2);
  const count = partOf(load<i32>(entry, 8), chunk);
  const labels = <usize>load<i32>(entry, 12);
  const weights = <usize>load<i32>(entry, 16);
  const from = <usize>load<i32>(entry, 20);
  const gradient = <usize>load<i32>(entry, 24);
  const hessian = <usize>load<i32>(entry, 28);
  const sums = <usize>load<i32>(entry, 32) + <usize>chunk * 40;
  const weight = load<f64>(entry, 40);
  if (load<i32>(entry) === 0) {
    squared(positions, count, labels, weights, from, weight, gradient, hessian, sums);
  } else {
    logistic(positions, count, labels, weights, from, weight, gradient, hessian, sums);
  }
}

/** Lanes' entries of 32 bytes, chunk by chunk. */
function quantiseChunk(at: usize, item: i32): void {
  let entry = <usize>load<i32>(at);
  let chunk = item;
  for (;;) {
    const chunks = (load<i32>(entry, 8) + CHUNK - 1) / CHUNK;
    if (chunk < chunks) break;
    chunk -= chunks;
    entry += 32;
  }
  quantise(
    load<i32>(entry),
    <usize>load<i32>(entry, 4) + ((<usize>(chunk * CHUNK)) << 2),
    partOf(load<i32>(entry, 8), chunk),
    load<f64>(entry, 16),
    load<i32>(entry, 12),
    load<i32>(entry, 24),
  );
}

/** Pairs of scores and probabilities. */
function sigmoidChunk(at: usize, item: i32): void {
  const count = load<i32>(at, 4);
  const chunks = (count + CHUNK - 1) / CHUNK;
  const pair = <usize>load<i32>(at) + ((<usize>(item / chunks)) << 3);
  const chunk = item % chunks;
  const offset = (<usize>(chunk * CHUNK)) << 2;
  sigmoid(load<i32>(pair) + offset, load<i32>(pair, 4) + offset, (partOf(count, chunk) + 3) >> 2);
}

/** A leaf's sums for one output; see `Crew.sumLeaves`. */
function sumPart(at: usize, item: i32): void {
  const outputs = load<i32>(at, 4);
  const leaf = <usize>load<i32>(at) + ((<usize>(item / outputs)) << 3);
  const output = <usize>load<i32>(at, 8) + <usize>(item % outputs) * 12;
  const sums = <usize>load<i32>(at, 12) + ((<usize>item) << 4);
  sumLeaf(load<i32>(leaf), load<i32>(leaf, 4), load<i32>(output), load<i32>(output, 4), sums);
}

function addPart(at: usize, item: i32): void {
  const outputs = load<i32>(at, 4);
  const leaf = <usize>load<i32>(at) + ((<usize>(item / outputs)) << 3);
  const output = <usize>load<i32>(at, 8) + <usize>(item % outputs) * 12;
  const value = load<f32>(<usize>load<i32>(at, 12) + ((<usize>item) << 2));
  if (value !== 0) addLeaf(load<i32>(leaf), load<i32>(leaf, 4), value, load<i32>(output, 8));
}
