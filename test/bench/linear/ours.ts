/**
 * One turn of the linear benchmark: the L2,1 path on every fold in two processes, and the refit at the best λ, as
 * scikit-learn's MultiTaskLassoCV does it. Prints seconds, CPU seconds and the largest relative duality gap (JSON).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Kernel, MemoryLayout } from '../../../src/core/learner/linear/kernel';
import { type LinearProblem, layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { squaredLoss } from '../../../src/core/learner/linear/losses';
import { createPath } from '../../../src/core/learner/linear/path';
import { groupLasso } from '../../../src/core/learner/linear/penalties';

interface Work {
  readonly folder: string;
  readonly data: string;
  /** It is told over its channel which folds to fit, and at which λ the path of all rows may end. */
  readonly isChild?: boolean;
}

interface Part {
  readonly fold: number;
  /** A λ each. */
  readonly errors: readonly number[];
  readonly gap: number;
  /** Of the process so far. */
  readonly cpu: number;
}

const FOLDS = 5;
/** Features that predictions take at a time. */
const PANEL = 64;
/** In the place of a fold: no row is held out. */
const ALL_ROWS = -1;
const work: Work = JSON.parse(process.argv[2]);
const floats = (kind: string) => {
  const bytes = readFileSync(`${work.folder}/${work.data}.${kind}`);
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
};
const { n, d, t } = JSON.parse(readFileSync(`${work.folder}/${work.data}.json`, 'utf8'));
const begun = performance.now();
const [X, Y, lambdas] = [floats('X'), floats('Y'), floats('lambdas')];

/** The last λ that is asked for. */
let until = lambdas.length - 1;
if (work.isChild) {
  process.on('message', async (told: { readonly fold: number } | { readonly until: number }) => {
    if ('until' in told) until = told.until;
    else process.send?.(await fitFold(told.fold));
  });
} else console.log(JSON.stringify(await fitAll()));

/**
 * Two processes take folds as they come free, and last all rows: their path is on its way before the best λ is known, and ends
 * there, as that of a run does.
 */
async function fitAll() {
  const jobs = [...Array.from({ length: FOLDS }, (_, fold) => fold), ALL_ROWS];
  const parts: Part[] = [];
  const children: ChildProcess[] = [];
  let best = -1;
  const cpu = await Promise.all(
    [0, 1].map(async () => {
      const child = fork(fileURLToPath(import.meta.url), [JSON.stringify({ ...work, isChild: true })]);
      children.push(child);
      let used = 0;
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
        const part = await ask(child, job);
        used = part.cpu;
        parts.push(part);
        const folds = parts.filter((one) => one.fold !== ALL_ROWS);
        if (folds.length < FOLDS || best >= 0) continue;
        best = bestOf(folds);
        for (const one of children) if (one.connected) one.send({ until: best });
      }
      child.disconnect();
      return used;
    }),
  );
  const { user, system } = process.cpuUsage();
  return {
    seconds: (performance.now() - begun) / 1000,
    cpu: (user + system) / 1e6 + cpu[0] + cpu[1],
    gap: Math.max(...parts.map((part) => part.gap)),
    best,
  };
}

function bestOf(folds: readonly Part[]): number {
  const errors = Array.from(lambdas, (_, k) => folds.reduce((sum, part) => sum + part.errors[k], 0));
  return errors.indexOf(Math.min(...errors));
}

function ask(child: ChildProcess, fold: number): Promise<Part> {
  return new Promise((resolve, reject) => {
    child.once('message', (part: Part) => resolve(part));
    child.once('exit', (code) => code !== 0 && reject(new Error(`A process ended with code ${code}.`)));
    child.send({ fold });
  });
}

async function fitFold(fold: number): Promise<Part> {
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const size = Math.floor(n / FOLDS);
  const extra = n % FOLDS;
  const start = fold * size + Math.min(fold, extra);
  const end = start + size + (fold < extra ? 1 : 0);
  const part =
    fold === ALL_ROWS
      ? await solvePath(problemOf(rows))
      : await solvePath(problemOf(rows.filter((i) => i < start || i >= end)), rows.subarray(start, end));
  const { user, system } = process.cpuUsage();
  return { fold, ...part, cpu: (user + system) / 1e6 };
}

/** Solves at every λ that is asked for; the mean squared error on the rows held out, where there are any. */
async function solvePath(problem: LinearProblem, held = new Int32Array(0)) {
  const path = createPath(problem, groupLasso, { solver: 'auto', tolerance: 1e-6, maxIterations: 1_000_000 });
  const squaredError = held.length > 0 ? squaredErrorOn(held) : undefined;
  let gap = 0;
  const errors: number[] = [];
  for (let k = 0; k <= until; k++) {
    const { W, b, result } = path.solve(lambdas[k]);
    gap = Math.max(gap, result.residual);
    if (squaredError) errors.push(squaredError(W, b));
    // Time for what it may be told.
    else await setImmediate();
  }
  return { gap, errors };
}

/** The mean squared error of W and b on held-out rows that follow one another; products by the kernel, as the peers' are by BLAS. */
function squaredErrorOn(held: Int32Array): (W: Float64Array, b: Float64Array) => number {
  const { length } = held;
  const even = length + (length % 2);
  const layout = new MemoryLayout();
  const at = {
    x: layout.place(PANEL * even),
    w: layout.place(PANEL * t),
    z: layout.place(t * even),
  };
  const kernel = new Kernel(layout);
  const [x, w, z] = [
    kernel.floats(at.x, PANEL * even),
    kernel.floats(at.w, PANEL * t),
    kernel.floats(at.z, t * even),
  ];
  return (W, b) => {
    for (let c = 0; c < t; c++) z.fill(b[c], c * even, (c + 1) * even);
    let filled = 0;
    for (let j = 0; j <= d; j++) {
      if (filled === PANEL || j === d) {
        kernel.run.combine(at.x, filled, even / 2, at.w, t, at.z);
        filled = 0;
      }
      if (j === d || W.subarray(j * t, (j + 1) * t).every((weight) => weight === 0)) continue;
      x.set(X.subarray(j * n + held[0], j * n + held[0] + length), filled * even);
      w.set(W.subarray(j * t, (j + 1) * t), filled * t);
      filled++;
    }
    let sum = 0;
    for (let c = 0; c < t; c++) {
      for (let i = 0; i < length; i++) sum += (z[c * even + i] - Y[held[i] * t + c]) ** 2;
    }
    return sum / (length * t);
  };
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
