import type { TaskTable } from '../dataset';
import type { Diagnostic } from './experiment';
import { pointAt } from './explain';
import type { ParsedExperiment } from './parse';

/** Warnings of tasks that have labels, and none in a training row: a split by a column or by time may leave them so. */
export function checkTrainedRows(
  parsed: ParsedExperiment,
  { tasks, labels, trainRows }: Pick<TaskTable, 'tasks' | 'labels' | 'trainRows'>,
): Diagnostic[] {
  return tasks.flatMap(({ id }, t) => {
    if (trainRows.some((row) => !Number.isNaN(labels[t][row]))) return [];
    // Tasks of long data have no entry of their own.
    const path = parsed.draft.data.task === undefined ? ['tasks', id] : ['data', 'task'];
    return [
      pointAt(parsed, path, path[0] === 'tasks' ? 'key' : 'value', {
        severity: 'warning',
        code: 'no-training-rows',
        message: `all labelled rows of task ${id} are in the test split: it is not learned`,
        remedy: 'split in another way, or leave the task out',
      }),
    ];
  });
}
