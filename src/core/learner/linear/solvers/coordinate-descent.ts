import { createGram } from '../create-gram';
import { LinearError } from '../errors';
import type { TaskRows } from '../linear-problem';
import { type Point, refreshPredictions } from '../objective';
import { GramPanels } from '../panel-gram';
import { isActive, type RowPenalty } from '../penalties';
import { createActiveNewton } from './active-newton';
import { KeptGram } from './kept-gram';
import { createLineSearch } from './line-search';
import {
  type ColumnGroup,
  fitsGram,
  GramPart,
  groupColumns,
  type ModelPart,
  ResidualPart,
} from './quadratic-model';
import {
  assessPoint,
  residualTarget,
  type Solver,
  type SolverResult,
  type SolverStep,
  type SolverTask,
} from './solver';
import { chooseWorkingSet } from './working-set';

/** Columns whose h changes with every model go by Gram matrices up to this working set; beyond, by their rows. */
const GRAM_LIMIT = 48;
const GRAM_LIMIT_KEPT = 200;
/** Passes over the working set before Newton's method has its turn on the active rows. */
const PASSES = 12;
const PASSES_CURVED = 4;
/** The same where a pass does not look at rows. */
const PASSES_KEPT = 60;
/** Passes where the penalty has no derivatives for Newton's method. */
const PASSES_ALONE = 500;
const NEWTON_STEPS = 25;

/**
 * Block coordinate descent over the rows of W, for penalties that are sums over features: each row's subproblem is
 * solved exactly (columns of different curvature included), on a working set of the active features and the ones
 * that violate optimality most, widened until the duality gap over all features closes. Where the loss is not
 * quadratic, its local quadratic model is descended and a line search taken (proximal Newton). What remains when the
 * active rows are found is left to Newton's method on them.
 *
 * Friedman, Hastie and Tibshirani, J. Stat. Softw. 33 (2010); Massias, Gramfort and Salmon, ICML 2018 (working sets).
 */
