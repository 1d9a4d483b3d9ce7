import { type GROW, growBoosting } from './boosting/helper';
import { type SERVE, serveBoosting } from './boosting/kernel/serve';
import { growForestPacket, type PACKET } from './forest/threads';
import type { ThreadTask } from './threads';

type Done<Task> = Task extends ThreadTask<infer Input, infer Output> ? (input: Input) => Output : never;

/** What a thread can do for a fit, by name: all that its bundle holds of the learners. */
export const threadTasks = {
  'boosting/grow': growBoosting,
  'boosting/serve': serveBoosting,
  'forest/packet': growForestPacket,
} satisfies {
  readonly 'boosting/grow': Done<typeof GROW>;
  readonly 'boosting/serve': Done<typeof SERVE>;
  readonly 'forest/packet': Done<typeof PACKET>;
};
