import { basename } from 'node:path';
import { gather, scoreTask } from '../../core/evaluate';
import type { FitTrial } from '../../core/experiment';
import type { FittedModel } from '../../core/learner';
import { writePredictions } from '../../store';
import type { TrialContext } from './context';
import { fitPart, learnerOf, type Part, partsOf } from './parts';
import { placedOf } from './placed';

/** Fits every configuration on the rows outside the fold; predicts and scores the fold's own rows. */
export async function runFit(spec: FitTrial, context: TrialContext): Promise<void> {
  const { data, writer } = context;
  const { layout, table } = data;
  const learner = learnerOf(spec.learner);
  // Along the path of one fold one sees how features come in; all folds would say the same many times over.
  const isFirst =
    spec.key.scope === 'joint' && spec.fold === 0 && spec.repeat === 0 && spec.outer === undefined;
  const found = await predictFold(spec, context, (part) =>
    fitPart(learner, part, spec.seed, context, isFirst),
  );
  const { block, configurations, heldOut, seconds } = found;
  const length = layout.columns * heldOut.length;
  const weights = table.sampleWeight && gather(table.sampleWeight, heldOut);
  const held = table.labels.map((all) => {
    const labels = gather(all, heldOut);
    return { labels, rows: labels.reduce((sum, label) => (Number.isNaN(label) ? sum : sum + 1), 0) };
  });
  for (let configuration = 0; configuration < configurations; configuration++) {
    const one = block.subarray(configuration * length, (configuration + 1) * length);
    table.tasks.forEach((task, t) => {
      const { labels, rows } = held[t];
      const metrics = scoreTask(task, labels, layout.take(one, t, heldOut), weights);
      writer.append({ kind: 'score', configuration, task: t, split: 'validation', metrics, rows });
    });
  }
  const { run, trial, attempt } = context;
  const path = run.predictions(trial, attempt, 'validation');
  const shape = { configurations, columns: layout.columns, rows: heldOut.length };
  writePredictions(path, { ...shape, values: block });
  writer.append({ kind: 'predictions', file: basename(path), ...shape, split: 'validation', seconds });
}

/** What every configuration of a fit says of the rows of its fold: one block of all, as it is written. */
export async function predictFold(
  spec: FitTrial,
  { run, data }: TrialContext,
  learn: (part: Part) => Promise<readonly FittedModel[]>,
): Promise<{
  /** configurations × columns × rows */
  readonly block: Float32Array;
  readonly configurations: number;
  readonly heldOut: Int32Array;
  readonly seconds: number;
}> {
  const { layout, table } = data;
  const { train, heldOut } = data.fold(spec.fold, spec.folds, spec.repeat, spec.outer);
  const { configurations } = placedOf(run, spec);
  const learner = learnerOf(spec.learner);
  const count = configurations[0].length;
  const length = layout.columns * heldOut.length;
  const block = new Float32Array(count * length).fill(Number.NaN);
  let seconds = 0;
  for (const part of partsOf(data, { key: spec.key, configurations }, train)) {
    const models = await learn(part);
    const { rows, positions } = rowsToPredict(part, heldOut, table.rowTask);
    const begun = performance.now();
    const predicted =
      learner.predictTogether?.(models, table.dataset, rows) ??
      models.map((model) => model.predict(table.dataset, rows));
    seconds += (performance.now() - begun) / 1000;
    predicted.forEach((predictions, i) => {
      const at = part.indices[i] * length;
      for (const { task, own } of part.covers) {
        layout.put(block.subarray(at, at + length), task, predictions[own], heldOut, positions);
      }
    });
  }
  return { block, configurations: count, heldOut, seconds };
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
