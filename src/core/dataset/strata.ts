import type { Task } from './problem';
import type { Memberships } from './stratify';

/** Most quantile bins of a regression target. */
const MAX_BINS = 10;

/** Labels of the rows to be split; arrays indexed by row of the dataset. */
export interface LabelledRows {
  readonly rows: Int32Array;
  readonly tasks: readonly Task[];
  readonly labels: readonly Float64Array[];
  /** Long form: the task of every row, so that a row is not counted as lacking the labels of the others. */
  readonly rowTask?: Int32Array;
}

/**
 * The strata of each row: for every task its class, or its quantile bin of the target, or "no label". Long form: those
 * of its own task, and the task itself. Without tasks all rows are one stratum.
 * @param parts number of parts that every bin should be able to reach with about two rows
 */
export function strataOfRows({ rows, tasks, labels, rowTask }: LabelledRows, parts: number): Memberships {
  const room = new Float64Array(rows.length);
  const binnings = tasks.map((task, t) => binning(task, labels[t], rows, parts, room));
  const offsets = new Int32Array(tasks.length + 1);
  binnings.forEach(({ bins }, t) => {
    offsets[t + 1] = offsets[t] + bins + 1;
  });
  const stratum = (t: number, row: number): number => {
    const label = labels[t][row];
    return offsets[t] + (Number.isNaN(label) ? binnings[t].bins : binnings[t].binOf(label));
  };
  if (tasks.length === 0) {
    const start = Int32Array.from({ length: rows.length + 1 }, (_, i) => i);
    return { start, strata: new Int32Array(rows.length), strataCount: 1 };
  }
  const perRow = rowTask === undefined ? tasks.length : 2;
  const strata = new Int32Array(rows.length * perRow);
  rows.forEach((row, i) => {
    if (rowTask === undefined) {
      for (let t = 0; t < perRow; t++) strata[i * perRow + t] = stratum(t, row);
    } else {
      strata[i * perRow] = stratum(rowTask[row], row);
      strata[i * perRow + 1] = offsets[tasks.length] + rowTask[row];
    }
  });
  return {
    start: Int32Array.from({ length: rows.length + 1 }, (_, i) => i * perRow),
    strata,
    strataCount: offsets[tasks.length] + (rowTask === undefined ? 0 : tasks.length),
  };
}

interface Binning {
  readonly bins: number;
  binOf(label: number): number;
}

/** @param room a number a row, overwritten */
function binning(
  task: Task,
  labels: Float64Array,
  rows: Int32Array,
  parts: number,
  room: Float64Array,
): Binning {
  if (task.type !== 'regression') return { bins: task.classes.length, binOf: (code) => code };
  let known = 0;
  for (const row of rows) if (!Number.isNaN(labels[row])) room[known++] = labels[row];
  const sorted = room.subarray(0, known).sort();
  const bins = Math.max(1, Math.min(MAX_BINS, Math.floor(sorted.length / (2 * parts))));
  // Equal values share a bin: an edge is the first value of its bin, and many edges may coincide.
  const edges = Float64Array.from(
    { length: bins - 1 },
    (_, b) => sorted[Math.floor(((b + 1) * sorted.length) / bins)],
  );
  return {
    bins,
    binOf: (label) => {
      let bin = 0;
      while (bin < edges.length && label >= edges[bin]) bin++;
      return bin;
    },
  };
}
