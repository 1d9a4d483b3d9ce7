import type { Penalty, Shape } from './penalty';
import { decompose, recompose } from './singular-values';

/**
 * Trace (nuclear) norm: the tasks' weights lie in a common space of few dimensions.
 *
 *     R(W) = ‖W‖_* = Σ_k σ_k(W),   prox: W with its singular values soft-thresholded,
 *     dual norm: σ_max(V),   λ_max = σ_max(∇L(0)).
 *
 * The columns of all tasks count, the class columns of softmax included.
 * Argyriou, Evgeniou and Pontil, Mach. Learn. 73 (2008); Ji and Ye, ICML 2009.
 */
export const trace: Penalty = {
  name: 'trace',
  singleTaskTwin: 'ridge',

  value: (W, shape) => decompose(W, shape).values.reduce((sum, value) => sum + value, 0),

  prox(W, shape, step) {
    const parts = decompose(W, shape);
    recompose(
      parts,
      parts.values.map((value) => (value > step ? 1 - step / value : 0)),
      W,
    );
  },

  dualScale(V, shape, lambda) {
    const size = spectralNorm(V, shape);
    return size > lambda ? lambda / size : 1;
  },

  conjugate: () => 0,

  pathStart: (start) => spectralNorm(start.V, start),
};

function spectralNorm(V: Float64Array, shape: Shape): number {
  return decompose(V, shape).values.reduce((largest, value) => Math.max(largest, value), 0);
}
