import { createGram } from './create-gram';
import { rankOfGram } from './dense';
import { featureOf, scratchOf } from './design';
import type { LinearProblem, TaskRows } from './linear-problem';
import { findOrigin, type Origin, type Point, shapeOf } from './objective';
import type { LinearParameters } from './parameters';
import type { Penalty } from './penalties';
import { createCoordinateDescent } from './solvers/coordinate-descent';
import { createGramDescent } from './solvers/gram-descent';
import { goesByModels } from './solvers/model-size';
import { createNewton } from './solvers/newton';
import { isOneGram } from './solvers/one-gram';
import { createProximalGradient } from './solvers/proximal-gradient';
import { createProximalNewton } from './solvers/proximal-newton';
import type { Solver, SolverOptions, SolverResult, SolverStep, SolverTask } from './solvers/solver';

export type SolverName = LinearParameters['solver'];

export interface PathOptions extends SolverOptions {
  readonly solver: SolverName;
}

export interface PathSolution {
  /** features × columns, row-major. */
  readonly W: Float64Array;
  readonly b: Float64Array;
  readonly result: SolverResult;
}

export interface Path {
  readonly origin: Origin;
  /** Solves for λ ≥ 0 from the solution of the λ before (from zero at first): call with large λ first. */
  solve(lambda: number, record?: (step: SolverStep) => void): PathSolution;
}

/** A problem and a penalty made ready to be solved for one λ after another. */
export function createPath(problem: LinearProblem, penalty: Penalty, options: PathOptions): Path {
  const found = findOrigin(problem);
  const byProducts = goesByInnerProducts(options.solver, problem, penalty);
  const origin = byProducts ? { ...found, point: withoutRows(found.point) } : found;
  const task: SolverTask = {
    problem,
    penalty,
    origin,
    tolerance: options.tolerance,
    maxIterations: options.maxIterations,
  };
  const solver = createSolver(options.solver, task);
  const own = { W: origin.point.W.slice(), V: origin.point.V.slice(), b: origin.point.b.slice() };
  // What is as long as the data is the origin's own: from here on no one reads it there.
  const { Z, theta } = found.point;
  const point = byProducts ? withoutRows({ ...own, Z, theta }) : { ...own, Z, theta };
  return {
    origin,
    solve(lambda, record = () => {}) {
      const result = solver.solve(lambda, point, record);
      return { W: point.W.slice(), b: point.b.slice(), result };
    },
  };
}

/** Smallest λ at which W = 0, or the start of the path of a smooth penalty. */
export function pathStart(problem: LinearProblem, penalty: Penalty): number {
  const origin = findOrigin(problem);
  return penalty.pathStart({
    ...shapeOf(problem),
    V: origin.point.V,
    curvatureTrace: () => traceOfCurvature(problem, origin),
    degreesOfFreedom: () => degreesOfFreedom(problem),
  });
}

function createSolver(name: SolverName, task: SolverTask): Solver {
  switch (name) {
    case 'gradient':
      return createProximalGradient(task);
    case 'coordinate-descent':
      return createDescent(task);
    case 'newton':
      return createNewton(task);
    case 'auto':
      return goesByModels(task)
        ? createProximalNewton(task, () => createByPenalty(task))
        : createByPenalty(task);
  }
}

function createByPenalty(task: SolverTask): Solver {
  if (task.penalty.rows?.derivatives?.smooth === 'everywhere') return createNewton(task);
  return task.penalty.rows ? createDescent(task) : createProximalGradient(task);
}

function createDescent(task: SolverTask): Solver {
  const { problem, penalty } = task;
  const { rows } = penalty;
  if (!rows?.norm || !isOneGram(problem)) return createCoordinateDescent(task);
  // It has arrays as long as the data, and is seldom needed.
  let general: Solver | undefined;
  return createGramDescent(task, rows, rows.norm, {
    solve(lambda, point, record) {
      general ??= createCoordinateDescent(task);
      return general.solve(lambda, point, record);
    },
  });
}

