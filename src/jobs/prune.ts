import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FitTrial, MemberTrials } from '../core/experiment';
import { pruneFoldPredictions, type RunFolder } from '../store';
import { selectionResult } from './results';
import { placedOf, placeOf } from './trials/placed';
import { ifThere, resultOf, upstream } from './trials/upstream';

/** What fits predicted of their folds is thinned where it is more than this: less is not worth the files. */
const WORTH_BYTES = 4 * 2 ** 20;

/**
 * Of a run that is complete, keeps the out-of-fold predictions of the chosen configurations alone: a sweep's others are the
 * largest part of its files, and only their scores are asked for. Fits of inner loops and of rungs that led to others keep
 * nothing.
 * @param least bytes that all fits together must have predicted
 * @returns bytes freed
 */
export function pruneUnselected(run: RunFolder, least = WORTH_BYTES): number {
  const specs = new Map(run.plans().flatMap(({ trials }) => trials.map((spec) => [spec.id, spec] as const)));
  const report = [...specs.values()].findLast((spec) => spec.kind === 'report');
  if (report?.kind !== 'report') return 0;
  const fits = [...specs.values()].flatMap((spec) => (spec.kind === 'fit' ? [spec] : []));
  if (predictedBytes(run, new Set(fits.map(({ id }) => id))) < least) return 0;
  const written = fits.flatMap((spec) => writtenBy(run, spec) ?? []);
  const chosenOf = chosenByFit(run, report.models);
  let freed = 0;
  for (const { spec, attempt, shape } of written) {
    const chosen = chosenOf.get(spec.id);
    freed += pruneFoldPredictions(run, spec.id, attempt, shape, chosen ? placesIn(run, spec, chosen) : []);
  }
  return freed;
}

/** Bytes of what fits predicted of their folds and is there as a whole. */
function predictedBytes(run: RunFolder, fits: ReadonlySet<string>): number {
  const folder = run.path('predictions');
  return readdirSync(folder).reduce((sum, name) => {
    const [, trial] = /^([0-9a-f]+)\.\d+\.f32$/.exec(name) ?? [];
    return trial !== undefined && fits.has(trial) ? sum + statSync(join(folder, name)).size : sum;
  }, 0);
}

/** The choices that out-of-fold predictions are read for, by fit. */
function chosenByFit(
  run: RunFolder,
  models: readonly MemberTrials[],
): ReadonlyMap<string, readonly number[]> {
  const chosen = new Map<string, readonly number[]>();
  for (const { select, fits } of models) {
    const selection = ifThere(() => resultOf(upstream(run, select), selectionResult));
    if (selection) for (const fit of fits) chosen.set(fit, selection.chosen);
  }
  return chosen;
}

function placesIn(run: RunFolder, spec: FitTrial, chosen: readonly number[]): readonly number[] {
  const placed = placedOf(run, spec);
  const lists = Math.max(chosen.length, placed.numbers.length);
  const places = Array.from({ length: lists }, (_, l) => placeOf(placed, chosen[l] ?? chosen[0], l));
  return [...new Set(places)].filter((place) => place !== undefined).sort((a, b) => a - b);
}

function writtenBy(run: RunFolder, spec: FitTrial) {
  const found = ifThere(() => upstream(run, spec.id));
  const shape = found?.story.events.find(({ kind }) => kind === 'predictions');
  return found && shape?.kind === 'predictions' ? { spec, attempt: found.story.attempt, shape } : undefined;
}
