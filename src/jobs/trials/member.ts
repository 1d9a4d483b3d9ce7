import type { MemberTrials } from '../../core/experiment';
import type { TaskPredictions } from '../../core/learner';
import { type RunFolder, readFoldPredictions, readPredictions } from '../../store';
import { type SelectionResult, selectionResult } from '../results';
import type { RunData } from '../run-data';
import { type Placed, placedOf, placeOf } from './placed';
import { missing, resultOf, type Upstream, upstream } from './upstream';

/** A base model's selection, its fits and its refit, read once. */
export interface Member {
  readonly trials: MemberTrials;
  readonly selection: SelectionResult;
  readonly fits: readonly Upstream[];
  readonly refit: Upstream;
  readonly select: Upstream;
}

export function readMember(run: RunFolder, trials: MemberTrials): Member {
  return { ...readFits(run, trials), refit: upstream(run, trials.refit) };
}

/** A base model as far as its folds go: all that out-of-fold predictions need. */
export function readFits(run: RunFolder, trials: MemberTrials): Omit<Member, 'refit'> {
  const select = upstream(run, trials.select);
  return {
    trials,
    select,
    selection: resultOf(select, selectionResult),
    fits: trials.fits.map((trial) => upstream(run, trial)),
  };
}

/**
 * Out-of-fold predictions of the chosen configuration, one a task, over all training rows: every row by a model that
 * never saw it, repeats averaged; NaN where a row was never held out.
 */
export function outOfFold(
  run: RunFolder,
  data: RunData,
  member: Pick<Member, 'fits' | 'selection'>,
): readonly TaskPredictions[] {
  const { layout, table } = data;
  const rows = table.trainRows;
  const position = data.trainPositions();
  const sum = new Float64Array(layout.columns * rows.length);
  const times = new Uint16Array(layout.columns * rows.length);
  for (const fit of member.fits) {
    const spec = run.spec(fit.trial);
    if (spec.kind !== 'fit') throw missing(fit.trial, 'is not a fit');
    const { heldOut } = data.fold(spec.fold, spec.folds, spec.repeat, spec.outer);
    const values = chosenPredictions(run, data, fit, placedOf(run, spec), heldOut, member.selection.chosen);
    if (values === undefined) continue;
    for (let c = 0; c < layout.columns; c++) {
      for (let i = 0; i < heldOut.length; i++) {
        const value = values[c * heldOut.length + i];
        if (Number.isNaN(value)) continue;
        const at = c * rows.length + position[heldOut[i]];
        sum[at] += value;
        times[at]++;
      }
    }
  }
  // `Float32Array.from` would make a list of them all first.
  const mean = new Float32Array(sum.length);
  for (let i = 0; i < sum.length; i++) mean[i] = sum[i] / times[i];
  return table.tasks.map((_, t) => layout.take(mean, t, rows));
}

/**
 * What a model's refits, or an ensemble, predicted of the rows that an outer loop held out, one a task, over all training rows;
 * undefined where there is none. No label of a row had a part in any choice about its prediction.
 * @param trials in the order of the outer loop's folds
 */
export function nestedPredictions(
  run: RunFolder,
  data: RunData,
  trials: readonly string[] | undefined,
): readonly TaskPredictions[] | undefined {
  if (trials === undefined) return undefined;
  const { layout, table } = data;
  const position = data.trainPositions();
  const values = layout.empty(table.trainRows.length);
  trials.forEach((trial, fold) => {
    const { heldOut } = data.outerFold(fold);
    const own = predictionsOf(run, upstream(run, trial), 'validation', 0);
    heldOut.forEach((row, i) => {
      for (let c = 0; c < layout.columns; c++) {
        values[c * table.trainRows.length + position[row]] = own[c * heldOut.length + i];
      }
    });
  });
  return table.tasks.map((_, t) => layout.take(values, t, table.trainRows));
}

/** Predictions of the test rows by a refit or an ensemble, one a task. */
export function testPredictions(run: RunFolder, data: RunData, source: Upstream): readonly TaskPredictions[] {
  const values = predictionsOf(run, source, 'test', 0);
  return data.table.tasks.map((_, t) => data.layout.take(values, t, data.table.testRows));
}

/** What an ensemble predicted of the training rows, cross-fitted, one a task. */
export function validationPredictions(
  run: RunFolder,
  data: RunData,
  source: Upstream,
): readonly TaskPredictions[] {
  const values = predictionsOf(run, source, 'validation', 0);
  return data.table.tasks.map((_, t) => data.layout.take(values, t, data.table.trainRows));
}

/** The one block of predictions that a trial wrote for a split, columns × rows. */
export function readBlock(run: RunFolder, source: Upstream, split: 'validation' | 'test'): Float32Array {
  return predictionsOf(run, source, split, 0);
}

/** Places in a fit of the configurations that were chosen, and the one of each task. */
export function chosenPlaces(
  placed: Placed,
  chosen: readonly number[],
  tasks: number,
): { readonly used: readonly number[]; readonly places: readonly (number | undefined)[] } {
  const places = Array.from({ length: tasks }, (_, t) => placeOf(placed, chosen[t] ?? chosen[0], t));
  return { used: [...new Set(places)].filter((place) => place !== undefined), places };
}

/** Of each task what its chosen configuration predicted; undefined where the fit is about none that was chosen. */
function chosenPredictions(
  run: RunFolder,
  { layout, table }: RunData,
  fit: Upstream,
  placed: Placed,
  heldOut: Int32Array,
  chosen: readonly number[],
): Float32Array | undefined {
  const { used, places } = chosenPlaces(placed, chosen, table.tasks.length);
  if (used.length === 0) return undefined;
  if (used.length === 1 && !places.includes(undefined)) return foldPredictions(run, fit, used[0]);
  const values = layout.empty(heldOut.length);
  for (const place of used) {
    const own = foldPredictions(run, fit, place);
    places.forEach((one, t) => {
      if (one === place) layout.put(values, t, layout.take(own, t, heldOut), heldOut);
    });
  }
  return values;
}

function foldPredictions(run: RunFolder, fit: Upstream, configuration: number): Float32Array {
  const { trial, story } = fit;
  const found = readFoldPredictions(run, trial, story.attempt, shapeOf(fit, 'validation'), configuration);
  if (found === undefined) throw missing(trial, 'has no predictions of the chosen configuration any more');
  return found;
}

function predictionsOf(
  run: RunFolder,
  source: Upstream,
  split: 'validation' | 'test',
  configuration: number,
): Float32Array {
  const { trial, story } = source;
  return readPredictions(run.predictions(trial, story.attempt, split), shapeOf(source, split), configuration);
}

/** @throws TrialError `upstream-missing` */
export function shapeOf({ trial, story }: Upstream, split: 'validation' | 'test') {
  const shape = story.events.find((event) => event.kind === 'predictions' && event.split === split);
  if (shape?.kind !== 'predictions') throw missing(trial, `wrote no ${split} predictions`);
  return shape;
}
