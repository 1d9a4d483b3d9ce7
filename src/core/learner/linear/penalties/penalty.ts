/** Of W, V and their likes: features × columns, row-major. */
export interface Shape {
  readonly features: number;
  readonly columns: number;
}

/** What the start of a λ path is computed from: the optimum with intercepts alone. */
export interface PathStart extends Shape {
  /** −∇L at W = 0. */
  readonly V: Float64Array;
  /** Trace of ∇²L at W = 0 (intercepts eliminated), Σ over columns. */
  curvatureTrace(): number;
  /** Effective degrees of freedom of the unpenalised fit: Σ over columns of the rank of the centred features. */
  degreesOfFreedom(): number;
}

/**
 * A convex penalty R(W). One file a penalty; it holds everything about it, so that adding one is adding a file.
 * The dual of min L(XW) + λ R(W) has −(λR)*(Xᵀθ), (λR)*(V) = sup_W ⟨V, W⟩ − λR(W): for a norm, 0 within the ball
 * of its dual norm of radius λ and infinite outside.
 */
export interface Penalty {
  readonly name: string;
  /** R(W). */
  value(W: Float64Array, shape: Shape): number;
  /** Replaces W by argmin_U ½‖U − W‖² + step · R(U). */
  prox(W: Float64Array, shape: Shape, step: number): void;
  /** Largest s in [0, 1] at which (λR)*(s V) is finite. */
  dualScale(V: Float64Array, shape: Shape, lambda: number): number;
  /** (λR)*(s V), for an s that `dualScale` allows; λ > 0. */
  conjugate(V: Float64Array, shape: Shape, lambda: number, scale: number): number;
  /** Smallest λ at which W = 0 is optimal; smooth penalties: a λ with at most 1 % of the degrees of freedom left. */
  pathStart(start: PathStart): number;
  /** Name of the penalty that shares nothing between tasks: the baseline's. */
  readonly singleTaskTwin: string;
  /** Present when R takes W apart into what tasks share and what single tasks add: the shared part, W less the other. */
  sharedPart?(W: Float64Array, shape: Shape): Float64Array;
  /** Present when R(W) is a sum over features of functions of a feature's row: coordinate descent can be used. */
  readonly rows?: RowPenalty;
}

export interface RowPenalty {
  /**
   * Replaces `row` = g by argmin_u ½ Σ_c h_c u_c² − ⟨g, u⟩ + λ R_row(u).
   * @param row one entry a column; linear term in, minimiser out
   * @param curvature h > 0, the row's entries from `at`
   */
  minimise(row: Float64Array, curvature: Float64Array, at: number, lambda: number): void;
  /** How much a row that is zero wants in: larger is more. `at`: start of the row in V. */
  urgency(V: Float64Array, at: number, columns: number): number;
  /** Length of a row's optimality residual at which the duality gap is about `gap`, at R(W) = `value`. */
  residualFor(gap: number, lambda: number, value: number): number;
  /** Present when R_row is a norm with a part of ridge that coordinate descent has a kernel for. */
  readonly norm?: RowNorm;
  /** Present when R_row is twice differentiable away from zero: Newton's method can be used on the active rows. */
  readonly derivatives?: RowDerivatives;
}

/** R_row(w) = share · norm(w) + (1 − share)/2 ‖w‖², the norm ‖w‖₂ (`rows`) or Σ |w_c| (`entries`). */
export interface RowNorm {
  readonly of: 'rows' | 'entries';
  readonly share: number;
}

/** Of one row's function; the row starts at `at` in W and at `to` in `D` and `out`, and has `columns` entries. */
export interface RowDerivatives {
  /** `everywhere`: R is smooth. `non-zero`: at rows that are not zero. `orthant`: where no entry is zero. */
  readonly smooth: 'everywhere' | 'non-zero' | 'orthant';
  /** out −= λ ∇R_row(w). */
  subtractGradient(
    W: Float64Array,
    at: number,
    columns: number,
    lambda: number,
    out: Float64Array,
    to: number,
  ): void;
  /** out += λ ∇²R_row(w) d. */
  addCurvature(
    W: Float64Array,
    at: number,
    columns: number,
    lambda: number,
    D: Float64Array,
    out: Float64Array,
    to: number,
  ): void;
  /**
   * λ ∇²R_row(w) = diag(a) − u uᵀ, or a positive semi-definite approximation of it (it scales Newton's systems);
   * fills the row's entries of a and u.
   */
  split(
    W: Float64Array,
    at: number,
    columns: number,
    lambda: number,
    a: Float64Array,
    u: Float64Array,
    to: number,
  ): void;
}

/** Whether a feature's row of W has a non-zero entry. */
export function isActive(W: Float64Array, feature: number, columns: number): boolean {
  for (let i = feature * columns; i < (feature + 1) * columns; i++) if (W[i] !== 0) return true;
  return false;
}