export function createCoordinateDescent(task: SolverTask): Solver {
  const { problem } = task;
  const { columns } = problem;
  const features = problem.design.featureCount;
  const byRow = rowsOf(task);
  const columnGroups = groupColumns(problem);
  const { groups, rest, gramCount } = columnGroups;
  const search = createLineSearch(task);
  const newton = byRow.derivatives && createActiveNewton(task, columnGroups, byRow.derivatives);
  const H = new Float64Array(problem.predictionCount);
  const D = new Float64Array(features * columns);
  const single = rest.filter(({ task: part }) => part.width === 1);
  const keptGrams = new Map<TaskRows, KeptGram>();
  if (single.length > 0) {
    const panels = problem.design.make ? undefined : new GramPanels(problem);
    for (const { task: part } of single)
      keptGrams.set(part, new KeptGram(problem, part, panels, GRAM_LIMIT_KEPT));
  }
  // Squared losses have the same h at every point.
  for (const part of problem.tasks) if (part.loss.quadratic) part.loss.curvature(part, H, H);

  function solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    refreshPredictions(problem, point);
    let assessment = assessPoint(task, lambda, point);
    record({ step: 0, ...assessment, learningRate: 1 });
    let iterations = 0;
    let share = 1;
    let working: Int32Array = new Int32Array(0);
    while (assessment.residual > task.tolerance && iterations < task.maxIterations) {
      const wider = chooseWorkingSet(byRow, point, features, columns, working);
      // The same set again and the gap still open: what was taken for solved was not.
      if (wider.length === working.length) share *= 0.2;
      working = wider;
      for (const { task: part } of rest) part.loss.curvature(part, point.Z, H);
      const limit = Math.min(passLimit(working), task.maxIterations - iterations);
      const enough = share * Math.max(residualTarget(task, byRow, lambda, assessment), Number.MIN_VALUE);
      const descent = descend(lambda, point, working, enough, limit);
      iterations += descent.passes;
      let length = search(lambda, point, D, assessment.objective);
      assessment = assessPoint(task, lambda, point);
      if (
        newton &&
        !descent.done &&
        assessment.residual > task.tolerance &&
        iterations < task.maxIterations
      ) {
        const active = activeRows(point, features, columns);
        const polish = newton(
          lambda,
          point,
          active,
          share * residualTarget(task, byRow, lambda, assessment),
          Math.min(NEWTON_STEPS, task.maxIterations - iterations),
        );
        if (polish.stale) refreshPredictions(problem, point);
        assessment = assessPoint(task, lambda, point);
        // Newton's method shrinks a row that should be zero without ending it: one more pass does.
        for (const { task: part } of rest) part.loss.curvature(part, point.Z, H);
        const last = descend(lambda, point, active, enough, 1);
        iterations += polish.steps + last.passes;
        length = Math.max(length, polish.length, search(lambda, point, D, assessment.objective));
        assessment = assessPoint(task, lambda, point);
      }
      record({ step: iterations, ...assessment, learningRate: length });
      if (length === 0) break;
    }
    return {
      converged: assessment.residual <= task.tolerance,
      iterations,
      residual: assessment.residual,
      assessment,
    };
  }

  /** Descends the quadratic model around `point` until every row is `enough` near its optimum; leaves the way in D. */
  function descend(
    lambda: number,
    point: Point,
    working: Int32Array,
    enough: number,
    limit: number,
  ): { passes: number; done: boolean } {
    const curvature = new Float64Array(working.length * columns);
    const parts = buildModel(point, working, curvature);
    for (let i = 0; i < curvature.length; i++) curvature[i] = Math.max(curvature[i], 1e-12);
    const row = new Float64Array(columns);
    const delta = new Float64Array(columns);
    D.fill(0);
    for (let passes = 1; passes <= limit; passes++) {
      let largest = 0;
      for (let k = 0; k < working.length; k++) {
        const at = working[k] * columns;
        for (const part of parts) part.readGradient(k, row);
        for (let c = 0; c < columns; c++)
          row[c] += curvature[k * columns + c] * (point.W[at + c] + D[at + c]);
        byRow.minimise(row, curvature, k * columns, lambda);
        let violation = 0;
        for (let c = 0; c < columns; c++) {
          const d = row[c] - point.W[at + c] - D[at + c];
          delta[c] = d;
          violation += (curvature[k * columns + c] * d) ** 2;
        }
        if (violation === 0) continue;
        largest = Math.max(largest, violation);
        for (let c = 0; c < columns; c++) D[at + c] = row[c] - point.W[at + c];
        for (const part of parts) part.move(k, delta);
      }
      if (Math.sqrt(largest) <= enough) return { passes, done: true };
    }
    return { passes: limit, done: false };
  }

  function buildModel(point: Point, working: Int32Array, curvature: Float64Array): ModelPart[] {
    const parts: ModelPart[] = [];
    for (const group of groups) {
      if (fitsGram(group.gram, working, gramCount)) {
        parts.push(new GramPart(group, working, point.V, columns, curvature));
      } else {
        for (const part of group.tasks) {
          parts.push(new ResidualPart(problem, part, 0, working, point.theta, H, curvature));
        }
      }
    }
    KeptGram.prepare(
      rest.flatMap(({ task: part }) => {
        const kept = goesByGram(part, working) ? keptGrams.get(part) : undefined;
        return kept ? [kept] : [];
      }),
      H,
      working,
    );
    for (const { task: part } of rest) {
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
    if (!goesByGram(part, working)) {
      return new ResidualPart(problem, part, k, working, point.theta, H, curvature);
    }
    const { gram, scale } = keptGrams.get(part)?.prepared ?? {
      gram: createGram(problem.design, part.rows, H, part.offset + k * part.count, problem.intercept),
      scale: 1,
    };
    const group: ColumnGroup = {
      tasks: [part],
      columns: Int32Array.of(part.firstColumn + k),
      scales: Float64Array.of(scale),
      gram,
    };
    return new GramPart(group, working, point.V, columns, curvature);
  }

  function passLimit(working: Int32Array): number {
    if (rest.length === 0) return newton ? PASSES : PASSES_ALONE;
    return rest.every(({ task: part }) => part.width === 1 && goesByGram(part, working))
      ? PASSES_KEPT
      : PASSES_CURVED;
  }

  function goesByGram({ width }: TaskRows, working: Int32Array): boolean {
    return working.length <= (width > 1 || problem.design.sparse ? GRAM_LIMIT : GRAM_LIMIT_KEPT);
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

function activeRows(point: Point, features: number, columns: number): Int32Array {
  const active: number[] = [];
  for (let j = 0; j < features; j++) if (isActive(point.W, j, columns)) active.push(j);
  return Int32Array.from(active);
}
