/** A thread of a worker process: does parts of fits, one after the other, as `ThreadPool` asks. */
import { parentPort } from 'node:worker_threads';
// Not by the folder's index, which would have every thread load all learners.
import { type ThreadTasks, threadTasks } from '../core/learner/threads';

type Message = {
  readonly [Name in keyof ThreadTasks]: {
    readonly task: Name;
    readonly input: Parameters<ThreadTasks[Name]>[0];
  };
}[keyof ThreadTasks];

parentPort?.on('message', (message: Message) => {
  try {
    parentPort?.postMessage({ result: perform(message) });
  } catch (error) {
    parentPort?.postMessage({ error });
  }
});

function perform(message: Message): unknown {
  switch (message.task) {
    case 'boosting/serve':
      return threadTasks[message.task](message.input);
    case 'forest/packet':
      return threadTasks[message.task](message.input);
  }
}
