/** A thread of a worker process: does parts of fits, one after the other, as `ThreadPool` asks. */
import { parentPort } from 'node:worker_threads';
// Not by the folder's index, which would have every thread load all learners.
import { threadTasks } from '../core/learner/thread-tasks';
import { collectGarbage } from './memory';

interface Message {
  readonly task: string;
  readonly input: unknown;
}

const tasks: Readonly<Record<string, unknown>> = threadTasks;

parentPort?.on('message', ({ task, input }: Message) => {
  try {
    const perform = tasks[task];
    if (typeof perform !== 'function') throw new Error(`There is no work called ${task}.`);
    parentPort?.postMessage({ result: perform(input) });
  } catch (error) {
    parentPort?.postMessage({ error });
  }
  // When nothing here looks on the fit's memory any more.
  setImmediate(collectGarbage);
});
