import { describe, expect, it } from 'vitest';
import { Factors } from '../../../src/core/learner/linear/kernel';
import { Random } from '../../../src/core/random';

/** XᵀX + shift of a made X with `rows` rows and n columns. */
function gramOf(n: number, rows: number, shift: number): Float64Array {
  const random = new Random(n);
  const X = Float64Array.from({ length: rows * n }, () => random.normal());
  const A = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let r = 0; r < rows; r++) A[i * n + j] += X[r * n + i] * X[r * n + j];
    }
    A[i * n + i] += shift;
  }
  return A;
}

describe('factors of a Gram matrix', () => {
  it.each([1, 7, 39, 40, 41, 64, 97, 130])('give the matrix back, and its inverse: %i rows', (n) => {
    const factors = new Factors();
    // What an earlier, larger matrix left behind does not show.
    factors.factorize(gramOf(150, 200, 1), 150, true);
    const A = gramOf(n, 2 * n, 1);
    const L = A.slice();
    const inverse = factors.factorize(L, n, true) ?? new Float64Array(0);
    let [largest, fromUnit, fromMatrix] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let [product, square] = [0, 0];
        for (let k = 0; k < n; k++) product += A[i * n + k] * inverse[k * n + j];
        for (let k = 0; k <= Math.min(i, j); k++) square += L[i * n + k] * L[j * n + k];
        largest = Math.max(largest, Math.abs(A[i * n + j]));
        fromUnit = Math.max(fromUnit, Math.abs(product - (i === j ? 1 : 0)));
        fromMatrix = Math.max(fromMatrix, Math.abs(square - A[i * n + j]));
      }
    }
    expect(fromUnit).toBeLessThan(1e-9);
    expect(fromMatrix).toBeLessThan(1e-12 * largest);
  });

  it('leave out a direction that is not there', () => {
    const n = 60;
    const A = gramOf(n, 2 * n, 0);
    // The last feature is the first one again.
    for (let i = 0; i < n; i++) A[i * n + n - 1] = A[i * n];
    for (let j = 0; j < n; j++) A[(n - 1) * n + j] = A[j];
    const L = A.slice();
    const inverse = new Factors().factorize(L, n, true) ?? new Float64Array(0);
    expect(L[n * n - 1]).toBe(Number.POSITIVE_INFINITY);
    expect(inverse.every(Number.isFinite)).toBe(true);
    expect(inverse.subarray((n - 1) * n).every((value) => value === 0)).toBe(true);
  });
});
