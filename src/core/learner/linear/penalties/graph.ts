import type { Penalty } from './penalty';
import { quadratic } from './quadratic';

/** Ties two columns of W; a negative weight ties one to the opposite of the other. */
export interface Edge {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

/**
 * Task graph: the weights of tasks that an edge joins are pulled to each other.
 *
 *     R(W) = ½ Σ_(a,b) |s_ab| ‖W_a − sign(s_ab) W_b‖² + ε/2 ‖W‖²_F = ½ tr(W (L + εI) Wᵀ),   L the graph's Laplacian.
 *
 * With all pairs at weight 1/T it is the mean-regularised penalty. Prox, dual and start of the path: see `quadratic`.
 * Evgeniou, Micchelli and Pontil, J. Mach. Learn. Res. 6 (2005).
 * @param epsilon > 0, the part of ridge
 */
export function graph(epsilon: number, edges: readonly Edge[]): Penalty {
  const matrixOf = (columns: number): Float64Array => {
    const matrix = new Float64Array(columns * columns);
    for (const { a, b, weight } of edges) {
      matrix[a * columns + a] += Math.abs(weight);
      matrix[b * columns + b] += Math.abs(weight);
      matrix[a * columns + b] -= weight;
      matrix[b * columns + a] -= weight;
    }
    for (let c = 0; c < columns; c++) matrix[c * columns + c] += epsilon;
    return matrix;
  };
  return quadratic('graph', matrixOf, epsilon);
}
