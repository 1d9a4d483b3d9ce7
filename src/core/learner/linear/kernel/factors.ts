import { factorize, invertFactorized } from '../dense';
import { Kernel, MemoryLayout } from './kernel';

/** Columns taken at a time: what is left of them after products of whole rows is worked out number by number. */
const BLOCK = 16;
/** Of fewer rows, moving them to the kernel's memory and back takes longer. */
const FEW = 40;
/** Rows of the inverse that are multiplied at a time. */
const ROWS = 64;

/**
 * Factors and inverses of symmetric positive semi-definite matrices as `factorize` and `invertFactorized` make them, with
 * all but a small part of the work in the kernel's products.
 */
export class Factors {
  private room: Room | undefined;

  /**
   * @param A n × n, row-major, of which the lower triangle is read; its factor afterwards
   * @param inverted whether (L Lᵀ)⁻¹ is asked for
   * @returns the inverse, full and symmetric
   */
  factorize(A: Float64Array, n: number, inverted: boolean): Float64Array | undefined {
    if (n < FEW) {
      factorize(A, n);
      return inverted ? invertFactorized(A, n) : undefined;
    }
    if (this.room === undefined || this.room.capacity < n) this.room = new Room(n);
    const { L, stride } = this.room;
    for (let i = 0; i < n; i++) L.set(A.subarray(i * n, i * n + i + 1), i * stride);
    factorizeIn(this.room, n);
    for (let i = 0; i < n; i++) A.set(L.subarray(i * stride, i * stride + i + 1), i * n);
    return inverted ? invertIn(this.room, n) : undefined;
  }
}

/** Memory for matrices of up to so many rows. */
class Room {
  readonly kernel: Kernel;
  readonly stride: number;
  readonly L: Float64Array;
  readonly inverse: Float64Array;
  readonly out: Float64Array;
  readonly at: { readonly L: number; readonly inverse: number; readonly out: number };

  constructor(readonly capacity: number) {
    this.stride = Math.ceil(capacity / BLOCK) * BLOCK;
    const layout = new MemoryLayout();
    const square = this.stride * this.stride;
    this.at = {
      L: layout.place(square),
      inverse: layout.place(square),
      out: layout.place(ROWS * this.stride),
    };
    this.kernel = new Kernel(layout);
    this.L = this.kernel.floats(this.at.L, square);
    this.inverse = this.kernel.floats(this.at.inverse, square);
    this.out = this.kernel.floats(this.at.out, ROWS * this.stride);
  }
}

function factorizeIn({ kernel, at, L, out, stride }: Room, n: number): void {
  const diagonal = Float64Array.from({ length: n }, (_, i) => L[i * stride + i]);
  for (let first = 0; first < n; first += BLOCK) {
    const count = Math.min(BLOCK, n - first);
    const from = at.L + 8 * first * stride;
    kernel.run.products(from, stride, n - first, from, stride, count, first / 2, at.out, BLOCK);
    for (let i = first; i < n; i++) {
      const row = i * stride;
      const last = Math.min(i, first + count - 1);
      for (let j = first; j <= last; j++) {
        let rest = L[row + j] - out[(i - first) * BLOCK + j - first];
        for (let k = first; k < j; k++) rest -= L[row + k] * L[j * stride + k];
        if (j < i) L[row + j] = rest / L[j * stride + j];
        else L[row + j] = rest > 1e-14 * diagonal[i] ? Math.sqrt(rest) : Number.POSITIVE_INFINITY;
      }
    }
  }
}

/** Rows of `inverse` are columns of L⁻¹: entry (j, i) is (L⁻¹)_ij, i ≥ j. */
function invertIn(room: Room, n: number): Float64Array {
  const { kernel, at, L, inverse, out, stride } = room;
  inverse.fill(0);
  for (let first = 0; first < n; first += BLOCK) {
    const count = Math.min(BLOCK, n - first);
    const rows = first + count;
    const from = at.L + 8 * first * stride;
    kernel.run.products(at.inverse, stride, rows, from, stride, count, first / 2, at.out, BLOCK);
    for (let j = 0; j < rows; j++) {
      const row = j * stride;
      for (let i = Math.max(j, first); i < rows; i++) {
        let rest = (i === j ? 1 : 0) - out[j * BLOCK + i - first];
        for (let k = first; k < i; k++) rest -= L[i * stride + k] * inverse[row + k];
        inverse[row + i] = rest / L[i * stride + i];
      }
    }
  }
  const result = new Float64Array(n * n);
  for (let first = 0; first < n; first += ROWS) {
    const count = Math.min(ROWS, n - first);
    const from = at.inverse + 8 * first * stride;
    // Entries before the diagonal are 0.
    const begin = 8 * first;
    const pairs = (stride - first) / 2;
    kernel.run.products(
      from + begin,
      stride,
      count,
      at.inverse + begin,
      stride,
      first + count,
      pairs,
      at.out,
      stride,
    );
    for (let j = first; j < first + count; j++) {
      for (let l = 0; l <= j; l++) {
        result[j * n + l] = out[(j - first) * stride + l];
        result[l * n + j] = result[j * n + l];
      }
    }
  }
  return result;
}