/** Whether a path is solved by inner products of features, without a look at rows. */
function goesByInnerProducts(name: SolverName, problem: LinearProblem, { rows }: Penalty): boolean {
  const descends =
    name === 'coordinate-descent' || (name === 'auto' && rows?.derivatives?.smooth !== 'everywhere');
  return descends && rows?.norm !== undefined && isOneGram(problem);
}

/** The same W, b and V; Z and θ, as long as the data, are there once a solver that computes them anew asks for them. */
function withoutRows({ W, b, V, Z: { length } }: Point): Point {
  let Z: Float64Array | undefined;
  let theta: Float64Array | undefined;
  return {
    W,
    b,
    V,
    get Z() {
      Z ??= new Float64Array(length);
      return Z;
    },
    get theta() {
      theta ??= new Float64Array(length);
      return theta;
    },
  };
}

/** Σ over columns and features of Σ_i h_i (x_ij − x̄_j)², h the loss's second derivative at the origin. */
function traceOfCurvature(problem: LinearProblem, origin: Origin): number {
  const { featureCount } = problem.design;
  const scratch = scratchOf(problem.design);
  const H = new Float64Array(problem.predictionCount);
  for (const task of problem.tasks) task.loss.curvature(task, origin.point.Z, H);
  const totals = problem.tasks.flatMap(({ width, offset, count }) =>
    Array.from({ length: width }, (_, k) => sumOf(H, offset + k * count, count)),
  );
  let trace = 0;
  for (let j = 0; j < featureCount; j++) {
    const column = featureOf(problem.design, j, scratch);
    for (const { rows, width, offset, count, firstColumn } of problem.tasks) {
      for (let k = 0; k < width; k++) {
        const at = offset + k * count;
        const total = totals[firstColumn + k];
        let sum = 0;
        let square = 0;
        for (let i = 0; i < count; i++) {
          const x = column[rows ? rows[i] : i];
          sum += H[at + i] * x;
          square += H[at + i] * x * x;
        }
        trace += problem.intercept && total > 0 ? square - (sum * sum) / total : square;
      }
    }
  }
  return trace;
}

function sumOf(H: Float64Array, at: number, count: number): number {
  let sum = 0;
  for (let i = at; i < at + count; i++) sum += H[i];
  return sum;
}

/** Features up to which the rank is computed; beyond, it is taken as full. */
const RANK_FEATURES = 256;

/** Rank of the centred features on each task's labelled rows, summed over columns (softmax: one class is not free). */
function degreesOfFreedom(problem: LinearProblem): number {
  const { design } = problem;
  const features = Int32Array.from({ length: design.featureCount }, (_, j) => j);
  const known: { labelled: Float64Array; rows?: Int32Array; rank: number }[] = [];
  let sum = 0;
  for (const task of problem.tasks) {
    const labelled = task.weight.map((w) => (w > 0 ? 1 : 0));
    let entry = known.find(
      (other) =>
        sameIntegers(other.rows, task.rows) && other.labelled.every((value, i) => value === labelled[i]),
    );
    if (!entry) {
      entry = { labelled, rows: task.rows, rank: rank(problem, task, labelled, features) };
      known.push(entry);
    }
    sum += entry.rank * Math.max(1, task.width - 1);
  }
  return sum;
}

function rank(problem: LinearProblem, task: TaskRows, labelled: Float64Array, features: Int32Array): number {
  const free = labelled.reduce((a, b) => a + b, 0) - (problem.intercept ? 1 : 0);
  const full = Math.min(features.length, free);
  if (features.length > RANK_FEATURES) return full;
  const gram = createGram(problem.design, task.rows, labelled, 0, problem.intercept);
  return Math.min(full, rankOfGram(gram.gather(features), features.length));
}

function sameIntegers(a: Int32Array | undefined, b: Int32Array | undefined): boolean {
  if (!a || !b) return a === b;
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
