import type { RunFolder } from '../../store';
import { configurationsOf, numberAt, placedOf } from '../trials/placed';
import { ifThere } from '../trials/upstream';
import type { TrialFact } from './facts';

/** A configuration by its number among all of its model. */
export interface Numbered {
  readonly configuration: number;
  readonly lambda: number | null;
}

/**
 * What the steps of a trial are of: a fit numbers its own configurations from 0, a refit has the numbers of its model's. Known
 * from the plan and what a search found, so that a curve is named before its fit is done; undefined where the search has not
 * come so far.
 * @returns by the number in the steps, and the task that is learned alone
 */
export function numberingOf(
  run: RunFolder,
  { trial }: Pick<TrialFact, 'trial'>,
): (configuration: number, task: number | undefined) => Numbered | undefined {
  const spec = run.spec(trial);
  if (spec.kind === 'fit') {
    const placed = ifThere(() => placedOf(run, spec));
    return (place, task) =>
      placed && {
        configuration: numberAt(placed, place, task),
        lambda: lambdaAt(placed.configurations, place, task),
      };
  }
  if (spec.kind !== 'refit') return () => undefined;
  const all = ifThere(() => configurationsOf(run, spec)) ?? [];
  return (configuration, task) => ({ configuration, lambda: lambdaAt(all, configuration, task) });
}

function lambdaAt(
  lists: readonly (readonly { readonly lambda?: number }[])[],
  at: number,
  task: number | undefined,
): number | null {
  return (lists[task ?? 0] ?? lists[0])?.[at]?.lambda ?? null;
}
