import type { RefitTrial } from '../../core/experiment';
import type { Learner } from '../../core/learner';
import { type ModelBundle, type RunFolder, writeModel, writePredictions } from '../../store';
import { selectionResult } from '../results';
import type { TrialContext } from './context';
import { fileName, rowsToPredict } from './fit';
import { fitPart, learnerOf, type Part, partsOf } from './parts';
import { resultOf, upstream } from './upstream';

/** Fits the chosen configuration on all training rows, saves the model, predicts the test rows. */
export async function runRefit(spec: RefitTrial, context: TrialContext): Promise<void> {
  const { run, data, trial, attempt, writer } = context;
  const { table, layout } = data;
  const { chosen } = resultOf(upstream(run, spec.select), selectionResult);
  const learner = learnerOf(spec.learner);
  const values = layout.empty(table.testRows.length);
  let seconds = 0;
  const parts: ModelBundle['parts'][number][] = [];
  const iterations = iterationsOnFolds(run, spec.select);
  for (const part of partsOf(data, spec, table.trainRows, chosen)) {
    const models = await fitPart(learner, refitPart(learner, part, iterations), spec.seed, context);
    const { rows, positions } = rowsToPredict(part, table.testRows, table.rowTask);
    models.forEach((model, i) => {
      const configuration = part.indices[i];
      const served = part.covers.filter(({ task }) => choiceOf(chosen, task) === configuration);
      const tasks = served.map(({ task }) => table.tasks[task].id);
      parts.push({ tasks, configuration, model: model.serialize() });
      if (rows.length === 0) return;
      const begun = performance.now();
      const predictions = model.predict(table.dataset, rows);
      seconds += (performance.now() - begun) / 1000;
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
  writer.append({ kind: 'predictions', file: fileName(path), ...shape, split: 'test', seconds });
}

/** Iterations of every fit on the folds that the selection read, by configuration and the task learned alone. */
type Iterations = ReadonlyMap<string, readonly number[]>;

function iterationsOnFolds(run: RunFolder, select: string): Iterations {
  const spec = run.spec(select);
  const iterations = new Map<string, number[]>();
  if (spec.kind !== 'select') return iterations;
  for (const fit of spec.fits) {
    for (const event of upstream(run, fit).story.events) {
      if (event.kind !== 'fitted') continue;
      const key = fitKey(event.configuration, event.task);
      iterations.set(key, [...(iterations.get(key) ?? []), event.convergence.iterations]);
    }
  }
  return iterations;
}

/** A learner that stops early holds nothing out at the refit: it trains as long as the median fold did. */
function refitPart(learner: Learner, part: Part, iterations: Iterations): Part {
  const configurations = part.configurations.map((configuration, i) => {
    const own = iterations.get(fitKey(part.indices[i], part.task)) ?? [];
    const parameters = learner.refitParameters?.(configuration.parameters, own) ?? configuration.parameters;
    return { ...configuration, parameters };
  });
  return { ...part, configurations };
}

function fitKey(configuration: number, task: number | undefined): string {
  return `${configuration} ${task ?? 'all'}`;
}

function choiceOf(chosen: readonly number[], task: number): number {
  return chosen.length === 1 ? chosen[0] : chosen[task];
}
