import { type Seat, serveBoosting } from './boosting/kernel/serve';
import type { TreePacket } from './forest/packet';
import { type ForestPacketRequest, growForestPacket } from './forest/threads';

/** Parts of fits that can be done on another thread, by name. Each is a function of what it is given and of the memory in it. */
export const threadTasks = {
  'boosting/serve': serveBoosting,
  'forest/packet': growForestPacket,
} satisfies {
  readonly 'boosting/serve': (seat: Seat) => void;
  readonly 'forest/packet': (request: ForestPacketRequest) => TreePacket;
};

export type ThreadTasks = typeof threadTasks;

/**
 * A port: threads beside the one that a fit is on. What they compute must not depend on their number: the parts of the
 * work, and the order in which results are put together, are the same for any.
 */
export interface Threads {
  /** How many tasks are done at a time. */
  readonly count: number;
  /** Input and result travel as structured clones; memory that is shared stays so. */
  run<Name extends keyof ThreadTasks>(
    task: Name,
    input: Parameters<ThreadTasks[Name]>[0],
  ): Promise<ReturnType<ThreadTasks[Name]>>;
}
