import { basename } from 'node:path';
import type { Learner } from '../../core/learner';
import { type ModelBundle, writeModel, writePredictions } from '../../store';
import type { TrialContext } from './context';
import { rowsToPredict } from './fit';
import { fitPart, type Part } from './parts';

/** Fits parts, saves their models, and predicts the test rows by those that serve each task. */
export async function keepModels(
  learner: Learner,
  parts: readonly Part[],
  chosen: readonly number[],
  seed: number,
  context: TrialContext,
): Promise<void> {
  const { run, data, trial, attempt, writer } = context;
  const { testRows } = data.table;
  const { models, values, seconds } = await predictChosen(learner, parts, chosen, testRows, seed, context);
  const folder = run.model(trial, attempt);
  writeModel(folder, { parts: models });
  writer.append({ kind: 'model', file: basename(folder) });
  writeBlock(values, testRows.length, 'test', seconds, context);
}

/** Fits parts, and predicts rows by those that serve each task: values are columns × rows. */
export async function predictChosen(
  learner: Learner,
  parts: readonly Part[],
  chosen: readonly number[],
  wanted: Int32Array,
  seed: number,
  context: TrialContext,
): Promise<{
  readonly models: ModelBundle['parts'];
  readonly values: Float32Array;
  readonly seconds: number;
}> {
  const { table, layout } = context.data;
  const values = layout.empty(wanted.length);
  let seconds = 0;
  const kept: ModelBundle['parts'][number][] = [];
  for (const part of parts) {
    const models = await fitPart(learner, part, seed, context);
    const { rows, positions } = rowsToPredict(part, wanted, table.rowTask);
    models.forEach((model, i) => {
      const configuration = part.indices[i];
      const served = part.covers.filter(({ task }) => choiceOf(chosen, task) === configuration);
      const tasks = served.map(({ task }) => table.tasks[task].id);
      kept.push({ tasks, configuration, model: model.serialize() });
      if (rows.length === 0) return;
      const begun = performance.now();
      const predictions = model.predict(table.dataset, rows);
      seconds += (performance.now() - begun) / 1000;
      for (const { task, own } of served) layout.put(values, task, predictions[own], wanted, positions);
    });
  }
  return { models: kept, values, seconds };
}

/** Writes predictions of one configuration, columns × rows, and says so. */
export function writeBlock(
  values: Float32Array,
  rows: number,
  split: 'validation' | 'test',
  seconds: number,
  { run, data, trial, attempt, writer }: TrialContext,
): void {
  const path = run.predictions(trial, attempt, split);
  const shape = { configurations: 1, columns: data.layout.columns, rows };
  writePredictions(path, { ...shape, values });
  writer.append({ kind: 'predictions', file: basename(path), ...shape, split, seconds });
}

function choiceOf(chosen: readonly number[], task: number): number {
  return chosen.length === 1 ? chosen[0] : chosen[task];
}
