import { copyPredictions, type LinearProblem, someRows, type TaskRows } from '../linear-problem';
import type { Point } from '../objective';
import { turnInto } from '../products';
import type { LinearOperator } from './conjugate-gradient';
import { type ColumnGroups, fitsGram } from './quadratic-model';

/**
 * ∇²L restricted to some features (k = position among them). Vectors hold k × columns weights, then `columns`
 * intercepts. Columns multiplied by a Gram matrix have their intercepts eliminated (their entries stay 0); the others
 * are multiplied by X and Xᵀ.
 */
export interface LossCurvature extends LinearOperator {
  /** No column goes through X: no product costs anything that grows with the rows. */
  readonly gramOnly: boolean;
}

/** Returns a function that makes the operator at a point; buffers are shared, so that one is in use at a time. */
export function createLossCurvature(
  problem: LinearProblem,
  { groups, rest, gramCount }: ColumnGroups,
): (point: Point, features: Int32Array) => LossCurvature {
  const { columns } = problem;
  const weights = problem.design.featureCount * columns;
  let buffers: { spread: Float64Array; V: Float64Array } | undefined;

  return (point, features) => {
    const byGram = groups.filter((group) => fitsGram(group.gram, features, gramCount));
    const throughX = [
      ...rest.map(({ task }) => task),
      ...groups.filter((g) => !byGram.includes(g)).flatMap((g) => g.tasks),
    ];
    const matrices = byGram.map((group) => group.gram.gather(features));
    const size = features.length * columns;
    return {
      gramOnly: throughX.length === 0,
      times(direction, out) {
        out.fill(0);
        byGram.forEach(({ columns: own, scales }, g) => {
          multiplyByGram(matrices[g], features.length, own, scales, columns, direction, out);
        });
        if (throughX.length > 0) multiplyThroughX(direction, out);
      },
    };

    function multiplyThroughX(direction: Float64Array, out: Float64Array): void {
      const { spread, V } = takeBuffers();
      for (let k = 0; k < features.length; k++) {
        for (let c = 0; c < columns; c++) spread[features[k] * columns + c] = direction[k * columns + c];
      }
      const restricted = { ...problem, tasks: throughX };
      const turn = (task: TaskRows, from: number, count: number, D: Float64Array) => {
        multiplyByCurvature(task, point.Z, from, count, D);
        if (!problem.intercept) return;
        for (let k = 0; k < task.width; k++) {
          let sum = 0;
          for (let i = k * count; i < (k + 1) * count; i++) sum += D[i];
          out[size + task.firstColumn + k] += sum;
        }
      };
      turnInto(restricted, spread, direction.subarray(size), turn, V, features);
      for (const task of throughX) {
        for (let c = task.firstColumn; c < task.firstColumn + task.width; c++) {
          for (let k = 0; k < features.length; k++) out[k * columns + c] = V[features[k] * columns + c];
        }
      }
      for (const j of features) spread.fill(0, j * columns, (j + 1) * columns);
    }
  };

  function takeBuffers() {
    buffers ??= { spread: new Float64Array(weights), V: new Float64Array(weights) };
    return buffers;
  }
}

/** For a block's predictions and products, of all problems: a call is over before another begins. */
let room = new Float64Array(0);

/** D becomes ω ℓ'' D at the rows of a task from place `from` on, for D of these rows alone, column after column. */
function multiplyByCurvature(
  task: TaskRows,
  Z: Float64Array,
  from: number,
  count: number,
  D: Float64Array,
): void {
  if (room.length < 2 * D.length) room = new Float64Array(2 * D.length);
  const [own, out] = [room.subarray(0, D.length), room.subarray(D.length, 2 * D.length)];
  copyPredictions(task, Z, from, count, own);
  task.loss.curvatureTimes(someRows(task, from, count), own, D, out);
  D.set(out);
}

/** out[:, c] += scale_c · G · direction[:, c] for the group's columns. */
function multiplyByGram(
  G: Float64Array,
  m: number,
  own: Int32Array,
  scales: Float64Array,
  columns: number,
  direction: Float64Array,
  out: Float64Array,
): void {
  let q = 0;
  for (; q + 3 < own.length; q += 4) {
    const c0 = own[q];
    const c1 = own[q + 1];
    const c2 = own[q + 2];
    const c3 = own[q + 3];
    for (let k = 0; k < m; k++) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let l = 0, at = 0, from = k * m; l < m; l++, at += columns) {
        const g = G[from + l];
        s0 += g * direction[at + c0];
        s1 += g * direction[at + c1];
        s2 += g * direction[at + c2];
        s3 += g * direction[at + c3];
      }
      out[k * columns + c0] += scales[q] * s0;
      out[k * columns + c1] += scales[q + 1] * s1;
      out[k * columns + c2] += scales[q + 2] * s2;
      out[k * columns + c3] += scales[q + 3] * s3;
    }
  }
  for (; q < own.length; q++) {
    const c = own[q];
    for (let k = 0; k < m; k++) {
      let sum = 0;
      for (let l = 0, at = c, from = k * m; l < m; l++, at += columns) sum += G[from + l] * direction[at];
      out[k * columns + c] += scales[q] * sum;
    }
  }
}
