/**
 * Solves A x = b for a symmetric positive definite A (n × n, row-major) by Cholesky's factorisation. Both arrays are
 * overwritten: A with the factor, b with x. A pivot lost to rounding is treated as a direction without curvature (x = 0).
 */
export function solvePositiveDefinite(A: Float64Array, b: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    let pivot = A[j * n + j];
    const start = pivot;
    for (let k = 0; k < j; k++) pivot -= A[j * n + k] * A[j * n + k];
    if (!(pivot > 1e-14 * start)) pivot = Number.POSITIVE_INFINITY;
    const root = Math.sqrt(pivot);
    A[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = A[i * n + j];
      for (let k = 0; k < j; k++) sum -= A[i * n + k] * A[j * n + k];
      A[i * n + j] = root === Number.POSITIVE_INFINITY ? 0 : sum / root;
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= A[i * n + k] * b[k];
    b[i] = sum / A[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = i + 1; k < n; k++) sum -= A[k * n + i] * b[k];
    b[i] = sum / A[i * n + i];
  }
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
