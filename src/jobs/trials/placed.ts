import type { FitTrial, RefitTrial } from '../../core/experiment';
import type { Configuration } from '../../core/learner';
import type { RunFolder } from '../../store';
import { searchResult } from '../results';
import { TrialError } from './context';
import { resultOf, upstream } from './upstream';

/** The configurations of a fit: what they are, and which numbers they have among all of their model. */
export interface Placed {
  /** One list, or one a task; as the fit's events and predictions number them. */
  readonly configurations: FitTrial['configurations'];
  /** numbers[list][place]: the number of each. A halving search may have promoted another for every task. */
  readonly numbers: readonly (readonly number[])[];
}

/** Those written in the fit's spec; of a fit that a search proposed, what the search found. */
export function placedOf(run: RunFolder, fit: FitTrial): Placed {
  const { configurations, first = 0, proposed } = fit;
  if (proposed === undefined) {
    return { configurations, numbers: configurations.map((list) => list.map((_, i) => first + i)) };
  }
  const found = resultOf(upstream(run, proposed.search), searchResult);
  const slice = <T>(list: readonly T[]): readonly T[] =>
    list.slice(proposed.from, proposed.from + configurations[0].length);
  return { configurations: found.configurations.map(slice), numbers: found.numbers.map(slice) };
}

/** Place in the fit of the configuration of that number; undefined where the fit is not about it. */
export function placeOf({ numbers }: Placed, number: number, task: number): number | undefined {
  const place = (numbers[task] ?? numbers[0]).indexOf(number);
  return place < 0 ? undefined : place;
}

/** A fit's number of the configuration at a place. */
export function numberAt({ numbers }: Placed, place: number, task: number | undefined): number {
  return (numbers[task ?? 0] ?? numbers[0])[place];
}

/**
 * All configurations of a model by their numbers. Where a search proposed some, they are gathered from the fits that its
 * selection read; of a number that occurs more than once (halving with longer training) the last stands.
 */
export function configurationsOf(
  run: RunFolder,
  { configurations, select }: Pick<RefitTrial, 'configurations' | 'select'>,
): FitTrial['configurations'] {
  if (configurations.every((list) => list.length > 0)) return configurations;
  const spec = run.spec(select);
  if (spec.kind !== 'select') throw new TrialError('upstream-missing', `Trial ${select} is no selection.`);
  const lists: Configuration[][] = configurations.map(() => []);
  for (const id of spec.fits) {
    const fit = run.spec(id);
    if (fit.kind !== 'fit') continue;
    const placed = placedOf(run, fit);
    placed.configurations.forEach((list, l) => {
      list.forEach((configuration, i) => {
        lists[l][placed.numbers[l][i]] = configuration;
      });
    });
  }
  return lists;
}
