import type { Learner } from '../../core/learner';
import { type ModelBundle, writeModel, writePredictions } from '../../store';
import type { TrialContext } from './context';
import { fileName, rowsToPredict } from './fit';
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
  const { table, layout } = data;
  const values = layout.empty(table.testRows.length);
  let seconds = 0;
  const kept: ModelBundle['parts'][number][] = [];
  for (const part of parts) {
    const models = await fitPart(learner, part, seed, context);
    const { rows, positions } = rowsToPredict(part, table.testRows, table.rowTask);
    models.forEach((model, i) => {
      const configuration = part.indices[i];
      const served = part.covers.filter(({ task }) => choiceOf(chosen, task) === configuration);
      const tasks = served.map(({ task }) => table.tasks[task].id);
      kept.push({ tasks, configuration, model: model.serialize() });
      if (rows.length === 0) return;
      const begun = performance.now();
      const predictions = model.predict(table.dataset, rows);
      seconds += (performance.now() - begun) / 1000;
      for (const { task, own } of served)
        layout.put(values, task, predictions[own], table.testRows, positions);
    });
  }
  const folder = run.model(trial, attempt);
  writeModel(folder, { parts: kept });
  writer.append({ kind: 'model', file: fileName(folder) });
  const path = run.predictions(trial, attempt, 'test');
  const shape = { configurations: 1, columns: layout.columns, rows: table.testRows.length };
  writePredictions(path, { ...shape, values });
  writer.append({ kind: 'predictions', file: fileName(path), ...shape, split: 'test', seconds });
}

function choiceOf(chosen: readonly number[], task: number): number {
  return chosen.length === 1 ? chosen[0] : chosen[task];
}
