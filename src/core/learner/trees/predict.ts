import type { Dataset } from '../../dataset/dataset';
import { type Task, taskWidth } from '../../dataset/problem';
import type { TaskPredictions } from '../learner';
import { FeatureReader, type TreeFeature } from './feature-matrix';
import { addOverTrees, type Trees } from './trees';

/** Rows × features that are looked at together: their values stay in the processor's cache for all trees. */
const BLOCK_VALUES = 1 << 16;

/** Writes the predictions of one task for a block of rows. */
export type WritePredictions = (
  task: number,
  /** Row-major (rows × outputs): sums over the trees; the task's begin at its first output. */
  sums: Float64Array,
  firstOutput: number,
  /** Of the whole table, to be filled from `firstRow` on. */
  predictions: TaskPredictions,
  firstRow: number,
  rows: number,
) => void;

/**
 * Predictions of trees, in one or several parts, for rows of a table, block by block.
 *
 * @throws DataError when the table lacks a feature
 */
export function predictByBlocks(
  parts: readonly Trees[],
  features: readonly TreeFeature[],
  tasks: readonly Task[],
  dataset: Dataset,
  rows: Int32Array,
  write: WritePredictions,
): readonly TaskPredictions[] {
  const reader = new FeatureReader(features, dataset);
  const width = features.length;
  const outputs = countOutputs(tasks);
  const block = Math.max(64, Math.floor(BLOCK_VALUES / Math.max(1, width)));
  const matrix = new Float64Array(Math.min(block, rows.length) * width);
  const predictions = tasks.map((task): TaskPredictions => {
    const columns = taskWidth(task);
    return { values: new Float32Array(rows.length * columns), width: columns };
  });
  for (let start = 0; start < rows.length; start += block) {
    const some = rows.subarray(start, start + block);
    reader.read(some, matrix);
    const sums = new Float64Array(some.length * outputs);
    for (const trees of parts) addOverTrees(trees, matrix, width, some.length, outputs, sums);
    let first = 0;
    predictions.forEach((of, t) => {
      write(t, sums, first, of, start, some.length);
      first += of.width;
    });
  }
  return predictions;
}

/** Numbers that a row is predicted, over all tasks. */
export function countOutputs(tasks: readonly Task[]): number {
  return tasks.reduce((sum, task) => sum + taskWidth(task), 0);
}
