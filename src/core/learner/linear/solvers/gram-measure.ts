import type { GramSpace } from '../gram-space';
import type { Assessment } from '../objective';
import type { Iterate } from './extrapolation';
import type { SolverTask } from './solver';

export interface GramAssessment extends Assessment {
  /** The dual scale, and the gap, in units of the common task weight. */
  readonly scale: number;
  readonly gap: number;
}

export interface GramMeasure {
  /** Objective and duality gap of the space's W, by its V in the slots and `others` elsewhere. */
  assess(lambda: number): GramAssessment;
  /** The objective but for a constant, in units of the common task weight, as λ is here. */
  objectiveOf(lambda: number, iterate: Iterate): number;
}

/** Objective and duality gap in inner products: a few numbers a weight. */
export function createGramMeasure(task: SolverTask, space: GramSpace, others: Float64Array): GramMeasure {
  const { problem, penalty, origin } = task;
  const { columns } = problem;
  const { featureCount } = problem.design;
  const { width } = space;
  const unit = problem.tasks[0].taskWeight;
  const start = origin.loss / unit;
  const alongS = new Float64Array(width);
  const alongV = new Float64Array(width);

  function assess(lambda: number): GramAssessment {
    const { W, V, S, size, squares } = space;
    const length = size * width;
    const own = lambda / unit;
    alongS.fill(0);
    alongV.fill(0);
    for (let i = 0; i < length; i += width) {
      for (let c = 0; c < columns; c++) {
        const w = W[i + c];
        alongS[c] += w * S[i + c];
        alongV[c] += w * V[i + c];
      }
    }
    const taskLosses: number[] = [];
    let along = 0;
    let loss = 0;
    for (let c = 0; c < columns; c++) {
      const first = squares[c] - alongS[c];
      along += first;
      const half = Math.max(0, 0.5 * (first - alongV[c]));
      loss += half;
      taskLosses.push(half);
    }
    const shape = { features: size, columns: width };
    const rows = V.subarray(0, length);
    const value = penalty.value(W.subarray(0, length), shape);
    let scale = penalty.dualScale(rows, shape, own);
    let conjugate = 0;
    if (size < featureCount) {
      const all = { features: featureCount, columns };
      scale = Math.min(scale, penalty.dualScale(others, all, own));
      conjugate = penalty.conjugate(others, all, own, scale);
    }
    conjugate += penalty.conjugate(rows, shape, own, scale);
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

  function objectiveOf(lambda: number, { W, V }: Iterate): number {
    const length = space.size * width;
    let twice = 0;
    for (let i = 0; i < length; i++) twice -= W[i] * (space.S[i] + V[i]);
    return (
      0.5 * twice + lambda * penalty.value(W.subarray(0, length), { features: space.size, columns: width })
    );
  }

  return { assess, objectiveOf };
}
