import type { RefitTrial } from '../../core/experiment';
import { type ModelBundle, writeModel, writePredictions } from '../../store';
import { selectionResult } from '../results';
import type { TrialContext } from './context';
import { fileName, rowsToPredict } from './fit';
import { fitPart, learnerOf, partsOf } from './parts';
import { resultOf, upstream } from './upstream';

/** Fits the chosen configuration on all training rows, saves the model, predicts the test rows. */
export async function runRefit(spec: RefitTrial, context: TrialContext): Promise<void> {
  const { run, data, trial, attempt, writer } = context;
  const { table, layout } = data;
  const { chosen } = resultOf(upstream(run, spec.select), selectionResult);
  const learner = learnerOf(spec.learner);
  const values = layout.empty(table.testRows.length);
  const parts: ModelBundle['parts'][number][] = [];
  for (const part of partsOf(data, spec, table.trainRows, chosen)) {
    const models = await fitPart(learner, part, spec.seed, context);
    const { rows, positions } = rowsToPredict(part, table.testRows, table.rowTask);
    models.forEach((model, i) => {
      const configuration = part.indices[i];
      const served = part.covers.filter(({ task }) => choiceOf(chosen, task) === configuration);
      const tasks = served.map(({ task }) => table.tasks[task].id);
      parts.push({ tasks, configuration, model: model.serialize() });
      if (rows.length === 0) return;
      const predictions = model.predict(table.dataset, rows);
      for (const { task, own } of served)
        layout.put(values, task, predictions[own], table.testRows, positions);
    });
  }
  const folder = run.model(trial, attempt);
  writeModel(folder, { parts });
  writer.append({ kind: 'model', file: fileName(folder) });
  const path = run.predictions(trial, attempt, 'test');
  const shape = { configurations: 1, columns: layout.columns, rows: table.testRows.length };
  writePredictions(path, { ...shape, values });
  writer.append({ kind: 'predictions', file: fileName(path), ...shape, split: 'test' });
}

function choiceOf(chosen: readonly number[], task: number): number {
  return chosen.length === 1 ? chosen[0] : chosen[task];
}
