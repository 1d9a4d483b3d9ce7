/**
 * One turn of the linear benchmark: the L2,1 path on every fold in two processes, and the refit at the best λ, as
 * scikit-learn's MultiTaskLassoCV does it. Prints seconds, CPU seconds and the largest relative duality gap (JSON).
 */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LinearProblem, layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { squaredLoss } from '../../../src/core/learner/linear/losses';
import { createPath } from '../../../src/core/learner/linear/path';
import { groupLasso } from '../../../src/core/learner/linear/penalties';

interface Work {
  readonly folder: string;
  readonly data: string;
  readonly folds?: readonly number[];
}

interface Part {
  readonly errors: readonly (readonly number[])[];
  readonly gap: number;
  readonly cpu: number;
}

const FOLDS = 5;
const work: Work = JSON.parse(process.argv[2]);
const floats = (kind: string) => {
  const bytes = readFileSync(`${work.folder}/${work.data}.${kind}`);
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
};
const { n, d, t } = JSON.parse(readFileSync(`${work.folder}/${work.data}.json`, 'utf8'));
const begun = performance.now();
const [X, Y, lambdas] = [floats('X'), floats('Y'), floats('lambdas')];

if (work.folds) process.send?.(fitFolds(work.folds));
else console.log(JSON.stringify(await fitAll()));

async function fitAll() {
  const parts = await Promise.all(
    [
      [0, 2, 4],
      [1, 3],
    ].map(inProcess),
  );
  const errors = Array.from(lambdas, (_, k) =>
    parts.flatMap((part) => part.errors).reduce((sum, fold) => sum + fold[k], 0),
  );
  const best = errors.indexOf(Math.min(...errors));
  const { gap } = solvePath(
    problemOf(Int32Array.from({ length: n }, (_, i) => i)),
    lambdas.subarray(0, best + 1),
  );
  const { user, system } = process.cpuUsage();
  return {
    seconds: (performance.now() - begun) / 1000,
    cpu: (user + system) / 1e6 + parts.reduce((sum, part) => sum + part.cpu, 0),
    gap: Math.max(gap, ...parts.map((part) => part.gap)),
    best,
  };
}

function inProcess(folds: readonly number[]): Promise<Part> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [JSON.stringify({ ...work, folds })]);
    child.on('message', (part: Part) => resolve(part));
    child.on('exit', (code) => code !== 0 && reject(new Error(`A process ended with code ${code}.`)));
  });
}

function fitFolds(folds: readonly number[]): Part {
  const parts = folds.map((fold) => {
    const size = Math.floor(n / FOLDS);
    const extra = n % FOLDS;
    const start = fold * size + Math.min(fold, extra);
    const end = start + size + (fold < extra ? 1 : 0);
    const rows = Int32Array.from({ length: n }, (_, i) => i);
    const held = rows.subarray(start, end);
    return solvePath(problemOf(rows.filter((i) => i < start || i >= end)), lambdas, held);
  });
  const { user, system } = process.cpuUsage();
  const gap = Math.max(...parts.map((part) => part.gap));
  return { errors: parts.map((part) => part.errors), gap, cpu: (user + system) / 1e6 };
}

/** Solves at every λ; the mean squared error on the rows held out, where there are any. */
function solvePath(problem: LinearProblem, grid: Float64Array, held = new Int32Array(0)) {
  const path = createPath(problem, groupLasso, { solver: 'auto', tolerance: 1e-6, maxIterations: 1_000_000 });
  let gap = 0;
  const errors: number[] = [];
  for (const lambda of grid) {
    const { W, b, result } = path.solve(lambda);
    gap = Math.max(gap, result.residual);
    if (held.length > 0) errors.push(squaredError(W, b, held));
  }
  return { gap, errors };
}

function squaredError(W: Float64Array, b: Float64Array, held: Int32Array): number {
  const Z = new Float64Array(held.length * t);
  for (let i = 0; i < held.length; i++) Z.set(b, i * t);
  for (let j = 0; j < d; j++) {
    if (W[j * t] === 0 && W.subarray(j * t, (j + 1) * t).every((w) => w === 0)) continue;
    for (let i = 0; i < held.length; i++) {
      const x = X[j * n + held[i]];
      for (let c = 0; c < t; c++) Z[i * t + c] += x * W[j * t + c];
    }
  }
  let sum = 0;
  for (let i = 0; i < held.length; i++) {
    for (let c = 0; c < t; c++) sum += (Z[i * t + c] - Y[held[i] * t + c]) ** 2;
  }
  return sum / Z.length;
}

function problemOf(rows: Int32Array): LinearProblem {
  const columns = new Float64Array(rows.length * d);
  for (let j = 0; j < d; j++) {
    for (let i = 0; i < rows.length; i++) columns[j * rows.length + i] = X[j * n + rows[i]];
  }
  const tasks = Array.from({ length: t }, (_, c) => ({
    loss: squaredLoss,
    width: 1,
    taskWeight: 1,
    labels: Float64Array.from(rows, (i) => Y[i * t + c]),
  }));
  return layOutProblem({ X: columns, rowCount: rows.length, featureCount: d }, tasks, { intercept: true });
}
