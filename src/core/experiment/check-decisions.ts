import type { TaskType } from '../dataset';
import type { Diagnostic, TaskSpec } from './experiment';
import { pointAt } from './explain';
import { nearest } from './nearest';
import type { ParsedExperiment } from './parse';

/** Thresholds and weights of classes where there are none, and weights of classes that the column has not. */
export function checkDecisions(
  parsed: ParsedExperiment,
  task: TaskSpec,
  type: TaskType,
  classes: readonly string[],
): Diagnostic[] {
  const what = type === 'regression' ? 'a regression' : type;
  const ignored = (key: string): Diagnostic =>
    pointAt(parsed, ['tasks', task.id, key], 'key', {
      severity: 'warning',
      code: 'ignored-key',
      message: `\`${key}\` has no effect: task ${task.id} is ${what}`,
      remedy: 'take it out',
    });
  const found: Diagnostic[] = [];
  if (task.threshold !== undefined && type !== 'binary') found.push(ignored('threshold'));
  const { classWeight } = task;
  if (classWeight !== undefined && type === 'regression') found.push(ignored('class_weight'));
  else if (typeof classWeight === 'object' && classes.length > 0) {
    for (const name of Object.keys(classWeight).filter((one) => !classes.includes(one))) {
      const meant = nearest(name, classes);
      found.push(
        pointAt(parsed, ['tasks', task.id, 'class_weight', name], 'key', {
          code: 'unknown-class',
          message: `the target of task ${task.id} has no class "${name}"`,
          remedy: meant === undefined ? `write one of ${classes.join(', ')}` : `write "${meant}"`,
          replacement: meant,
        }),
      );
    }
  }
  return found;
}
