import type { RefitTrial } from '../../core/experiment';
import type { Learner } from '../../core/learner';
import type { RunFolder } from '../../store';
import { selectionResult } from '../results';
import type { TrialContext } from './context';
import { keepModels, predictChosen, writeBlock } from './keep-models';
import { learnerOf, type Part, partsOf } from './parts';
import { configurationsOf, numberAt, placedOf } from './placed';
import { resultOf, upstream } from './upstream';

/**
 * Fits the chosen configuration on all training rows, saves the model, predicts the test rows. In a fold of the outer
 * loop: on its training part, and predicts the rows it holds out, which chose nothing; the model is not kept.
 */
export async function runRefit(spec: RefitTrial, context: TrialContext): Promise<void> {
  const { run, data } = context;
  const configurations = configurationsOf(run, spec);
  const { chosen } = resultOf(upstream(run, spec.select), selectionResult);
  const learner = learnerOf(spec.learner);
  const rows = spec.outer === undefined ? data.table.trainRows : data.outerFold(spec.outer).train;
  const parts = partsOf(data, { key: spec.key, configurations }, rows, chosen);
  const adjusted = learner.refitParameters ? asLongAsOnFolds(learner, parts, run, spec.select) : parts;
  if (spec.outer === undefined) return keepModels(learner, adjusted, chosen, spec.seed, context);
  const { heldOut } = data.outerFold(spec.outer);
  const { values, seconds } = await predictChosen(learner, adjusted, chosen, heldOut, spec.seed, context);
  writeBlock(values, heldOut.length, 'validation', seconds, context);
}

/** Iterations of every fit on the folds that the selection read, by configuration and the task learned alone. */
type Iterations = ReadonlyMap<string, readonly number[]>;

function iterationsOnFolds(run: RunFolder, select: string): Iterations {
  const spec = run.spec(select);
  const iterations = new Map<string, number[]>();
  if (spec.kind !== 'select') return iterations;
  for (const id of spec.fits) {
    const fit = run.spec(id);
    if (fit.kind !== 'fit') continue;
    const placed = placedOf(run, fit);
    for (const event of upstream(run, id).story.events) {
      if (event.kind !== 'fitted') continue;
      const key = fitKey(numberAt(placed, event.configuration, event.task), event.task);
      iterations.set(key, [...(iterations.get(key) ?? []), event.convergence.iterations]);
    }
  }
  return iterations;
}

/** A learner that stops early holds nothing out at the refit: it trains as long as the median fold did. */
function asLongAsOnFolds(
  learner: Learner,
  parts: readonly Part[],
  run: RunFolder,
  select: string,
): readonly Part[] {
  const iterations = iterationsOnFolds(run, select);
  return parts.map((part) => ({
    ...part,
    configurations: part.configurations.map((configuration, i) => {
      const own = iterations.get(fitKey(part.indices[i], part.task)) ?? [];
      const parameters = learner.refitParameters?.(configuration.parameters, own) ?? configuration.parameters;
      return { ...configuration, parameters };
    }),
  }));
}

function fitKey(configuration: number, task: number | undefined): string {
  return `${configuration} ${task ?? 'all'}`;
}
