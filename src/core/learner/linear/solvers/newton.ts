import { LinearError } from '../errors';
import type { Gram } from '../gram';
import { type Point, shapeOf } from '../objective';
import type { QuadraticPenalty } from '../penalties';
import { correlateInto, predictInto } from '../products';
import { createLineSearch } from './line-search';
import { groupColumns } from './quadratic-model';
import { assessPoint, type Solver, type SolverResult, type SolverStep, type SolverTask } from './solver';

const GRAM_FEATURES = 512;
const GRAM_CAPACITY = 8_388_608;
const CURVED_FORCING = 0.05;

/**
 * Newton's method with conjugate gradients for the step, for smooth quadratic penalties and any loss:
 *
 *     (∇²L(W) + λM) D = −∇L(W) − λM(W),   then a line search along D.
 *
 * Squared-loss columns with few features multiply by their Gram matrices, others by X and Xᵀ. With r the residual and
 * σ a lower bound of M's diagonal, r² / (2λσ) bounds what the step leaves: it ends when that is a part of the tolerance.
 * Nocedal and Wright, Numerical Optimization (2006), chapter 7.
 */
export function createNewton(task: SolverTask): Solver {
  const { problem } = task;
  const quadratic = quadraticOf(task);
  const shape = shapeOf(problem);
  const { columns, features } = shape;
  const size = features * columns;
  const search = createLineSearch(task);
  const { groups, rest } = groupColumns(problem);
  const useGram = features <= GRAM_FEATURES && features * features * groups.length <= GRAM_CAPACITY;
  const throughX = useGram ? rest : problem.tasks;
  const restricted = { ...problem, tasks: throughX };
  if (useGram) {
    const all = Int32Array.from({ length: features }, (_, j) => j);
    for (const group of groups) group.gram.include(all);
  }
  // Directions hold weights, then intercepts: those of columns multiplied through X; Gram matrices are centred instead.
  const direction = new Float64Array(size + columns);
  const solution = new Float64Array(size + columns);
  const residual = new Float64Array(size + columns);
  const image = new Float64Array(size + columns);
  const scaled = new Float64Array(size + columns);
  const diagonal = new Float64Array(size + columns);
  const Zd = new Float64Array(problem.predictionCount);
  const Zh = new Float64Array(problem.predictionCount);
  const penaltyImage = new Float64Array(size);

  function solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    let assessment = assessPoint(task, lambda, point);
    record({ step: 0, ...assessment, learningRate: 1 });
    let iteration = 0;
    while (assessment.residual > task.tolerance && iteration < task.maxIterations) {
      iteration++;
      findDirection(lambda, point);
      const length = search(lambda, point, solution.subarray(0, size), assessment.objective);
      assessment = assessPoint(task, lambda, point);
      record({ step: iteration, ...assessment, learningRate: length });
      if (length === 0) break;
    }
    return {
      converged: assessment.residual <= task.tolerance,
      iterations: iteration,
      residual: assessment.residual,
      assessment,
    };
  }

  /** Preconditioned conjugate gradients; leaves the step in `solution`. */
  function findDirection(lambda: number, point: Point): void {
    quadratic.times(point.W, shape, penaltyImage);
    residual.fill(0);
    solution.fill(0);
    for (let i = 0; i < size; i++) residual[i] = point.V[i] - lambda * penaltyImage[i];
    fillDiagonal(lambda, point);
    const start = Math.sqrt(dot(residual, residual));
    let smallest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < columns; c++) smallest = Math.min(smallest, quadratic.diagonal(c));
    const exactEnough = Math.sqrt(0.1 * task.tolerance * task.origin.loss * 2 * lambda * smallest);
    const enough = Math.max(exactEnough, rest.length > 0 ? CURVED_FORCING * start : 1e-13 * start);
    let rho = 0;
    const limit = 10 * (size + columns);
    for (let iteration = 0; iteration < limit && Math.sqrt(dot(residual, residual)) > enough; iteration++) {
      for (let i = 0; i < residual.length; i++) scaled[i] = residual[i] / diagonal[i];
      const next = dot(residual, scaled);
      const beta = iteration === 0 ? 0 : next / rho;
      rho = next;
      for (let i = 0; i < direction.length; i++) direction[i] = scaled[i] + beta * direction[i];
      multiply(lambda, point);
      const curvature = dot(direction, image);
      if (!(curvature > 0)) break;
      const alpha = rho / curvature;
      for (let i = 0; i < direction.length; i++) {
        solution[i] += alpha * direction[i];
        residual[i] -= alpha * image[i];
      }
    }
  }

  /** image = (∇²L + λM) direction. */
  function multiply(lambda: number, point: Point): void {
    const weights = direction.subarray(0, size);
    const intercepts = direction.subarray(size);
    image.fill(0);
    if (throughX.length > 0) {
      predictInto(restricted, weights, intercepts, Zd);
      for (const part of throughX) {
        part.loss.curvatureTimes(part, point.Z, Zd, Zh);
        if (!problem.intercept) continue;
        for (let k = 0; k < part.width; k++) {
          const at = part.offset + k * part.count;
          let sum = 0;
          for (let i = at; i < at + part.count; i++) sum += Zh[i];
          image[size + part.firstColumn + k] = sum;
        }
      }
      correlateInto(restricted, Zh, image);
    }
    if (useGram) for (const group of groups) multiplyByGram(group.gram, group.columns, group.scales);
    quadratic.times(weights, shape, penaltyImage);
    for (let i = 0; i < size; i++) image[i] += lambda * penaltyImage[i];
  }

  function multiplyByGram(gram: Gram, groupColumns: Int32Array, scales: Float64Array): void {
    const { matrix, stride, slots } = gram;
    for (let j = 0; j < features; j++) {
      const from = slots[j] * stride;
      for (let q = 0; q < groupColumns.length; q++) {
        const c = groupColumns[q];
        let sum = 0;
        for (let l = 0; l < features; l++) sum += matrix[from + slots[l]] * direction[l * columns + c];
        image[j * columns + c] = scales[q] * sum;
      }
    }
  }

  /** Diagonal of the Hessian, for scaling. */
  function fillDiagonal(lambda: number, point: Point): void {
    diagonal.fill(1, size);
    if (useGram) {
      for (const { gram, columns: own, scales } of groups) {
        for (let j = 0; j < features; j++) {
          const h = gram.matrix[gram.slots[j] * gram.stride + gram.slots[j]];
          for (let q = 0; q < own.length; q++) diagonal[j * columns + own[q]] = scales[q] * h;
        }
      }
    }
    const { X, rowCount } = problem.design;
    for (const part of throughX) {
      part.loss.curvature(part, point.Z, Zh);
      for (let k = 0; k < part.width; k++) {
        const at = part.offset + k * part.count;
        const c = part.firstColumn + k;
        let total = 0;
        for (let i = at; i < at + part.count; i++) total += Zh[i];
        if (total > 0) diagonal[size + c] = total;
        for (let j = 0; j < features; j++) {
          let sum = 0;
          for (let i = 0; i < part.count; i++) {
            const x = X[j * rowCount + (part.rows ? part.rows[i] : i)];
            sum += Zh[at + i] * x * x;
          }
          diagonal[j * columns + c] = sum;
        }
      }
    }
    for (let j = 0; j < features; j++) {
      for (let c = 0; c < columns; c++) {
        const at = j * columns + c;
        diagonal[at] = Math.max(diagonal[at] + lambda * quadratic.diagonal(c), 1e-12);
      }
    }
  }

  return { solve };
}

function quadraticOf({ penalty }: SolverTask): QuadraticPenalty {
  if (penalty.quadratic) return penalty.quadratic;
  throw new LinearError(
    'wrong-solver',
    `Newton's method cannot minimise the penalty ${penalty.name}, which is not smooth. Write solver: auto or solver: gradient.`,
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
