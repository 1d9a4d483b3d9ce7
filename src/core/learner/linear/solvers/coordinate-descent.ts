import { LinearError } from '../errors';
import { Gram } from '../gram';
import type { TaskRows } from '../linear-problem';
import type { Point } from '../objective';
import type { RowPenalty } from '../penalties';
import { createLineSearch } from './line-search';
import { type ColumnGroup, GramPart, groupColumns, type ModelPart, ResidualPart } from './quadratic-model';
import { assessPoint, type Solver, type SolverResult, type SolverStep, type SolverTask } from './solver';

/** Numbers kept in Gram matrices of the path, at most (64 MiB); beyond, residuals are updated instead. */
const GRAM_CAPACITY = 8_388_608;
/** A column whose h changes with every model gets a Gram matrix of its own up to this working set. */
const FRESH_GRAM_LIMIT = 48;
const SMALLEST_WORKING_SET = 16;
/** Share of the gap that a pass over the working set may still gain when the pass ends. */
const INNER_SHARE = 0.003;
const INNER_PASSES = 500;
const INNER_PASSES_CURVED = 20;

/**
 * Block coordinate descent over the rows of W, for penalties that are sums over features: each row's subproblem is
 * solved exactly (columns of different curvature included), on a working set of the active features and the ones
 * that violate optimality most, doubled until the duality gap over all features closes. Where the loss is not
 * quadratic, its local quadratic model is descended and a line search taken (proximal Newton).
 *
 * Friedman, Hastie and Tibshirani, J. Stat. Softw. 33 (2010); Massias, Gramfort and Salmon, ICML 2018 (working sets).
 */
export function createCoordinateDescent(task: SolverTask): Solver {
  const { problem } = task;
  const { columns } = problem;
  const features = problem.design.featureCount;
  const rows = rowsOf(task);
  const { groups, rest } = groupColumns(problem);
  const search = createLineSearch(task);
  const H = new Float64Array(problem.predictionCount);
  const D = new Float64Array(features * columns);
  const curved = rest.length > 0;
  // Squared losses have the same h at every point.
  for (const part of problem.tasks) if (part.loss.quadratic) part.loss.curvature(part, H, H);

  function solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    let assessment = assessPoint(task, lambda, point);
    record({ step: 0, ...assessment, learningRate: 1 });
    let passes = 0;
    let share = INNER_SHARE;
    let working: Int32Array = new Int32Array(0);
    while (assessment.residual > task.tolerance && passes < task.maxIterations) {
      const wider = chooseWorkingSet(rows, point, features, columns, working);
      // The same set again and the gap still open: the last descent stopped too early.
      if (wider.length === working.length) share *= 0.2;
      working = wider;
      for (const part of rest) part.loss.curvature(part, point.Z, H);
      const gap = assessment.residual * task.origin.loss;
      const limit = Math.min(curved ? INNER_PASSES_CURVED : INNER_PASSES, task.maxIterations - passes);
      passes += descend(lambda, point, working, share * gap, limit);
      const length = search(lambda, point, D, assessment.objective);
      assessment = assessPoint(task, lambda, point);
      record({ step: passes, ...assessment, learningRate: length });
      if (length === 0) break;
    }
    return {
      converged: assessment.residual <= task.tolerance,
      iterations: passes,
      residual: assessment.residual,
      assessment,
    };
  }

  /** Descends the quadratic model around `point`; leaves the way from it in D. Returns the number of passes. */
  function descend(lambda: number, point: Point, working: Int32Array, enough: number, limit: number): number {
    const curvature = new Float64Array(working.length * columns);
    const parts = buildModel(point, working, curvature);
    for (let i = 0; i < curvature.length; i++) curvature[i] = Math.max(curvature[i], 1e-12);
    const row = new Float64Array(columns);
    const delta = new Float64Array(columns);
    D.fill(0);
    let pass = 0;
    while (pass < limit) {
      pass++;
      let gained = 0;
      for (let k = 0; k < working.length; k++) {
        const at = working[k] * columns;
        for (const part of parts) part.readGradient(k, row);
        for (let c = 0; c < columns; c++)
          row[c] += curvature[k * columns + c] * (point.W[at + c] + D[at + c]);
        rows.minimise(row, curvature, k * columns, lambda);
        let moved = 0;
        for (let c = 0; c < columns; c++) {
          const d = row[c] - point.W[at + c] - D[at + c];
          delta[c] = d;
          moved += curvature[k * columns + c] * d * d;
        }
        if (moved === 0) continue;
        gained += 0.5 * moved;
        for (let c = 0; c < columns; c++) D[at + c] = row[c] - point.W[at + c];
        for (const part of parts) part.move(k, delta);
      }
      if (gained <= enough) break;
    }
    return pass;
  }

  function buildModel(point: Point, working: Int32Array, curvature: Float64Array): ModelPart[] {
    const parts: ModelPart[] = [];
    for (const group of groups) {
      if (fitsGram(group, working, groups.length)) {
        parts.push(new GramPart(group, working, point.V, columns, curvature));
      } else {
        for (const part of problem.tasks) {
          if (part.loss.quadratic && group.columns.includes(part.firstColumn)) {
            parts.push(new ResidualPart(problem, part, 0, working, point.theta, H, curvature));
          }
        }
      }
    }
    for (const part of rest) {
      for (let k = 0; k < part.width; k++) parts.push(buildCurvedPart(part, k, point, working, curvature));
    }
    return parts;
  }

  function buildCurvedPart(
    part: TaskRows,
    k: number,
    point: Point,
    working: Int32Array,
    curvature: Float64Array,
  ): ModelPart {
    if (working.length > FRESH_GRAM_LIMIT) {
      return new ResidualPart(problem, part, k, working, point.theta, H, curvature);
    }
    const group: ColumnGroup = {
      columns: Int32Array.of(part.firstColumn + k),
      scales: Float64Array.of(1),
      gram: new Gram(problem.design, part.rows, H, part.offset + k * part.count, problem.intercept),
    };
    return new GramPart(group, working, point.V, columns, curvature);
  }

  return { solve };
}

