import { gather, scoreTask } from '../../core/evaluate';
import type { FitTrial } from '../../core/experiment';
import { writePredictions } from '../../store';
import type { TrialContext } from './context';
import { fitPart, learnerOf, type Part, partsOf } from './parts';
import { placedOf } from './placed';

/** Fits every configuration on the rows outside the fold; predicts and scores the fold's own rows. */
export async function runFit(spec: FitTrial, context: TrialContext): Promise<void> {
  const { data, run, trial, attempt, writer } = context;
  const { layout, table } = data;
  const { train, heldOut } = data.fold(spec.fold, spec.folds, spec.repeat, spec.outer);
  const { configurations } = placedOf(run, spec);
  const learner = learnerOf(spec.learner);
  const count = configurations[0].length;
  // One block of all configurations, which is what is written.
  const length = layout.columns * heldOut.length;
  const block = new Float32Array(count * length).fill(Number.NaN);
  const values = Array.from({ length: count }, (_, c) => block.subarray(c * length, (c + 1) * length));
  // Along the path of one fold one sees how features come in; all folds would say the same many times over.
  const isFirst =
    spec.key.scope === 'joint' && spec.fold === 0 && spec.repeat === 0 && spec.outer === undefined;
  let seconds = 0;
  for (const part of partsOf(data, { key: spec.key, configurations }, train)) {
    const models = await fitPart(learner, part, spec.seed, context, isFirst);
    const { rows, positions } = rowsToPredict(part, heldOut, table.rowTask);
    models.forEach((model, i) => {
      const begun = performance.now();
      const predictions = model.predict(table.dataset, rows);
      seconds += (performance.now() - begun) / 1000;
      for (const { task, own } of part.covers) {
        layout.put(values[part.indices[i]], task, predictions[own], heldOut, positions);
      }
    });
  }
  values.forEach((one, configuration) => {
    table.tasks.forEach((task, t) => {
      const labels = gather(table.labels[t], heldOut);
      const weights = table.sampleWeight && gather(table.sampleWeight, heldOut);
      const metrics = scoreTask(task, labels, layout.take(one, t, heldOut), weights);
      const labelled = labels.reduce((sum, label) => (Number.isNaN(label) ? sum : sum + 1), 0);
      writer.append({ kind: 'score', configuration, task: t, split: 'validation', metrics, rows: labelled });
    });
  });
  const path = run.predictions(trial, attempt, 'validation');
  const shape = { configurations: count, columns: layout.columns, rows: heldOut.length };
  writePredictions(path, { ...shape, values: block });
  writer.append({ kind: 'predictions', file: fileName(path), ...shape, split: 'validation', seconds });
}

/** In long data a task learned alone is asked about its own rows only. */
export function rowsToPredict(
  part: Part,
  rows: Int32Array,
  rowTask: Int32Array | undefined,
): { readonly rows: Int32Array; readonly positions?: Int32Array } {
  if (part.task === undefined || rowTask === undefined) return { rows };
  const positions = Int32Array.from(rows.keys()).filter((i) => rowTask[rows[i]] === part.task);
  return { rows: positions.map((i) => rows[i]), positions };
}

export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
