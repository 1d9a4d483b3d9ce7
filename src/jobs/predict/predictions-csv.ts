import { predictedClass } from '../../core/evaluate';
import { cellText, type PredictedTask, type TablePredictions } from './predict';

/**
 * Predictions as lines of CSV, header first: the columns of the table named by `keep`, then for every task its value
 * (regression) or its class and the probability of each (binary: of the positive one). Long data have one set of columns
 * for all tasks where the tasks are alike, as every row is one task's. An empty cell: not predicted.
 *
 * @throws RangeError when the table has no column of a name in `keep`
 */
export function* predictionsCsv(
  { table, tasks, rowTask }: TablePredictions,
  keep: readonly string[],
): Generator<string> {
  const kept = keep.map((name) => {
    const column = table.columns.find((one) => one.name === name);
    if (column === undefined) throw new RangeError(`The table has no column "${name}" to keep.`);
    return column;
  });
  const shared = rowTask !== undefined && tasks.every((task) => isLike(task, tasks[0]));
  const headed = shared ? [{ ...tasks[0], id: 'prediction' }] : tasks;
  yield line([...keep, ...headed.flatMap(taskHeader)]);
  for (let row = 0; row < table.rowCount; row++) {
    const cells = kept.map((column) => cellText(column, row));
    if (shared && rowTask) cells.push(...taskCells(tasks[Math.max(0, rowTask[row])], row));
    else cells.push(...tasks.flatMap((task) => taskCells(task, row)));
    yield line(cells);
  }
}

function isLike({ type, classes }: PredictedTask, other: PredictedTask): boolean {
  return type === other.type && classes.join('\n') === other.classes.join('\n');
}

function taskHeader({ id, type, classes }: PredictedTask): string[] {
  if (type === 'regression') return [id];
  const shown = type === 'binary' ? classes.slice(1) : classes;
  return [id, ...shown.map((name) => `${id}: P(${name})`)];
}

function taskCells({ type, classes, predictions, threshold }: PredictedTask, row: number): string[] {
  const { values, width } = predictions;
  const own = Array.from(values.subarray(row * width, (row + 1) * width));
  if (own.some(Number.isNaN)) return new Array<string>(type === 'regression' ? 1 : width + 1).fill('');
  if (type === 'regression') return own.map(shown);
  const predicted = type === 'binary' ? (own[0] > threshold ? 1 : 0) : predictedClass(values, width, row);
  return [classes[predicted], ...own.map(shown)];
}

/** The digits that single precision has. */
function shown(value: number): string {
  return String(Number(value.toPrecision(7)));
}

function line(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}
