/** A thread of a worker process: does parts of fits, one after the other, as `ThreadPool` asks. */
import { parentPort } from 'node:worker_threads';
import { type ThreadTasks, threadTasks } from '../core/learner';

parentPort?.on(
  'message',
  ({ task, input }: { task: keyof ThreadTasks; input: Parameters<ThreadTasks[keyof ThreadTasks]>[0] }) => {
    try {
      parentPort?.postMessage({ result: threadTasks[task](input) });
    } catch (error) {
      parentPort?.postMessage({ error });
    }
  },
);
