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
    const result: unknown = perform(input);
    parentPort?.postMessage({ result }, [...buffersOf(result)]);
  } catch (error) {
    parentPort?.postMessage({ error });
  }
  // When nothing here looks on the fit's memory any more.
  setImmediate(collectGarbage);
});

/** The memory of arrays in a result that is not shared: handed over, it is not copied. What performed the task keeps none of it. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return found;
}