function rowsOf({ penalty }: SolverTask): RowPenalty {
  if (penalty.rows) return penalty.rows;
  throw new LinearError(
    'wrong-solver',
    `Coordinate descent cannot minimise the penalty ${penalty.name}. Write solver: auto or solver: gradient.`,
  );
}

function fitsGram(group: ColumnGroup, working: Int32Array, groupCount: number): boolean {
  let size = group.gram.size;
  for (const j of working) if (group.gram.slots[j] < 0) size++;
  return size * size * groupCount <= GRAM_CAPACITY;
}

/** Active features, all earlier members, and the most urgent others: twice as many as are active. Ascending. */
function chooseWorkingSet(
  rows: RowPenalty,
  point: Point,
  features: number,
  columns: number,
  earlier: Int32Array,
): Int32Array {
  const taken = new Uint8Array(features);
  let count = 0;
  for (let j = 0; j < features; j++) {
    for (let i = j * columns; i < (j + 1) * columns; i++) {
      if (point.W[i] !== 0) {
        taken[j] = 1;
        count++;
        break;
      }
    }
  }
  const wanted = Math.min(features, Math.max(SMALLEST_WORKING_SET, 2 * count));
  for (const j of earlier) {
    if (!taken[j]) {
      taken[j] = 1;
      count++;
    }
  }
  if (count < wanted) {
    const urgency = new Float64Array(features);
    const others: number[] = [];
    for (let j = 0; j < features; j++) {
      if (taken[j]) continue;
      urgency[j] = rows.urgency(point.V, j * columns, columns);
      others.push(j);
    }
    others.sort((a, b) => urgency[b] - urgency[a] || a - b);
    for (const j of others.slice(0, wanted - count)) taken[j] = 1;
  }
  const working: number[] = [];
  for (let j = 0; j < features; j++) if (taken[j]) working.push(j);
  return Int32Array.from(working);
}
