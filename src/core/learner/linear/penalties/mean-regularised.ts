import type { Penalty } from './penalty';
import { quadratic } from './quadratic';

/**
 * Mean-regularised: the weights of every task are pulled to their mean over the tasks.
 *
 *     R(W) = ½ Σ_c ‖W_c − W̄_g(c)‖² + ε/2 ‖W‖²_F,   W̄_g the mean over the columns of c's group.
 *
 * It is ridge on a shared and a private copy of the features: W_c = u + v_c with λε(1 + ε) T/2 ‖u‖² + λ(1 + ε)/2 Σ ‖v_c‖².
 * Prox, dual and start of the path: see `quadratic`.
 * Evgeniou and Pontil, KDD 2004.
 * @param epsilon > 0, the part of ridge
 * @param groups columns that mean the same in different tasks; absent: all of them
 */
export function meanRegularised(epsilon: number, groups?: readonly Int32Array[]): Penalty {
  const matrixOf = (columns: number): Float64Array => {
    const matrix = new Float64Array(columns * columns);
    for (const group of groups ?? [Int32Array.from({ length: columns }, (_, c) => c)]) {
      for (const a of group) {
        matrix[a * columns + a] += 1;
        for (const b of group) matrix[a * columns + b] -= 1 / group.length;
      }
    }
    for (let c = 0; c < columns; c++) matrix[c * columns + c] += epsilon;
    return matrix;
  };
  return quadratic('mean-regularised', matrixOf, epsilon);
}
