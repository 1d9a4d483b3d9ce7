import { GramSpace } from '../gram-space';
import { MemoryLayout } from '../kernel';
import { type Point, refreshPredictions } from '../objective';
import { isActive, type RowNorm, type RowPenalty } from '../penalties';
import { createActiveNewton } from './active-newton';
import { type Iterate, MEMORY } from './extrapolation';
import { createGramMeasure, type GramAssessment } from './gram-measure';
import { GramPasses, PassRoom } from './gram-passes';
import { OtherFeatures } from './other-features';
import { PathHistory } from './path-history';
import { residualTarget, type Solver, type SolverResult, type SolverStep, type SolverTask } from './solver';
import { chooseWorkingSet } from './working-set';

/** Numbers in the Gram matrix, at most (64 MiB). */
const CAPACITY = 8_388_608;

/** Passes before it is considered to give Newton's method a turn on the active rows. */
const PASSES = 20;
/** Its steps in a round: rows that should be zero end there one after the other. */
const NEWTON_STEPS = 25;
/** It has its turn in any case once such a part of all that is allowed is spent. */
const HOPELESS = 0.25;
const EXPECTED_STEPS = 8;
const OUTSIDE = 2;
/** Part of λ that V's rows have to be right to, at least, for passes in single precision: it has them to about 1e-6. */
const ROUGH = 1e-5;

/**
 * Block coordinate descent along a λ path for squared losses of tasks with the same rows and weights, all of it in
 * inner products (see `GramSpace`): objective, duality gap and extrapolation cost a few numbers a weight.
 *
 * - A λ starts from the polynomial through the solutions before it, where that has the lower objective.
 * - Passes over the working set run in a WebAssembly kernel (see `GramPasses`): where the Gram matrix is large, the
 *   first of them in single precision. A gap is believed once V was worked out in double precision.
 * - Once the gap over the working set is closed, the gap over all features is measured, features that cannot be active
 *   are screened, and the most urgent of the others come in.
 *
 * Friedman, Hastie and Tibshirani, J. Stat. Softw. 33 (2010), covariance updates.
 * @param fallback takes the λ that this cannot: 0, and where the Gram matrix would be too large
 */
