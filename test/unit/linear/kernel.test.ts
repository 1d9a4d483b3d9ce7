import { describe, expect, it } from 'vitest';
import { Kernel, MemoryLayout, singleScratch } from '../../../src/core/learner/linear/kernel';
import { normalMatrix, Random } from './problems';

/** The kernel beside loops that say plainly what it should do, with the same bits. */
describe.each([
  [1, 1, 2],
  [4, 2, 8],
  [5, 3, 6],
  [9, 7, 64],
])('products of %i and %i vectors of %i numbers', (countA, countB, length) => {
  const random = new Random(5);
  const stride = length + 2;
  const layout = new MemoryLayout();
  const at = {
    a: layout.place(countA * stride),
    b: layout.place(countB * stride),
    c: layout.place(countA * countB),
  };
  const kernel = new Kernel(layout);
  const a = kernel.floats(at.a, countA * stride);
  const b = kernel.floats(at.b, countB * stride);
  a.set(normalMatrix(random, countA, stride));
  b.set(normalMatrix(random, countB, stride));

  it('are sums of even and odd places', () => {
    kernel.run.products(at.a, stride, countA, at.b, stride, countB, length / 2, at.c, countB);
    const c = kernel.floats(at.c, countA * countB);
    for (let i = 0; i < countA; i++) {
      for (let j = 0; j < countB; j++) {
        const sums = [0, 0];
        for (let k = 0; k < length; k++) sums[k % 2] += a[i * stride + k] * b[j * stride + k];
        expect(c[i * countB + j]).toBe(sums[0] + sums[1]);
      }
    }
  });
});

it.each([1, 3, 4, 6])('combines %i vectors, four at a time', (count) => {
  const random = new Random(6);
  const [length, columns] = [10, 3];
  const layout = new MemoryLayout();
  const at = {
    x: layout.place(count * length),
    w: layout.place(count * columns),
    z: layout.place(columns * length),
  };
  const kernel = new Kernel(layout);
  const x = kernel.floats(at.x, count * length);
  const w = kernel.floats(at.w, count * columns);
  const z = kernel.floats(at.z, columns * length);
  x.set(normalMatrix(random, count, length));
  w.set(normalMatrix(random, count, columns));
  z.set(normalMatrix(random, columns, length));
  const expected = z.slice();
  kernel.run.combine(at.x, count, length / 2, at.w, columns, at.z);
  for (let c = 0; c < columns; c++) {
    for (let k = 0; k < length; k++) {
      for (let j = 0; j < count; j++) expected[c * length + k] += w[j * columns + c] * x[j * length + k];
      expect(z[c * length + k]).toBeCloseTo(expected[c * length + k], 12);
    }
  }
});

