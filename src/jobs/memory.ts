import { getHeapStatistics } from 'node:v8';

/**
 * Columns of so many bytes or more: their numbers stay in the store's cache, and processes that learn from them give memory
 * back sooner, at a little speed.
 */
export const LARGE_DATA = 2 ** 25;

/** How a process is started that has large data in memory. */
export const LEAN = {
  // A small nursery: what lives is in typed arrays, outside of it. And garbage can be collected when a fit is over: of
  // memory outside the heap, WebAssembly's most of all, the collector does not feel the weight.
  arguments: ['--max-semi-space-size=2', '--expose-gc'],
  // Of glibc, which else keeps what was given back once arrays of that size have come and gone.
  environment: { MALLOC_MMAP_THRESHOLD_: String(2 ** 20) },
} as const;

export function isLarge(dataBytes: number): boolean {
  return dataBytes >= LARGE_DATA;
}

/** Growth that is collected whenever it is met; less only so often that collecting takes a twentieth of the time. */
const WORTH_BYTES = 2 ** 25;
const INTERVALS_OF_COLLECTING = 20;

let held = 0;
let collectedAt = 0;
let lasted = 0;

/**
 * Gives back what nothing refers to any more, in a process that was started lean; elsewhere it is left to the collector. A fit
 * of one task of a thousand leaves less than it costs to look for it.
 */
export function collectGarbage(): void {
  if (globalThis.gc === undefined) return;
  const begun = performance.now();
  const isDue = begun - collectedAt >= INTERVALS_OF_COLLECTING * lasted;
  if (!isDue && heldBytes() - held < WORTH_BYTES) return;
  void globalThis.gc();
  held = heldBytes();
  collectedAt = performance.now();
  lasted = collectedAt - begun;
}

function heldBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
