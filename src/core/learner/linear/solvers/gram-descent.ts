import { featureOf, scratchOf } from '../design';
import { GramSpace } from '../gram-space';
import type { LinearProblem } from '../linear-problem';
import { type Assessment, type Point, refreshPredictions } from '../objective';
import { isActive, type RowNorm } from '../penalties';
import { createActiveNewton } from './active-newton';
import { andersonWeights, combineIterates, type Iterate, MEMORY, pathWeights } from './extrapolation';
import { isScreened } from './gap-safe';
import { residualTarget, type Solver, type SolverResult, type SolverStep, type SolverTask } from './solver';
import { chooseWorkingSet } from './working-set';

/** Solutions that the next one is guessed from. */
const HISTORY = 3;
/** Numbers in the Gram matrix, at most (64 MiB). */
const CAPACITY = 8_388_608;
/** Features up to which there is room for inner products of all, should they be needed (128 MiB). */
const MOST_FEATURES = 4096;

/** Passes before it is considered to give Newton's method a turn on the active rows. */
const PASSES = 20;
/** Its steps in a round: rows that should be zero end there one after the other. */
const NEWTON_STEPS = 25;
/** It has its turn in any case once such a part of all that is allowed is spent. */
const HOPELESS = 0.25;
const EXPECTED_STEPS = 8;
const OUTSIDE = 2;

interface Measured extends Assessment {
  /** The dual scale, and the gap, in units of the common task weight. */
  readonly scale: number;
  readonly gap: number;
}

/**
 * Block coordinate descent along a λ path for squared losses of tasks with the same rows and weights, all of it in
 * inner products (see `GramSpace`): objective, duality gap and extrapolation cost a few numbers a weight.
 *
 * - A λ starts from the polynomial through the solutions before it, where that has the lower objective.
 * - Passes over the working set run in a WebAssembly kernel; after every five, their Anderson extrapolation.
 * - Once the gap over the working set is closed, the gap over all features is measured, features that cannot be active
 *   are screened, and the most urgent of the others come in.
 *
 * Friedman, Hastie and Tibshirani, J. Stat. Softw. 33 (2010), covariance updates.
 * @param fallback takes the λ that this cannot: 0, and where the Gram matrix would be too large
 */
