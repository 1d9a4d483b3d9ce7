import { describe, expect, it } from 'vitest';
import {
  type Kernels,
  paddedRows,
  panelled,
  plainKernels,
  wasmKernels,
} from '../../../src/core/learner/neural/kernels';
import { Random } from '../../../src/core/random';
import { kernelBytes } from './support';

/** Numbers of a region, normal with some zeros and extremes, from byte `at` on. */
function fill(kernels: Kernels, at: number, count: number, random: Random): void {
  for (let i = 0; i < count; i++) {
    const kind = random.integer(20);
    kernels.numbers[at / 4 + i] = kind === 0 ? 0 : kind === 1 ? 100 * random.normal() : random.normal();
  }
}

/** Runs the same work on both, from the same memory, and returns both memories afterwards. */
function both(bytes: number, work: (kernels: Kernels, random: Random) => void): [Int32Array, Int32Array] {
  const memories = [wasmKernels(kernelBytes()), plainKernels()].map((kernels) => {
    kernels.reserve(bytes);
    work(kernels, new Random(3));
    return Int32Array.from(kernels.integers.subarray(0, bytes / 4));
  });
  return [memories[0], memories[1]];
}

const BYTES = 1 << 17;
const at = (slot: number) => slot * 16_384;

describe('the WebAssembly kernels and their plain twins give the same bits', () => {
  it.each([
    { rows: 8, k: 5, n: 3 },
    { rows: 4, k: 16, n: 8 },
    { rows: 40, k: 13, n: 21 },
    { rows: 36, k: 1, n: 1 },
    { rows: 140, k: 9, n: 17 },
  ])('of the products of a dense layer: %o', ({ rows, k, n }) => {
    for (const capacity of [rows, rows + 4]) {
      const [wasm, plain] = both(BYTES, (kernels, random) => {
        const { run } = kernels;
        fill(kernels, at(0), capacity * panelled(k), random);
        fill(kernels, at(1), k * panelled(n), random);
        fill(kernels, at(2), panelled(n), random);
        run.dense(at(0), k, at(1), at(2), at(3), n, capacity, 0, rows, 1);
        run.dense(at(0), k, at(1), at(2), at(4), n, capacity, 0, 4, 0);
        run.dense(at(0), k, at(1), at(2), at(4), n, capacity, 4, rows, 0);
        run.denseWeights(at(0), k, at(4), at(5), n, capacity, rows, 0, k);
        run.denseBias(at(0), at(4), at(6), n, capacity, rows, 1);
        run.transpose(at(1), k, n, at(7));
      });
      expect(wasm).toEqual(plain);
    }
  });

  it('of passes over vectors', () => {
    const [wasm, plain] = both(BYTES, (kernels, random) => {
      const { run } = kernels;
      for (let slot = 0; slot < 8; slot++) fill(kernels, at(slot), 64, random);
      run.add(at(0), at(1), 64);
      run.addScaled(0.3, at(0), at(2), 64);
      run.multiply(at(0), at(1), at(3), 64);
      run.scale(0.7, at(3), 64);
      kernels.numbers[at(6) / 4] = run.sumOfSquares(at(0), 64);
      run.rectify(at(4), 64);
      run.rectifyGradient(at(4), at(5), 64);
      run.hyperbolic(at(1), 64);
      run.hyperbolicGradient(at(1), at(7), 64);
    });
    expect(wasm).toEqual(plain);
  });

  it.each([3, 8, 20, 24])('of rows gathered from a table of %i columns', (columns) => {
    const stride = (columns + 3) & ~3;
    const [wasm, plain] = both(BYTES, (kernels, random) => {
      fill(kernels, at(0), 50 * stride, random);
      const rows = [3, 49, 0, 7, 7, 12, 30];
      kernels.integers.set(rows, at(2) / 4);
      kernels.run.gather(at(0), stride, at(2), rows.length, 12, at(3));
    });
    expect(wasm).toEqual(plain);
    expect(paddedRows(7)).toBe(8);
  });

  it.each([3, 8, 13])('of mixtures and of normalisation over %i columns', (n) => {
    const [wasm, plain] = both(2 * BYTES, (kernels, random) => {
      const { run } = kernels;
      const [rows, capacity] = [24, 28];
      const size = capacity * panelled(n);
      const place = (slot: number) => slot * 8192;
      for (let slot = 0; slot < 6; slot++) fill(kernels, place(slot), size, random);
      const [z, dy, gain, shift] = [place(0), place(1), place(2), place(3)];
      run.softmaxRows(z, place(6), n, capacity, rows);
      run.rowProducts(place(4), dy, place(7), n, capacity, rows);
      run.mixRows(place(6), z, place(8), n, capacity, rows, 0);
      run.mixRows(place(6), dy, place(8), n, capacity, rows, 1);
      run.softmaxRowsGradient(place(6), place(7), place(9), n, capacity, rows);
      run.normRows(z, gain, shift, place(10), place(11), place(12), n, capacity, rows);
      run.normRowsGradient(dy, place(10), gain, place(12), place(13), n, capacity, rows);
      run.columnProducts(dy, z, place(14), n, capacity, rows - 1);
      run.columnDeviations(z, gain, place(15), n, capacity, rows - 1);
      run.normColumns(z, gain, shift, dy, z, place(16), place(17), n, capacity, rows);
      run.normColumnsGradient(dy, place(16), gain, shift, z, place(18), n, capacity, rows - 1);
      run.toRows(place(4), capacity, rows - 1, n, place(19));
      run.fromRows(place(19), rows - 1, n, gain, 0, place(20), capacity);
      run.fromRows(place(19), rows - 1, n, shift, 1, place(21), capacity);
    });
    expect(wasm).toEqual(plain);
  });

  it('of losses and of the steps of optimizers', () => {
    const [wasm, plain] = both(BYTES, (kernels, random) => {
      const { run, numbers, integers } = kernels;
      const [n, rows, capacity] = [11, 24, 28];
      for (const slot of [0, 1, 2, 6]) fill(kernels, at(slot), capacity * 16, random);
      for (let i = 0; i < capacity * 16; i++) numbers[at(2) / 4 + i] = Math.abs(numbers[at(2) / 4 + i]);
      for (let j = 0; j < 16; j++) {
        integers[at(3) / 4 + j] = j % 2 === 0 ? -1 : 0;
        integers[at(3) / 4 + 32 + j] = j % 5 === 4 ? 0 : -1;
        numbers[at(3) / 4 + 64 + j] = 1 + j;
      }
      const [binary, active, weight] = [at(3), at(3) + 128, at(3) + 256];
      run.pointwiseLosses(at(0), at(1), at(2), binary, active, weight, at(4), at(5), n, capacity, rows);
      for (let i = 0; i < 64; i++) numbers[at(7) / 4 + i] = Math.abs(random.normal());
      run.adam(at(0), at(1), at(6), at(7), 64, 0.01, 1.3, 0.02, 0.99);
      run.adamProximal(at(0), at(7), 64, 0.01, 1.3, 5);
      run.descend(at(1), at(2), at(6), 64, 0.1, 0.9, 0.3);
    });
    expect(wasm).toEqual(plain);
  });
});

