import { BatchMatMul, engine, type Tensor, Transpose, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Kernels } from './kernels';

/** Bytes for a bias of zeros. */
const SLACK = 1 << 17;

export interface TensorProducts {
  /**
   * The backend multiplies a transposed matrix as fast as any. TensorFlow.js's WebAssembly backend does not (12 times slower
   * at 128³, measured): there it is transposed first.
   */
  readonly transposes: boolean;
  /** Products of fewer multiplications are done by the kernels themselves: handing them over costs more. */
  readonly fewest: number;
}

/**
 * Kernels whose products are done by the current backend of TensorFlow.js: the native one, or its WebAssembly backend
 * where the engine lacks SIMD. All else is as in `base`.
 */
export function tensorKernels(base: Kernels, { transposes, fewest }: TensorProducts): Kernels {
  const { run } = base;
  /** Bytes that the work uses; what is beyond is for the matrices of one call. */
  let used = 0;

  /** Arrays that the matrices of one call are copied to, by the call's side and their length. */
  const copies = new Map<string, Float32Array>();

  /**
   * Row-major copy of rows 0 … `rows` of a matrix in panels: not of shared memory, which native code cannot read.
   * @param side which of the two matrices of the call it is
   */
  const unpack = (side: 'a' | 'b', at: number, capacity: number, rows: number, columns: number): Tensor => {
    run.toRows(at, capacity, rows, columns, used);
    const length = rows * columns;
    const values = copies.get(side + length) ?? new Float32Array(length);
    copies.set(side + length, values);
    values.set(base.numbers.subarray(used / 4, used / 4 + length));
    return tensor(values, [1, rows, columns]);
  };

  /** The product of two matrices, from byte `used` on. */
  const multiply = (transposeA: boolean, make: () => { a: Tensor; b: Tensor }): void => {
    // Not as tidy's result: that is searched for tensors, number by number.
    let product: Float32Array = new Float32Array(0);
    tidy(() => {
      const options = { transposeA, transposeB: false };
      product = engine().runKernel<Tensor>(BatchMatMul, make(), options).dataSync<'float32'>();
    });
    base.numbers.set(product, used / 4);
  };

  return {
    get numbers() {
      return base.numbers;
    },
    get integers() {
      return base.integers;
    },
    reserve(bytes) {
      // Every matrix of a call is also in the memory in use: as much again holds any, and it never grows within a call.
      used = Math.max(used, Math.ceil(bytes / 64) * 64);
      base.reserve(2 * used + SLACK);
    },
    recruit: (threads) => base.recruit(threads),
    run: {
      ...run,
      dense(x, k, w, bias, y, n, capacity, from, to, rectify) {
        const rows = to - from;
        if (rows * k * n < fewest) return run.dense(x, k, w, bias, y, n, capacity, from, to, rectify);
        multiply(false, () => ({
          a: unpack('a', x + from * 32, capacity, rows, k),
          b: unpack('b', w, k, k, n),
        }));
        run.fromRows(used, rows, n, bias, rectify, y + from * 32, capacity);
      },
      denseWeights(x, k, dy, gradient, n, capacity, rows, from, to) {
        if (from !== 0 || to !== k || rows * k * n < fewest) {
          return run.denseWeights(x, k, dy, gradient, n, capacity, rows, from, to);
        }
        multiply(transposes, () => {
          const inputs = unpack('a', x, capacity, rows, k);
          return {
            a: transposes
              ? inputs
              : engine().runKernel<Tensor>(Transpose, { x: inputs }, { perm: [0, 2, 1] }),
            b: unpack('b', dy, capacity, rows, n),
          };
        });
        const zeros = used + k * n * 4;
        base.numbers.fill(0, zeros / 4, zeros / 4 + n + 8);
        run.fromRows(used, k, n, zeros, 0, gradient, k);
      },
    },
  };
}
