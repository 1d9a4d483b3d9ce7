import type { TrainingSet } from '../trees';

/**
 * Labels by row: those of position i are firstLabel[i] … firstLabel[i + 1] − 1. A target is a task, or one of its classes; `y`
 * is 1 for the label's class, and the label itself for other tasks.
 */
export interface LabelLists {
  readonly firstLabel: Int32Array;
  readonly labelTask: Int32Array;
  readonly labelTarget: Int32Array;
  readonly labelY: Float64Array;
  /** Per task, its first target, and the number of all. */
  readonly firstTarget: Int32Array;
}

export function listLabels({ rows, tasks, labels }: TrainingSet): LabelLists {
  const firstTarget = new Int32Array(tasks.length + 1);
  tasks.forEach((task, t) => {
    firstTarget[t + 1] = firstTarget[t] + (task.type === 'multiclass' ? task.classes.length : 1);
  });
  const firstLabel = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) {
    firstLabel[i + 1] = firstLabel[i];
    for (const own of labels) firstLabel[i + 1] += Number.isNaN(own[i]) ? 0 : 1;
  }
  const count = firstLabel[rows.length];
  const labelTask = new Int32Array(count);
  const labelTarget = new Int32Array(count);
  const labelY = new Float64Array(count);
  let l = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let t = 0; t < tasks.length; t++) {
      const y = labels[t][i];
      if (Number.isNaN(y)) continue;
      const multiclass = tasks[t].type === 'multiclass';
      labelTask[l] = t;
      labelTarget[l] = firstTarget[t] + (multiclass ? y : 0);
      labelY[l++] = multiclass ? 1 : y;
    }
  }
  return { firstLabel, labelTask, labelTarget, labelY, firstTarget };
}