export function createGramDescent(task: SolverTask, norm: RowNorm, fallback: Solver): Solver {
  const { problem, penalty, origin } = task;
  const { columns } = problem;
  const { featureCount } = problem.design;
  const byRow = penalty.rows;
  const unit = problem.tasks[0].taskWeight;
  const space = new GramSpace(problem, origin.point);
  const { width, pairs, kernel, at } = space;
  const order = kernel.integers(at.order, featureCount);
  const excluded = new Uint8Array(featureCount);
  const lengths = featureLengths(problem);
  const others = new Float64Array(featureCount * columns);
  const history: (Iterate & { lambda: number })[] = [];
  const trail: Iterate[] = Array.from({ length: MEMORY + 1 }, makeIterate);
  const guess = makeIterate();
  const start = origin.loss / unit;
  const group = {
    tasks: problem.tasks,
    columns: Int32Array.from({ length: columns }, (_, c) => c),
    scales: new Float64Array(columns).fill(unit),
    gram: space,
  };
  const newton =
    byRow?.derivatives &&
    createActiveNewton(task, { groups: [group], rest: [], gramCount: 1 }, byRow.derivatives);

  function makeIterate(): Iterate {
    return { W: new Float64Array(featureCount * width), V: new Float64Array(featureCount * width) };
  }

  function solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    if (lambda === 0 || !byRow) return useFallback(lambda, point, record);
    excluded.fill(0);
    others.fill(0);
    predict(lambda / unit);
    let passes = 0;
    let measured = measure(lambda);
    record({ step: 0, ...stepOf(measured), learningRate: 1 });
    for (;;) {
      let passesLeft = PASSES;
      let residualBefore = measured.residual;
      while (measured.residual > task.tolerance && passes < task.maxIterations) {
        const done = descend(lambda, Math.min(MEMORY, task.maxIterations - passes));
        passes += done;
        passesLeft -= done;
        measured = measure(lambda);
        if (passesLeft > 0 || measured.residual <= task.tolerance) continue;
        const expected = expectedPasses(residualBefore, measured.residual);
        const hopeless = passes > HOPELESS * task.maxIterations;
        if (hopeless || expected * costOfPass() > costOfNewton()) {
          passes += polish(lambda, point, measured);
          measured = measure(lambda);
        }
        passesLeft = PASSES;
        residualBefore = measured.residual;
      }
      others.fill(0);
      space.correlateOthers(others, excluded);
      measured = measure(lambda);
      record({ step: passes, ...stepOf(measured), learningRate: 1 });
      if (measured.residual <= task.tolerance || passes >= task.maxIterations) break;
      screen(lambda, measured);
      scatter(point);
      const working = chooseWorkingSet(
        byRow,
        point,
        featureCount,
        columns,
        space.features.slice(0, space.size),
        excluded,
      );
      if (working.length * space.stride > CAPACITY) return useFallback(lambda, point, record);
      include(working);
      measured = measure(lambda);
    }
    scatter(point);
    space.readIntercepts(point.b);
    remember(lambda / unit);
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

  /** A few passes, and their extrapolation; returns how many passes. */
  function descend(lambda: number, limit: number): number {
    let count = 0;
    for (let slot = 0; slot < space.size; slot++) if (!excluded[space.features[slot]]) order[count++] = slot;
    const threshold = (lambda / unit) * norm.share;
    const square = (lambda / unit) * (1 - norm.share);
    const length = space.size * width;
    keep(trail[0]);
    for (let pass = 1; pass <= limit; pass++) {
      const change = kernel.run.descend(
        at.gram,
        space.stride,
        space.size,
        at.order,
        count,
        at.V,
        at.W,
        pairs,
        at.scratch,
        norm.of === 'rows' ? 1 : 0,
        threshold,
        square,
      );
      keep(trail[pass]);
      if (change === 0 || measure(lambda).residual <= task.tolerance) return pass;
    }
    const weights = limit === MEMORY ? andersonWeights(trail, length) : undefined;
    if (weights) {
      combineIterates(trail.slice(1), weights, length, guess);
      takeIfBetter(lambda / unit, guess);
    }
    return limit;
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
  function polish(lambda: number, point: Point, measured: Measured): number {
    if (!newton || !byRow) return 0;
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

  function keep(into: Iterate): void {
    const length = space.size * width;
    into.W.set(space.W.subarray(0, length));
    into.V.set(space.V.subarray(0, length));
  }

  function take(from: Iterate): void {
    const length = space.size * width;
    space.W.set(from.W.subarray(0, length));
    space.V.set(from.V.subarray(0, length));
  }

  function takeIfBetter(lambda: number, candidate: Iterate): void {
    if (objectiveOf(lambda, candidate) < objectiveOf(lambda, space)) take(candidate);
  }

  function objectiveOf(lambda: number, { W, V }: Iterate): number {
    const length = space.size * width;
    let twice = 0;
    for (let i = 0; i < length; i++) twice -= W[i] * (space.S[i] + V[i]);
    return (
      0.5 * twice + lambda * penalty.value(W.subarray(0, length), { features: space.size, columns: width })
    );
  }

  function measure(lambda: number): Measured {
    const { W, V, S, size, squares } = space;
    const length = size * width;
    const own = lambda / unit;
    const taskLosses: number[] = [];
    let along = 0;
    let loss = 0;
    for (let c = 0; c < columns; c++) {
      let first = squares[c];
      let second = 0;
      for (let i = c; i < length; i += width) {
        first -= W[i] * S[i];
        second += W[i] * V[i];
      }
      along += first;
      const half = Math.max(0, 0.5 * (first - second));
      loss += half;
      taskLosses.push(half);
    }
    const shape = { features: size, columns: width };
    const all = { features: featureCount, columns };
    const rows = V.subarray(0, length);
    const value = penalty.value(W.subarray(0, length), shape);
    const scale = Math.min(penalty.dualScale(rows, shape, own), penalty.dualScale(others, all, own));
    const conjugate = penalty.conjugate(rows, shape, own, scale) + penalty.conjugate(others, all, own, scale);
    const gap = Math.max(0, loss + own * value - (scale * along - scale * scale * loss - conjugate));
    return {
      objective: unit * (loss + own * value),
      taskLosses,
      penalty: value,
      residual: gap === 0 ? 0 : gap / start,
      scale,
      gap,
    };
  }

  function screen(lambda: number, { scale, gap }: Measured): void {
    if (norm.share !== 1 || !byRow) return;
    for (let j = 0; j < featureCount; j++) {
      if (space.slots[j] >= 0 || excluded[j]) continue;
      const urgency = byRow.urgency(others, j * columns, columns);
      if (!isScreened(urgency, scale, lengths[j], gap, lambda / unit)) continue;
      excluded[j] = 1;
      others.fill(0, j * columns, (j + 1) * columns);
    }
  }

  /** Gives slots to the working set; what is remembered gets its V there. */
  function include(working: Int32Array): void {
    const first = space.size;
    others.fill(0);
    space.include(working);
    for (const { W, V } of history) space.correlateSlots(W, V, first);
  }

  /** Starts from the path's polynomial extrapolation of degree 2, 1 or 0, whichever has the least objective. */
  function predict(lambda: number): void {
    for (let points = 2; points <= history.length; points++) {
      const last = history.slice(-points);
      combineIterates(
        last,
        pathWeights(
          last.map((one) => one.lambda),
          lambda,
        ),
        space.size * width,
        guess,
      );
      takeIfBetter(lambda, guess);
    }
  }

  function remember(lambda: number): void {
    if (history.some((one) => one.lambda === lambda)) return;
    const oldest = history.length === HISTORY ? history.shift() : undefined;
    const entry = Object.assign(oldest ?? makeIterate(), { lambda });
    keep(entry);
    history.push(entry);
  }

  /** W, and V in the units of the problem, into the features' places. */
  function scatter(point: Point): void {
    point.W.fill(0);
    for (let i = 0; i < others.length; i++) point.V[i] = unit * others[i];
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

/** Whether one Gram matrix and one curvature a feature serve the whole problem. */
export function isOneGram({ tasks, design }: LinearProblem): boolean {
  const [first] = tasks;
  return (
    design.featureCount > 0 &&
    design.featureCount <= MOST_FEATURES &&
    tasks.every(
      (task) =>
        task.loss.quadratic &&
        task.taskWeight === first.taskWeight &&
        task.count === first.count &&
        (task.rows === first.rows ||
          (task.rows !== undefined && first.rows?.every((row, i) => row === task.rows?.[i]) === true)) &&
        task.weight.every((w, i) => Math.abs(w - first.weight[i]) <= 1e-15 * first.weight[i]),
    )
  );
}

function stepOf({ objective, taskLosses, penalty }: Measured): Omit<Assessment, 'residual'> {
  return { objective, taskLosses, penalty };
}

/** ‖x̃_j‖ with the rows' weights, which sum to 1. */
function featureLengths({ design, tasks, intercept }: LinearProblem): Float64Array {
  const [{ weight, taskWeight, rows, count }] = tasks;
  const scratch = scratchOf(design);
  return Float64Array.from({ length: design.featureCount }, (_, j) => {
    const column = featureOf(design, j, scratch);
    let sum = 0;
    let square = 0;
    for (let i = 0; i < count; i++) {
      const x = column[rows ? rows[i] : i];
      const h = weight[i] / taskWeight;
      sum += h * x;
      square += h * x * x;
    }
    return Math.sqrt(Math.max(0, intercept ? square - sum * sum : square));
  });
}
