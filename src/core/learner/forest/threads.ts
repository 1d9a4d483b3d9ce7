import type { ThreadTask } from '../threads';
import { growPacket } from './kernels/tree-kernel';
import type { ThreadRegion, TreeMemory } from './kernels/tree-memory';
import type { TreePacket } from './packet';

/** Trees to grow from a training set in shared memory, in a region of it that no other thread uses. */
export interface ForestPacketRequest {
  readonly memory: TreeMemory;
  readonly region: ThreadRegion;
  readonly seeds: readonly number[];
}

/** What is said of the rows that the trees left out stays in the region. */
export type ForestPacketReply = Omit<TreePacket, 'outOfBag'>;

/** @see growForestPacket */
export const PACKET: ThreadTask<ForestPacketRequest, ForestPacketReply> = { name: 'forest/packet' };

export function growForestPacket({ memory, region, seeds }: ForestPacketRequest): ForestPacketReply {
  const { trees, gains } = growPacket(memory, region, seeds);
  return { trees, gains };
}