describe.each([1, 2, 3, 5, 7])('descent of rows of %i pairs', (pairs) => {
  const random = new Random(7);
  const [size, stride, singleStride, rows] = [21, 22, 32, 40];
  const width = 2 * pairs;
  const layout = new MemoryLayout();
  const at = {
    gram: layout.place(size * stride),
    order: layout.place(size),
    v: layout.place(size * width),
    w: layout.place(size * width),
    scratch: layout.place(Math.max(4 * width, singleScratch(pairs))),
    singleGram: layout.place(size * singleStride),
    singleV: layout.place(width * singleStride),
  };
  const kernel = new Kernel(layout);
  const X = normalMatrix(random, rows, size);
  const gram = kernel.floats(at.gram, size * stride);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      for (let i = 0; i < rows; i++) gram[a * stride + b] += (X[i * size + a] * X[i * size + b]) / rows;
    }
  }
  const order = kernel.integers(at.order, size);
  order.set([8, 0, 3, 1, 7, 2, 5, 20, 16, 12, 11]);
  const count = 11;

  for (const [rowwise, threshold, square] of [
    [1, 0.3, 0],
    [1, 0.2, 0.5],
    [0, 0.3, 0],
    [0, 0.1, 0.4],
  ]) {
    it(`minimises row by row, ${rowwise ? 'rows' : 'entries'}, ${threshold}, ${square}`, () => {
      const v = kernel.floats(at.v, size * width);
      const w = kernel.floats(at.w, size * width);
      v.set(normalMatrix(random, size, width));
      w.set(normalMatrix(random, size, width).map((value) => (value > 0.5 ? value : 0)));
      const [V, W] = [v.slice(), w.slice()];
      let largest = 0;
      for (const k of order.subarray(0, count)) {
        const h = gram[k * stride + k];
        const u = Array.from({ length: width }, (_, c) => V[k * width + c] + h * W[k * width + c]);
        const norm = Math.hypot(...u);
        const next = u.map((value) => {
          const kept = rowwise
            ? value * Math.max(0, 1 - threshold / norm)
            : Math.sign(value) * Math.max(0, Math.abs(value) - threshold);
          return kept / (h + square);
        });
        const step = next.map((value, c) => value - W[k * width + c]);
        largest = Math.max(largest, h * Math.hypot(...step));
        W.set(next, k * width);
        for (let l = 0; l < size; l++) {
          for (let c = 0; c < width; c++) V[l * width + c] -= gram[k * stride + l] * step[c];
        }
      }
      const change = kernel.run.descend(
        at.gram,
        stride,
        size,
        at.order,
        count,
        at.v,
        at.w,
        pairs,
        at.scratch,
        rowwise,
        threshold,
        square,
      );
      expect(change).toBeCloseTo(largest, 12);
      W.forEach((value, i) => {
        expect(w[i]).toBeCloseTo(value, 12);
        expect(v[i]).toBeCloseTo(V[i], 12);
      });
    });
  }

  it('comes to about the same in single precision', () => {
    const [v, w] = [kernel.floats(at.v, size * width), kernel.floats(at.w, size * width)];
    v.set(normalMatrix(random, size, width));
    w.set(normalMatrix(random, size, width));
    const start = w.slice();
    const singleGram = kernel.singles(at.singleGram, size * singleStride);
    const singleV = kernel.singles(at.singleV, width * singleStride);
    for (let l = 0; l < size; l++) {
      singleGram.set(gram.subarray(l * stride, l * stride + size), l * singleStride);
      for (let c = 0; c < width; c++) singleV[c * singleStride + l] = v[l * width + c];
    }
    const { descend, descendSingle } = kernel.run;
    const rest = [at.w, pairs, at.scratch, 1, 0.2, 0.1] as const;
    const change = descend(at.gram, stride, size, at.order, count, at.v, ...rest);
    const end = w.slice();
    w.set(start);
    const rough = descendSingle(at.singleGram, singleStride, size, at.order, count, at.singleV, ...rest);
    expect(rough).toBeCloseTo(change, 4);
    for (let l = 0; l < size; l++) {
      for (let c = 0; c < width; c++) {
        expect(w[l * width + c]).toBeCloseTo(end[l * width + c], 4);
        expect(singleV[c * singleStride + l]).toBeCloseTo(v[l * width + c], 4);
      }
    }
  });

  it.each([0, 4])('takes G w from v in the rows from %i on', (from) => {
    const [v, w] = [kernel.floats(at.v, size * width), kernel.floats(at.w, size * width)];
    v.set(normalMatrix(random, size, width));
    w.set(normalMatrix(random, size, width));
    const expected = v.slice();
    for (let l = from; l < size; l++) {
      for (let k = 0; k < size; k++) {
        for (let c = 0; c < width; c++) expected[l * width + c] -= gram[l * stride + k] * w[k * width + c];
      }
    }
    kernel.run.correlate(at.gram, stride, size, from, at.v, at.w, pairs);
    expected.forEach((value, i) => {
      expect(v[i]).toBeCloseTo(value, 12);
    });
  });
});
