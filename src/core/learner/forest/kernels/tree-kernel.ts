// Not by the folder's index: a thread loads this, and no more than it needs.
import { KernelModule } from '../../kernel-module';
import type { Trees } from '../../trees/trees';
import type { OutOfBagSums } from '../out-of-bag';
import type { TreePacket } from '../packet';
import { kernelBytes } from './bytes';
import type { ThreadRegion, TreeMemory } from './tree-memory';

interface KernelExports {
  attach(list: number): void;
  grow(seed: number): number;
  leafCount(): number;
  setCount(): number;
}

const kernel = new KernelModule<KernelExports>(kernelBytes, ['attach', 'grow', 'leafCount', 'setCount']);

/** What trees say of the rows that they left out, in the memory of a region: that of the packet it grew last. */
export function outOfBagIn(tree: TreeMemory, { places }: ThreadRegion): OutOfBagSums | undefined {
  if (!tree.bootstrap) return undefined;
  const { buffer } = tree.memory;
  return {
    sums: new Float64Array(buffer, places.outOfBag, tree.rows * tree.outputs),
    trees: new Int32Array(buffer, places.leftOut, tree.rows),
  };
}

/**
 * Grows a tree from each seed with the kernel, in the thread's region of the memory, where sums of rows left out stay (see
 * `outOfBagIn`).
 */
export function growPacket(tree: TreeMemory, region: ThreadRegion, seeds: readonly number[]): TreePacket {
  const exports = kernel.over(tree.memory);
  exports.attach(region.list);
  const { places } = region;
  const { buffer } = tree.memory;
  const { features, outputs, gainLanes } = tree;
  const gains = new Float64Array(buffer, places.gains, features * gainLanes).fill(0);
  const outOfBag = outOfBagIn(tree, region);
  outOfBag?.sums.fill(0);
  outOfBag?.trees.fill(0);
  const trees: Trees[] = [];
  for (const seed of seeds) {
    const nodes = exports.grow(seed);
    trees.push({
      starts: Int32Array.of(0, nodes),
      feature: new Int32Array(buffer, places.feature, nodes).slice(),
      threshold: new Float64Array(buffer, places.threshold, nodes).slice(),
      right: new Int32Array(buffer, places.right, nodes).slice(),
      flags: new Uint8Array(buffer, places.flags, nodes).slice(),
      categorySets: new Uint8Array(buffer, places.categorySets, 32 * exports.setCount()).slice(),
      values: new Float32Array(buffer, places.leafValues, outputs * exports.leafCount()).slice(),
    });
  }
  return { trees, gains: gainsByTask(tree, gains), ...(outOfBag && { outOfBag }) };
}

function gainsByTask(
  { features, taskOf, tasks, gainLanes, firstLane }: TreeMemory,
  gains: Float64Array,
): Float64Array {
  const sums = new Float64Array(features * tasks);
  for (let f = 0; f < features; f++) {
    taskOf.forEach((t, output) => {
      sums[f * tasks + t] += gains[f * gainLanes + firstLane + output];
    });
  }
  return sums;
}
