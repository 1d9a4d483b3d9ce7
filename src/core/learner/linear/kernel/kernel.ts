import { KernelModule } from '../../kernel-module';
import { kernelBytes } from './bytes';

/**
 * The hot loops of linear models over one linear memory, in double precision where nothing else is said. Pointers are byte offsets, strides and
 * counts are in numbers. A vector's length is in pairs: the number beyond an odd length has to be 0.
 */
export interface KernelFunctions {
  /** c[i, j] = Σ_k a[i, k] b[j, k]: sums of the even and of the odd k, then the two together. */
  products(
    a: number,
    strideA: number,
    countA: number,
    b: number,
    strideB: number,
    countB: number,
    pairs: number,
    c: number,
    strideC: number,
  ): void;
  /** z[c, ·] += Σ_j w[j, c] x[j, ·], four j at a time; w has `columns` numbers a row. */
  combine(x: number, count: number, pairs: number, w: number, columns: number, z: number): void;
  /**
   * One pass of block coordinate descent on ½ Σ_c w_cᵀ G w_c − … + threshold · norm(W) + square/2 ‖W‖²: each row that
   * `order` names becomes the minimiser with the others held, and v, the negative gradient of the quadratic part, follows
   * in the first `size` rows. The norm is that of rows (`rowwise` 1) or the sum of absolute values (0).
   * @param g Gram matrix with `stride` numbers a row
   * @param order int32 numbers of rows
   * @param v, w rows of `pairs` pairs
   * @param scratch four rows
   * @returns the greatest length of a row's change times its curvature: 0 at the optimum
   */
  descend: Descend;
  /** v −= G w in the rows of v from `from` on, for a symmetric G of `size` rows; v and w have rows of `pairs` pairs. */
  correlate(g: number, stride: number, size: number, from: number, v: number, w: number, pairs: number): void;
  /**
   * `descend` with g and v of single precision.
   * @param stride numbers in a row of g and in a column of v, a multiple of 16; both are read and v is written up to there
   * @param v column after column, `pairs` pairs of them
   * @param scratch `singleScratch(pairs)` numbers
   */
  descendSingle: Descend;
}

type Descend = (
  g: number,
  stride: number,
  size: number,
  order: number,
  count: number,
  v: number,
  w: number,
  pairs: number,
  scratch: number,
  rowwise: number,
  threshold: number,
  square: number,
) => number;

/** Numbers (of double precision) that `descendSingle` needs: eight rows of quads in single precision, one of pairs, and eight places. */
export function singleScratch(pairs: number): number {
  return 8 * 2 * Math.ceil(pairs / 2) + 2 * pairs + 4;
}

const NAMES = [
  'products',
  'combine',
  'correlate',
  'descend',
  'descendSingle',
] as const satisfies readonly (keyof KernelFunctions)[];
const PAGE = 65_536;

const kernel = new KernelModule<KernelFunctions>(kernelBytes, NAMES);

/** A memory, and the kernel over it. Places are given out first, then the memory exists. */
export class Kernel {
  readonly run: KernelFunctions;
  private readonly buffer: SharedArrayBuffer;

  /** @throws RangeError when it would take more than 4 GiB */
  constructor(layout: MemoryLayout) {
    const pages = Math.ceil(layout.bytes / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.run = kernel.over(memory);
    this.buffer = memory.buffer;
  }

  floats(at: number, length: number): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.buffer, at, length);
  }

  singles(at: number, length: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(this.buffer, at, length);
  }

  integers(at: number, length: number): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.buffer, at, length);
  }
}

/** Gives out places in a memory that is yet to be made. */
export class MemoryLayout {
  bytes = 0;

  /** @returns the offset of `count` numbers, a multiple of 64 */
  place(count: number): number {
    const at = this.bytes;
    this.bytes += Math.ceil(count / 8) * 64;
    return at;
  }
}
