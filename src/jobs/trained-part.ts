import { type FitTrial, fitsOf, type TrialSpec } from '../core/experiment';
import type { RunFolder, StepFile } from '../store';
import { placedOf } from './trials/placed';
import { ifThere } from './trials/upstream';

/** Of learners that know before they begin how many steps they take: the parameter that says so. */
const STEPS: Readonly<Record<string, string>> = {
  neural: 'epochs',
  boosting: 'rounds',
  forest: 'trees',
  'extra-trees': 'trees',
};

/**
 * The part of a running fit or refit that is done, 0 to 1, by the steps it has recorded and the configurations it is through
 * with; what stops early is further than it seems. Undefined where neither tells, and of a later attempt: it may go on from a
 * checkpoint, and the time of what it found done is not its own.
 * @param fitted configurations that it has said to be fitted
 */
export function trainedPart(
  run: RunFolder,
  spec: TrialSpec,
  attempt: number,
  steps: StepFile | undefined,
  fitted: number,
): number | undefined {
  if (attempt > 0 || (spec.kind !== 'fit' && spec.kind !== 'refit')) return undefined;
  const parameter = STEPS[spec.learner];
  const reached = parameter === undefined ? undefined : steps?.lastSteps();
  if (fitted === 0 && !reached?.size) return undefined;
  const lists = spec.kind === 'fit' ? ifThere(() => placedOf(run, spec).configurations) : spec.configurations;
  let trained = 0;
  for (const [number, last] of reached ?? []) {
    const group = steps?.groups().get(number);
    const most = group && lists && stepsOf(lists, group, parameter);
    if (most) trained += Math.min(1, last / most);
  }
  const part = Math.max(fitted, trained) / Math.max(fitsOf(spec), reached?.size ?? 0);
  return part > 0 ? Math.min(1, part) : undefined;
}

function stepsOf(
  lists: FitTrial['configurations'],
  { configuration, task = 0 }: { readonly configuration: number; readonly task?: number },
  parameter: string,
): number | undefined {
  const steps = (lists[task] ?? lists[0])?.[configuration]?.parameters[parameter];
  return typeof steps === 'number' && steps > 0 ? steps : undefined;
}
