import type { RefitTrial } from '../../core/experiment';
import type { Learner } from '../../core/learner';
import type { RunFolder } from '../../store';
import { selectionResult } from '../results';
import type { TrialContext } from './context';
import { keepModels } from './keep-models';
import { learnerOf, type Part, partsOf } from './parts';
import { resultOf, upstream } from './upstream';

/** Fits the chosen configuration on all training rows, saves the model, predicts the test rows. */
export async function runRefit(spec: RefitTrial, context: TrialContext): Promise<void> {
  const { run, data } = context;
  const { chosen } = resultOf(upstream(run, spec.select), selectionResult);
  const learner = learnerOf(spec.learner);
  const iterations = iterationsOnFolds(run, spec.select);
  const parts = partsOf(data, spec, data.table.trainRows, chosen);
  const adjusted = parts.map((part) => refitPart(learner, part, iterations));
  await keepModels(learner, adjusted, chosen, spec.seed, context);
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
