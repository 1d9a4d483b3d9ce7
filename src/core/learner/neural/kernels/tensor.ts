import { _FusedMatMul, engine, type Tensor, Transpose, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Kernels } from './kernels';

/**
 * Kernels whose products are done by the current backend of TensorFlow.js: the native one, or its WebAssembly backend
 * where the engine lacks SIMD. All else is as in `base`. Transposed products are written as a transposition and a plain
 * product, because TensorFlow.js's WebAssembly backend leaves its fast path for transposed arguments (12 times slower at
 * 128³, measured); to the native one it is the same.
 */
export function tensorKernels(base: Kernels): Kernels {
  const { run } = base;
  const matrix = (values: Float32Array, rows: number, columns: number) => tensor(values, [1, rows, columns]);

  /** Row-major copy of rows 0 … `rows` of a matrix in panels. */
  const unpack = (at: number, capacity: number, rows: number, columns: number): Float32Array => {
    const f = base.numbers;
    const values = new Float32Array(rows * columns);
    for (let j = 0; j < columns; j += 8) {
      const panel = at / 4 + j * capacity;
      const width = Math.min(8, columns - j);
      for (let i = 0; i < rows; i++) {
        for (let c = 0; c < width; c++) values[i * columns + j + c] = f[panel + i * 8 + c];
      }
    }
    return values;
  };

  const pack = (values: Float32Array, at: number, capacity: number, rows: number, columns: number) => {
    const f = base.numbers;
    for (let j = 0; j < columns; j += 8) {
      const panel = at / 4 + j * capacity;
      const width = Math.min(8, columns - j);
      for (let i = 0; i < rows; i++) {
        for (let c = 0; c < width; c++) f[panel + i * 8 + c] = values[i * columns + j + c];
        for (let c = width; c < 8; c++) f[panel + i * 8 + c] = 0;
      }
    }
  };

  const multiply = (make: () => Record<string, Tensor>, activation: string): Float32Array => {
    // Not as tidy's result: that is searched for tensors, number by number.
    let product: Float32Array = new Float32Array(0);
    tidy(() => {
      const options = { transposeA: false, transposeB: false, activation };
      product = engine().runKernel<Tensor>(_FusedMatMul, make(), options).dataSync<'float32'>();
    });
    return product;
  };

  return {
    get numbers() {
      return base.numbers;
    },
    get integers() {
      return base.integers;
    },
    reserve: (bytes) => base.reserve(bytes),
    recruit: (threads) => base.recruit(threads),
    run: {
      ...run,
      dense(x, k, w, bias, y, n, capacity, from, to, rectify) {
        const rows = to - from;
        const product = multiply(
          () => ({
            a: matrix(unpack(x + from * 32, capacity, rows, k), rows, k),
            b: matrix(unpack(w, k, k, n), k, n),
            bias: tensor(base.numbers.slice(bias / 4, bias / 4 + n), [n]),
          }),
          rectify ? 'relu' : 'linear',
        );
        pack(product, y + from * 32, capacity, rows, n);
      },
      denseWeights(x, k, dy, gradient, n, capacity, rows, from, to) {
        if (from !== 0 || to !== k) return run.denseWeights(x, k, dy, gradient, n, capacity, rows, from, to);
        const product = multiply(() => {
          const inputs = matrix(unpack(x, capacity, rows, k), rows, k);
          return {
            a: engine().runKernel<Tensor>(Transpose, { x: inputs }, { perm: [0, 2, 1] }),
            b: matrix(unpack(dy, capacity, rows, n), rows, n),
          };
        }, 'linear');
        pack(product, gradient, k, k, n);
      },
    },
  };
}
