/**
 * Gap-safe screening: the dual optimum lies within √(2 gap) of any feasible dual point (squared loss: the dual is
 * 1-strongly concave in the norm that the features' lengths ‖x̃_j‖ are measured in), so that a feature with
 *
 *     s ‖V_j‖ + ‖x̃_j‖ √(2 gap) < λ
 *
 * has a zero row in every solution, and can be left out of all further work for this λ.
 *
 * Ndiaye, Fercoq, Gramfort and Salmon, Gap Safe Screening Rules for Sparsity Enforcing Penalties, JMLR 18 (2017).
 * @param urgency dual norm of the j-th row of V, before it is scaled
 * @param scale s that makes V feasible
 */
export function isScreened(
  urgency: number,
  scale: number,
  featureLength: number,
  gap: number,
  lambda: number,
): boolean {
  return scale * urgency + featureLength * Math.sqrt(2 * gap) < lambda * (1 - 1e-9);
}
