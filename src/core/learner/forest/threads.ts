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

/** @see growForestPacket */
export const PACKET: ThreadTask<ForestPacketRequest, TreePacket> = { name: 'forest/packet' };

export function growForestPacket({ memory, region, seeds }: ForestPacketRequest): TreePacket {
  return growPacket(memory, region, seeds);
}
