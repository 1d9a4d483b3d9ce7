import { type Task, taskWidth } from '../../dataset/problem';

/** An output of the model: the only one of a regression or binary task, or that of a class. */
export interface Output {
  readonly task: number;
  readonly column: number;
}

export function outputsOf(tasks: readonly Task[]): readonly Output[] {
  return tasks.flatMap((task, t) =>
    Array.from({ length: taskWidth(task) }, (_, column) => ({ task: t, column })),
  );
}
