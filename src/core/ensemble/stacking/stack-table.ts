import type { Dataset, NumericColumn } from '../../dataset/dataset';
import type { Task } from '../../dataset/problem';
import type { TaskPredictions } from '../../learner/learner';
import type { MemberPredictions } from '../member-predictions';

/** What a column of the second level's table is made of: output `output` of member `member` for task `task`. */
export interface StackColumn {
  readonly member: number;
  readonly task: number;
  readonly output: number;
}

export interface StackTable {
  readonly dataset: Dataset;
  /** In the order of the dataset's columns. */
  readonly columns: readonly StackColumn[];
}

/**
 * Probabilities are kept this far from 0 and 1 before their logarithm is taken: a forest says 0 where its trees agree,
 * and the logarithm of that would outweigh all else.
 */
const LEAST_PROBABILITY = 1e-3;

/**
 * The members' predictions as a table to learn from, a row a row: values of regressions as they are, log odds
 * log(p / (1 − p)) of binary tasks, log p_k − mean log p of classes. NaN, a missing value, where a member did not predict.
 */
export function stackTable(tasks: readonly Task[], members: MemberPredictions): StackTable {
  const columns: StackColumn[] = [];
  const data: NumericColumn[] = [];
  let rowCount = 0;
  members.forEach((predictions, member) => {
    predictions.forEach((one, task) => {
      rowCount = one.values.length / one.width;
      const values = outputsOf(tasks[task], one, rowCount);
      values.forEach((own, output) => {
        columns.push({ member, task, output });
        data.push({ kind: 'numeric', name: columnName({ member, task, output }), values: own });
      });
    });
  });
  return { dataset: { rowCount, columns: data, fingerprint: '' }, columns };
}

/** `2 0 1`: as a second level that was saved names its columns. */
export function columnName({ member, task, output }: StackColumn): string {
  return `${member} ${task} ${output}`;
}

/** The column that a name, or the name of its indicator of missing values, stands for. */
export function columnNamed(name: string): StackColumn {
  const [member, task, output] = name.split(' ').map(Number);
  return { member, task, output };
}

/** One column an output (outputs × rows). */
function outputsOf(task: Task, { values, width }: TaskPredictions, rows: number): Float64Array[] {
  if (task.type === 'regression') return [Float64Array.from(values)];
  if (task.type === 'binary') return [Float64Array.from(values, logOdds)];
  const outputs = Array.from({ length: width }, () => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    let mean = 0;
    for (let k = 0; k < width; k++) mean += logarithm(values[row * width + k]) / width;
    for (let k = 0; k < width; k++) outputs[k][row] = logarithm(values[row * width + k]) - mean;
  }
  return outputs;
}

function logOdds(p: number): number {
  return logarithm(p) - logarithm(1 - p);
}

/** NaN stays NaN. */
function logarithm(p: number): number {
  return Math.log(p < LEAST_PROBABILITY ? LEAST_PROBABILITY : p);
}
