import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Dataset, Problem, Task } from '../../../src/core/dataset';
import type { FitContext, FittedModel, TrainingStep } from '../../../src/core/learner/learner';
import { type NeuralParameters, neuralParameters } from '../../../src/core/learner/neural';
import { Random } from '../../../src/core/random';

export const wasmFolder = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'),
);

let kernels: Uint8Array<ArrayBuffer> | undefined;

/** The WebAssembly kernels, compiled from their source as they are now. */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  if (kernels === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'taskweave-kernels-'));
    const script = join(import.meta.dirname, '../../tools/build-kernels.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    kernels = Uint8Array.from(readFileSync(join(folder, 'taskweave-kernels.wasm')));
    rmSync(folder, { recursive: true });
  }
  return kernels;
}

export function context(
  seed: number,
  steps?: TrainingStep[],
  signal = new AbortController().signal,
): FitContext {
  return {
    seed,
    signal,
    report: (step) => steps?.push(step),
    tensorBackend: () => Promise.resolve({ name: 'wasm', kernels: kernelBytes() }),
  };
}

/** Parameters of a test: the defaults, without early stopping unless the test asks for it. */
export function parameters(given: Partial<NeuralParameters> = {}): NeuralParameters {
  return neuralParameters.parse({ early_stopping: false, ...given });
}

export interface TableOptions {
  readonly rows: number;
  readonly features: number;
  readonly seed: number;
  /** Fraction of labels missing, by task. */
  readonly missing?: readonly number[];
  readonly noise?: number;
}

/**
 * A table of standard normal features with three related tasks over it: a regression in units far from standard, a
 * binary one, and one of three classes, all driven by the same two directions of the features.
 */
export function mixedProblem({
  rows,
  features,
  seed,
  missing = [0, 0, 0],
  noise = 0.5,
}: TableOptions): Problem {
  const random = new Random(seed);
  const columns = Array.from({ length: features }, (_, j) => ({
    kind: 'numeric' as const,
    name: `x${j}`,
    values: Float64Array.from({ length: rows }, () => random.normal()),
  }));
  const direction = () => Array.from({ length: features }, () => random.normal() / Math.sqrt(features));
  const first = direction();
  const second = direction();
  const score = (weights: number[], i: number) =>
    weights.reduce((sum, weight, j) => sum + weight * columns[j].values[i], 0) + noise * random.normal();
  const labels = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)];
  for (let i = 0; i < rows; i++) {
    labels[0][i] = 4000 + 800 * score(first, i);
    labels[1][i] = score(first, i) + score(second, i) > 0 ? 1 : 0;
    const third = score(second, i);
    labels[2][i] = third < -0.4 ? 0 : third < 0.4 ? 1 : 2;
    labels.forEach((values, t) => {
      if (random.uniform() < missing[t]) values[i] = Number.NaN;
    });
  }
  const tasks: Task[] = [
    { id: 'mass', type: 'regression', weight: 1, classes: [] },
    { id: 'sex', type: 'binary', weight: 1, classes: ['f', 'm'] },
    { id: 'species', type: 'multiclass', weight: 1, classes: ['a', 'b', 'c'] },
  ];
  return problemOver({ rowCount: rows, columns, fingerprint: '' }, tasks, labels);
}

export function problemOver(
  dataset: Dataset,
  tasks: readonly Task[],
  labels: readonly Float64Array[],
): Problem {
  return {
    dataset,
    features: dataset.columns.map((_, j) => j),
    tasks,
    labels,
    rows: Int32Array.from({ length: dataset.rowCount }, (_, i) => i),
  };
}

export function allRows(problem: Problem): Int32Array {
  return Int32Array.from({ length: problem.dataset.rowCount }, (_, i) => i);
}

/** A digest of all of a model's numbers. */
export function bits(model: FittedModel): string {
  const hash = createHash('sha256');
  for (const [name, array] of Object.entries(model.serialize().arrays)) {
    hash.update(name).update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest('hex');
}