describe('the kernels compute', () => {
  const rows = 12;
  const [k, n] = [10, 9];
  const kernels = plainKernels();
  kernels.reserve(BYTES);
  const random = new Random(8);
  const X = Array.from({ length: rows }, () => Array.from({ length: k }, () => random.normal()));
  const W = Array.from({ length: k }, () => Array.from({ length: n }, () => random.normal()));
  const put = (to: number, panelRows: number, matrix: number[][]) => {
    matrix.forEach((row, i) => {
      row.forEach((value, c) => {
        kernels.numbers[to / 4 + (c >> 3) * panelRows * 8 + i * 8 + (c & 7)] = value;
      });
    });
  };
  const get = (from: number, panelRows: number, i: number, c: number) =>
    kernels.numbers[from / 4 + (c >> 3) * panelRows * 8 + i * 8 + (c & 7)];

  it('products', () => {
    put(at(0), rows, X);
    put(at(1), k, W);
    kernels.run.dense(at(0), k, at(1), at(2), at(3), n, rows, 0, rows, 0);
    kernels.run.denseWeights(at(0), k, at(3), at(4), n, rows, rows, 0, k);
    kernels.run.transpose(at(1), k, n, at(5));
    const Y = X.map((x) => W[0].map((_, j) => x.reduce((sum, value, i) => sum + value * W[i][j], 0)));
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < n; j++) expect(get(at(3), rows, i, j)).toBeCloseTo(Y[i][j], 4);
    }
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < n; j++) {
        expect(get(at(4), k, i, j)).toBeCloseTo(
          X.reduce((sum, x, row) => sum + x[i] * Y[row][j], 0),
          3,
        );
        expect(get(at(5), n, j, i)).toBe(get(at(1), k, i, j));
      }
    }
  });

  it('logistic and squared losses, with slopes, from one end of single precision to the other', () => {
    const z = [-120, -90, -20, -3, -1e-3, 0, 1e-3, 0.5, 4, 30, 88, 1000];
    z.forEach((value, i) => {
      kernels.numbers[at(0) / 4 + i * 8] = value;
      kernels.numbers[at(1) / 4 + i * 8] = 1;
      kernels.numbers[at(2) / 4 + i * 8] = 1;
    });
    kernels.integers.fill(-1, at(3) / 4, at(3) / 4 + 8);
    kernels.numbers.fill(1, at(5) / 4, at(5) / 4 + 8);
    z.forEach((value, i) => {
      const row = i * 32;
      kernels.run.pointwiseLosses(
        at(0) + row,
        at(1) + row,
        at(2) + row,
        at(3),
        at(3),
        at(5),
        at(4),
        at(6),
        1,
        12,
        1,
      );
      const expected = value > 0 ? Math.log1p(Math.exp(-value)) : Math.log1p(Math.exp(value)) - value;
      const slope = -1 / (1 + Math.exp(value));
      expect(Math.abs(kernels.numbers[at(6) / 4] - expected)).toBeLessThanOrEqual(
        1e-6 * Math.max(1, expected),
      );
      expect(Math.abs(kernels.numbers[at(4) / 4] - slope)).toBeLessThan(2e-7);
    });
  });

  it('the hyperbolic tangent', () => {
    const z = Array.from({ length: 200 }, (_, i) => (i - 100) / 8);
    kernels.numbers.set(z, at(0) / 4);
    kernels.run.hyperbolic(at(0), 200);
    z.forEach((value, i) => {
      expect(Math.abs(kernels.numbers[at(0) / 4 + i] - Math.tanh(value))).toBeLessThan(3e-7);
    });
  });
});