export function createGramDescent(
  task: SolverTask,
  byRow: RowPenalty,
  norm: RowNorm,
  fallback: Solver,
): Solver {
  const { problem, origin } = task;
  const { columns } = problem;
  const { featureCount } = problem.design;
  const unit = problem.tasks[0].taskWeight;
  const layout = new MemoryLayout();
  const room = new PassRoom(layout, featureCount, columns);
  const space = new GramSpace(problem, origin.point, layout);
  const { width } = space;
  const passesOver = new GramPasses(space, room, norm);
  const startV = origin.point.V.map((v) => v / unit);
  const others = new OtherFeatures(problem, space, byRow, norm, startV);
  const history = new PathHistory(space);
  const measure = createGramMeasure(task, space, others.V);
  const start = origin.loss / unit;
  const group = {
    tasks: problem.tasks,
    columns: Int32Array.from({ length: columns }, (_, c) => c),
    scales: new Float64Array(columns).fill(unit),
    gram: space,
  };
  const newton =
    byRow.derivatives &&
    createActiveNewton(task, { groups: [group], rest: [], gramCount: 1 }, byRow.derivatives);

  function solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    if (lambda === 0) return useFallback(lambda, point, record);
    others.open();
    for (const guess of history.guesses(lambda / unit)) takeIfBetter(lambda / unit, guess);
    let passes = 0;
    let measured = measure.assess(lambda);
    record({ step: 0, ...stepOf(measured), learningRate: 1 });
    for (;;) {
      passes = closeGap(lambda, point, measured, passes);
      others.lookUp(lambda / unit);
      measured = measure.assess(lambda);
      record({ step: passes, ...stepOf(measured), learningRate: 1 });
      if (measured.residual <= task.tolerance || passes >= task.maxIterations) break;
      others.screen(lambda / unit, measured);
      scatter(point);
      const working = chooseWorkingSet(
        byRow,
        point,
        featureCount,
        columns,
        space.features.slice(0, space.size),
        others.excluded,
      );
      if (working.length * space.stride > CAPACITY) return useFallback(lambda, point, record);
      include(working);
      measured = measure.assess(lambda);
    }
    scatter(point);
    space.readIntercepts(point.b);
    history.remember(lambda / unit);
    return {
      converged: measured.residual <= task.tolerance,
      iterations: passes,
      residual: measured.residual,
      assessment: measured,
    };
  }

  function useFallback(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    scatter(point);
    space.readIntercepts(point.b);
    refreshPredictions(problem, point);
    return fallback.solve(lambda, point, record);
  }

  /** Closes the gap over the slots, as far as passes are left; returns all there were. V holds in double precision afterwards. */
  function closeGap(lambda: number, point: Point, from: GramAssessment, before: number): number {
    const gap = () => measure.assess(lambda).residual;
    const isDone = () => gap() <= task.tolerance;
    const objectiveOf = (iterate: Iterate) => measure.objectiveOf(lambda / unit, iterate);
    const slots = Int32Array.from({ length: space.size }, (_, slot) => slot);
    let passes = before;
    let measured = from;
    let passesLeft = PASSES;
    let residualBefore = measured.residual;
    let roughly = measured.residual > task.tolerance && isRoughEnough(lambda, measured);
    while (measured.residual > task.tolerance && passes < task.maxIterations) {
      const limit = Math.min(MEMORY, task.maxIterations - passes);
      const done = passesOver.run(
        { lambda: lambda / unit, slots, limit, roughly },
        { isDone, gap, objectiveOf },
      );
      passes += done;
      passesLeft -= done;
      measured = measure.assess(lambda);
      const pause = passesLeft <= 0 || measured.residual <= task.tolerance || passes >= task.maxIterations;
      if (!pause) continue;
      if (roughly) {
        space.correlateSlots(space.W, space.V);
        measured = measure.assess(lambda);
        roughly = false;
      }
      if (passesLeft > 0 || measured.residual <= task.tolerance) continue;
      const expected = expectedPasses(residualBefore, measured.residual);
      const hopeless = passes > HOPELESS * task.maxIterations;
      if (hopeless || expected * costOfPass() > costOfNewton()) {
        passes += polish(lambda, point, measured);
        measured = measure.assess(lambda);
      }
      passesLeft = PASSES;
      residualBefore = measured.residual;
    }
    return passes;
  }

  /** Whether V in single precision tells the gap that is asked for. */
  function isRoughEnough(lambda: number, { penalty: value }: GramAssessment): boolean {
    if (!passesOver.isLarge) return false;
    return byRow.residualFor(task.tolerance * start, lambda / unit, value) > (ROUGH * lambda) / unit;
  }

  /** Passes that close the gap at the rate of the last ones. */
  function expectedPasses(before: number, now: number): number {
    const rate = Math.log(before / now) / PASSES;
    return rate > 0 ? Math.log(now / task.tolerance) / rate : Number.POSITIVE_INFINITY;
  }

  function countActive(): number {
    let active = 0;
    for (let slot = 0; slot < space.size; slot++) if (isActive(space.W, slot, width)) active++;
    return active;
  }

  /** In products of numbers, those outside the kernel counted `OUTSIDE` times. */
  function costOfPass(): number {
    return countActive() * space.size * width;
  }

  function costOfNewton(): number {
    const active = countActive();
    return EXPECTED_STEPS * active * active * (2 * active + 6 * columns) * OUTSIDE;
  }

  /** Newton's method on the active rows, and whatever passes are left to the next round; returns its steps. */
  function polish(lambda: number, point: Point, measured: GramAssessment): number {
    if (!newton) return 0;
    scatter(point);
    const rows = space.features
      .slice(0, space.size)
      .filter((j) => isActive(point.W, j, columns))
      .sort();
    const enough = 0.3 * residualTarget(task, byRow, lambda, measured);
    const { steps } = newton(lambda, point, rows, enough, Math.min(NEWTON_STEPS, task.maxIterations));
    for (let slot = 0; slot < space.size; slot++) {
      const from = space.features[slot] * columns;
      for (let c = 0; c < columns; c++) space.W[slot * width + c] = point.W[from + c];
    }
    space.correlateSlots(space.W, space.V);
    return steps;
  }

  function takeIfBetter(lambda: number, candidate: Iterate): void {
    if (measure.objectiveOf(lambda, candidate) < measure.objectiveOf(lambda, space)) space.take(candidate);
  }

  /** Gives slots to the working set; what is remembered gets its V there. */
  function include(working: Int32Array): void {
    const first = space.size;
    space.include(working);
    others.include(first);
    history.include(first);
  }

  /** W, and V in the units of the problem, into the features' places. */
  function scatter(point: Point): void {
    point.W.fill(0);
    for (let i = 0; i < others.V.length; i++) point.V[i] = unit * others.V[i];
    for (let slot = 0; slot < space.size; slot++) {
      const to = space.features[slot] * columns;
      for (let c = 0; c < columns; c++) {
        point.W[to + c] = space.W[slot * width + c];
        point.V[to + c] = unit * space.V[slot * width + c];
      }
    }
  }

  return { solve };
}

function stepOf({
  objective,
  taskLosses,
  penalty,
}: GramAssessment): Omit<GramAssessment, 'residual' | 'scale' | 'gap'> {
  return { objective, taskLosses, penalty };
}
