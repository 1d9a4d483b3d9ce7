import type { KernelFunctions } from './kernels';
import { exponential, fround } from './plain-math';

type RowFunctions = Pick<
  KernelFunctions,
  | 'toRows'
  | 'fromRows'
  | 'softmaxRows'
  | 'softmaxRowsGradient'
  | 'mixRows'
  | 'rowProducts'
  | 'normRows'
  | 'normRowsGradient'
  | 'columnDeviations'
  | 'columnProducts'
  | 'normColumns'
  | 'normColumnsGradient'
>;

/** What `assembly/mixture.ts`, `assembly/norm.ts` and parts of `assembly/rows.ts` compute, in plain TypeScript. */
export function plainRowFunctions(memory: { numbers: Float32Array<ArrayBufferLike> }): RowFunctions {
  const place = (row: number, j: number, capacity: number) => (j >> 3) * capacity * 8 + row * 8 + (j & 7);
  const toFour = (width: number) => (width + 3) & ~3;
  const toEight = (width: number) => (width + 7) & ~7;
  /** Four lanes, columns c with c mod 4 alike. */
  const laneSum = (count: number, value: (j: number) => number) => {
    const lanes = [0, 0, 0, 0];
    for (let j = 0; j < count; j++) lanes[j & 3] = fround(lanes[j & 3] + value(j));
    return fround(fround(lanes[0] + lanes[1]) + fround(lanes[2] + lanes[3]));
  };

  return {
    toRows(panels, capacity, rows, columns, out) {
      const f = memory.numbers;
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < columns; j++) {
          f[(out >> 2) + row * columns + j] = f[(panels >> 2) + place(row, j, capacity)];
        }
      }
    },

    fromRows(source, rows, columns, bias, rectify, panels, capacity) {
      const f = memory.numbers;
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < toEight(columns); j++) {
          const sum = j < columns ? fround(f[(source >> 2) + row * columns + j] + f[(bias >> 2) + j]) : 0;
          f[(panels >> 2) + place(row, j, capacity)] = rectify && sum < 0 ? 0 : sum;
        }
      }
    },

    softmaxRows(z, p, width, capacity, rows) {
      const f = memory.numbers;
      for (let row = 0; row < rows; row++) {
        let largest = -Infinity;
        for (let j = 0; j < width; j++) largest = Math.max(largest, f[(z >> 2) + place(row, j, capacity)]);
        for (let j = 0; j < toFour(width); j++) {
          const at = place(row, j, capacity);
          f[(p >> 2) + at] = j < width ? exponential(fround(f[(z >> 2) + at] - largest)) : 0;
        }
        const total = laneSum(toFour(width), (j) => f[(p >> 2) + place(row, j, capacity)]);
        for (let j = 0; j < toFour(width); j++) f[(p >> 2) + place(row, j, capacity)] /= total;
      }
    },

    softmaxRowsGradient(p, q, dz, width, capacity, rows) {
      const f = memory.numbers;
      for (let row = 0; row < rows; row++) {
        const mean = laneSum(toFour(width), (j) => {
          const at = place(row, j, capacity);
          return fround(f[(p >> 2) + at] * f[(q >> 2) + at]);
        });
        for (let j = 0; j < toFour(width); j++) {
          const at = place(row, j, capacity);
          f[(dz >> 2) + at] = f[(p >> 2) + at] * fround(f[(q >> 2) + at] - mean);
        }
      }
    },

    mixRows(s, x, y, n, capacity, rows, adds) {
      const f = memory.numbers;
      for (let j = 0; j < toEight(n); j++) {
        for (let row = 0; row < rows; row++) {
          const at = place(row, j, capacity);
          const mixed = fround(f[(s >> 2) + row * 8] * f[(x >> 2) + at]);
          f[(y >> 2) + at] = adds ? f[(y >> 2) + at] + mixed : mixed;
        }
      }
    },

    rowProducts(x, dy, q, n, capacity, rows) {
      const f = memory.numbers;
      for (let row = 0; row < rows; row++) {
        f[(q >> 2) + row * 8] = laneSum(toEight(n), (j) => {
          const at = place(row, j, capacity);
          return fround(f[(x >> 2) + at] * f[(dy >> 2) + at]);
        });
      }
    },

    normRows(x, gain, shift, h, y, inverse, width, capacity, rows) {
      const f = memory.numbers;
      for (let row = 0; row < rows; row++) {
        const mean = fround(laneSum(toFour(width), (j) => f[(x >> 2) + place(row, j, capacity)]) / width);
        for (let j = 0; j < toFour(width); j++) {
          const at = place(row, j, capacity);
          f[(h >> 2) + at] = j < width ? f[(x >> 2) + at] - mean : 0;
        }
        const squares = laneSum(toFour(width), (j) => {
          const d = f[(h >> 2) + place(row, j, capacity)];
          return fround(d * d);
        });
        const factor = fround(1 / fround(Math.sqrt(fround(fround(squares / width) + fround(1e-5)))));
        f[(inverse >> 2) + row] = factor;
        for (let j = 0; j < toFour(width); j++) {
          const at = place(row, j, capacity);
          f[(h >> 2) + at] *= factor;
          f[(y >> 2) + at] = fround(f[(gain >> 2) + j] * f[(h >> 2) + at]) + f[(shift >> 2) + j];
        }
      }
    },

    normRowsGradient(dy, h, gain, inverse, dx, width, capacity, rows) {
      const f = memory.numbers;
      for (let row = 0; row < rows; row++) {
        const slope = (j: number) => fround(f[(gain >> 2) + j] * f[(dy >> 2) + place(row, j, capacity)]);
        const a = fround(laneSum(toFour(width), slope) / width);
        const b = fround(
          laneSum(toFour(width), (j) => fround(slope(j) * f[(h >> 2) + place(row, j, capacity)])) / width,
        );
        for (let j = 0; j < toFour(width); j++) {
          const at = place(row, j, capacity);
          const rest = fround(fround(slope(j) - a) - fround(f[(h >> 2) + at] * b));
          f[(dx >> 2) + at] = j < width ? rest * f[(inverse >> 2) + row] : 0;
        }
      }
    },

    columnDeviations(x, a, out, n, capacity, rows) {
      const f = memory.numbers;
      for (let j = 0; j < toFour(n); j++) {
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          const d = fround(f[(x >> 2) + place(row, j, capacity)] - f[(a >> 2) + j]);
          sum = fround(sum + fround(d * d));
        }
        f[(out >> 2) + j] = sum;
      }
    },

    columnProducts(x, y, out, n, capacity, rows) {
      const f = memory.numbers;
      for (let j = 0; j < toFour(n); j++) {
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          const at = place(row, j, capacity);
          sum = fround(sum + fround(f[(x >> 2) + at] * f[(y >> 2) + at]));
        }
        f[(out >> 2) + j] = sum;
      }
    },

    normColumns(x, mean, inverse, gain, shift, h, y, n, capacity, rows) {
      const f = memory.numbers;
      for (let j = 0; j < toFour(n); j++) {
        for (let row = 0; row < rows; row++) {
          const at = place(row, j, capacity);
          f[(h >> 2) + at] = fround(f[(x >> 2) + at] - f[(mean >> 2) + j]) * f[(inverse >> 2) + j];
          f[(y >> 2) + at] = fround(f[(gain >> 2) + j] * f[(h >> 2) + at]) + f[(shift >> 2) + j];
        }
      }
    },

    normColumnsGradient(dy, h, factor, a, b, dx, n, capacity, rows) {
      const f = memory.numbers;
      for (let j = 0; j < toFour(n); j++) {
        for (let row = 0; row < rows; row++) {
          const at = place(row, j, capacity);
          const centred = fround(f[(dy >> 2) + at] - f[(a >> 2) + j]);
          const rest = fround(centred - fround(f[(h >> 2) + at] * f[(b >> 2) + j]));
          f[(dx >> 2) + at] = f[(factor >> 2) + j] * rest;
        }
      }
    },
  };
}
