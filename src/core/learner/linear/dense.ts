/**
 * Cholesky's factorisation of a symmetric positive semi-definite A (n × n, row-major), in place: L in the lower triangle,
 * A = L Lᵀ. A pivot lost to rounding becomes infinite: its direction is solved as 0.
 */
export function factorize(A: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    const start = A[row + i];
    for (let j = 0; j < i; j++) A[row + j] = (A[row + j] - dot(A, row, A, j * n, j)) / A[j * n + j];
    const rest = start - dot(A, row, A, row, i);
    A[row + i] = rest > 1e-14 * start ? Math.sqrt(rest) : Number.POSITIVE_INFINITY;
  }
}

/** Σ_k a[from + k] b[at + k], k < count, in four sums. */
export function dot(a: Float64Array, from: number, b: Float64Array, at: number, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    s0 += a[from + k] * b[at + k];
    s1 += a[from + k + 1] * b[at + k + 1];
    s2 += a[from + k + 2] * b[at + k + 2];
    s3 += a[from + k + 3] * b[at + k + 3];
  }
  for (; k < count; k++) s0 += a[from + k] * b[at + k];
  return s0 + s1 + (s2 + s3);
}

/** Solves L Lᵀ x = b in place, L from `factorize`. */
export function solveFactorized(L: Float64Array, b: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0, at = i * n; k < i; k++) sum -= L[at + k] * b[k];
    b[i] = sum / L[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i] / L[i * n + i];
    b[i] = x;
    for (let k = 0, at = i * n; k < i; k++) b[k] -= L[at + k] * x;
  }
}

/** (L Lᵀ)⁻¹ as a full symmetric matrix, L from `factorize`. */
export function invertFactorized(L: Float64Array, n: number): Float64Array {
  // Rows of `inverse` are columns of L⁻¹: entry (j, i) is (L⁻¹)_ij, i ≥ j.
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const at = j * n;
    inverse[at + j] = 1 / L[at + j];
    for (let i = j + 1; i < n; i++) {
      inverse[at + i] = -dot(L, i * n + j, inverse, at + j, i - j) / L[i * n + i];
    }
  }
  const result = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let l = 0; l <= j; l++) {
      const sum = dot(inverse, j * n + j, inverse, l * n + j, n - j);
      result[j * n + l] = sum;
      result[l * n + j] = sum;
    }
  }
  return result;
}

/** Numerical rank of a symmetric positive semi-definite A (n × n, row-major, overwritten), by pivoted Cholesky. */
export function rankOfGram(A: Float64Array, n: number): number {
  let largest = 0;
  for (let j = 0; j < n; j++) largest = Math.max(largest, A[j * n + j]);
  const floor = 1e-10 * largest;
  const used = new Uint8Array(n);
  for (let rank = 0; rank < n; rank++) {
    let pivot = -1;
    for (let j = 0; j < n; j++) {
      if (!used[j] && A[j * n + j] > floor && (pivot < 0 || A[j * n + j] > A[pivot * n + pivot])) pivot = j;
    }
    if (pivot < 0) return rank;
    used[pivot] = 1;
    const inverse = 1 / A[pivot * n + pivot];
    for (let i = 0; i < n; i++) {
      if (used[i]) continue;
      const factor = A[i * n + pivot] * inverse;
      for (let j = 0; j < n; j++) if (!used[j]) A[i * n + j] -= factor * A[pivot * n + j];
    }
  }
  return n;
}
