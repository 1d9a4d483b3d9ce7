import { rmSync, statSync } from 'node:fs';
import * as z from 'zod';
import { StoreError } from './errors';
import { readJson, writeJson } from './json';
import { type PredictionBlock, readPredictions, writePredictions } from './predictions';
import type { RunFolder } from './store';

type Shape = Omit<PredictionBlock, 'values'>;

const index = z.object({ kept: z.array(z.int().nonnegative()) });

/**
 * Replaces what a fit predicted of its fold by the blocks of the configurations that are still needed. Whoever needs another
 * later does the fit again: the same numbers come out.
 * @returns bytes that were freed; 0 where there is nothing to free
 */
export function pruneFoldPredictions(
  run: RunFolder,
  trial: string,
  attempt: number,
  shape: Shape,
  kept: readonly number[],
): number {
  const path = run.predictions(trial, attempt, 'validation');
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const length = shape.columns * shape.rows;
  if (size !== shape.configurations * length * 4 || kept.length >= shape.configurations) return 0;
  const left = run.keptPredictions(trial, attempt);
  if (kept.length > 0) {
    const values = new Float32Array(kept.length * length);
    kept.forEach((configuration, i) => {
      values.set(readPredictions(path, shape, configuration), i * length);
    });
    writePredictions(left.values, { ...shape, configurations: kept.length, values });
  }
  writeJson(left.index, { kept });
  rmSync(path);
  return size - kept.length * length * 4;
}

/** Removes what is left of a fit's predictions too; the fit stays complete. */
export function pruneAll(run: RunFolder, trial: string, attempt: number): number {
  const path = run.predictions(trial, attempt, 'validation');
  const left = run.keptPredictions(trial, attempt);
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const freed = sizeOf(path) + sizeOf(left.values);
  if (freed === 0) return 0;
  writeJson(left.index, { kept: [] });
  for (const file of [path, left.values]) rmSync(file, { force: true });
  return freed;
}

export function isPruned(run: RunFolder, trial: string, attempt: number): boolean {
  return statSync(run.keptPredictions(trial, attempt).index, { throwIfNoEntry: false }) !== undefined;
}

/** Whether what a configuration of a fit predicted of its fold is still there. */
export function hasFoldPredictions(
  run: RunFolder,
  trial: string,
  attempt: number,
  configuration: number,
): boolean {
  const path = run.predictions(trial, attempt, 'validation');
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return true;
  return readJson(run.keptPredictions(trial, attempt).index, index)?.kept.includes(configuration) ?? false;
}

/**
 * What one configuration of a fit predicted of its fold, columns × rows; undefined where it was pruned.
 * @throws StoreError `damaged-file`
 */
export function readFoldPredictions(
  run: RunFolder,
  trial: string,
  attempt: number,
  shape: Shape,
  configuration: number,
): Float32Array | undefined {
  const path = run.predictions(trial, attempt, 'validation');
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) {
    return readPredictions(path, shape, configuration);
  }
  const left = run.keptPredictions(trial, attempt);
  const kept = readJson(left.index, index)?.kept;
  if (kept === undefined) {
    throw new StoreError('damaged-file', `${path} is missing. Resume the run to redo its trial.`);
  }
  const at = kept.indexOf(configuration);
  return at < 0 ? undefined : readPredictions(left.values, { ...shape, configurations: kept.length }, at);
}
