import type { KernelFunctions, Kernels } from './kernels';
import { exponential, fround, logistic, squared } from './plain-math';
import { plainRowFunctions } from './plain-rows';

/**
 * The kernels in plain TypeScript: what `assembly/` computes, number by number and in the same order, so that the bits
 * agree (every operation is rounded to single precision). Slow, and enough where WebAssembly is not to be had.
 */
export function plainKernels(): Kernels {
  let numbers = new Float32Array(0);
  let integers = new Int32Array(0);
  const kernels = {
    get numbers() {
      return numbers;
    },
    get integers() {
      return integers;
    },
    reserve(bytes: number) {
      if (numbers.byteLength >= bytes) return;
      const grown = new Float32Array(Math.ceil(bytes / 4));
      grown.set(numbers);
      numbers = grown;
      integers = new Int32Array(grown.buffer);
    },
    /** There is no memory to share. */
    recruit() {},
  };
  return Object.assign(kernels, { run: plainFunctions(kernels) });
}

function plainFunctions(memory: { numbers: Float32Array; integers: Int32Array }): KernelFunctions {
  return {
    ...plainRowFunctions(memory),

    dense(x, k, w, bias, y, n, capacity, from, to, rectify) {
      for (let j = 0; j < n; j += 8) {
        densePanel(memory.numbers, {
          x: x / 4,
          k,
          w: w / 4 + j * k,
          bias: bias / 4 + j,
          y: y / 4 + j * capacity,
          capacity,
          from,
          to,
          rectify: rectify !== 0,
        });
      }
    },

    denseWeights(x, k, dy, gradient, n, capacity, rows, from, to) {
      const f = memory.numbers;
      for (let i = from; i < Math.min((to + 3) & ~3, k); i++) {
        const column = (x >> 2) + (i >> 3) * capacity * 8 + (i & 7);
        for (let j = 0; j < ((n + 7) >> 3) << 3; j++) {
          const slopes = (dy >> 2) + (j >> 3) * capacity * 8 + (j & 7);
          let sum = 0;
          for (let row = 0; row < rows; row++) {
            sum = fround(sum + fround(f[column + row * 8] * f[slopes + row * 8]));
          }
          f[(gradient >> 2) + (j >> 3) * k * 8 + i * 8 + (j & 7)] = sum;
        }
      }
    },

    denseBias(h, dy, gradient, n, capacity, rows, rectify) {
      const f = memory.numbers;
      for (let j = 0; j < ((n + 7) >> 3) << 3; j++) {
        const column = (j >> 3) * capacity * 8 + (j & 7);
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          const slope = (dy >> 2) + column + row * 8;
          if (rectify && !(f[(h >> 2) + column + row * 8] > 0)) f[slope] = 0;
          sum = fround(sum + f[slope]);
        }
        f[(gradient >> 2) + j] = sum;
      }
    },

    transpose(w, k, n, out) {
      const f = memory.numbers;
      for (let i = 0; i < ((k + 7) >> 3) << 3; i++) {
        for (let j = 0; j < n; j++) {
          const value = i < k ? f[(w >> 2) + (j >> 3) * k * 8 + i * 8 + (j & 7)] : 0;
          f[(out >> 2) + (i >> 3) * n * 8 + j * 8 + (i & 7)] = value;
        }
      }
    },

    gather(source, stride, rows, count, capacity, target) {
      const f = memory.numbers;
      for (let i = 0; i < ((count + 3) & ~3); i++) {
        const row = i < count ? (source >> 2) + memory.integers[(rows >> 2) + i] * stride : -1;
        for (let c = 0; c < ((stride + 7) >> 3) << 3; c++) {
          const value = row >= 0 && c < stride ? f[row + c] : 0;
          f[(target >> 2) + (c >> 3) * capacity * 8 + i * 8 + (c & 7)] = value;
        }
      }
    },

    add(x, y, count) {
      const f = memory.numbers;
      for (let i = 0; i < count; i++) f[(y >> 2) + i] += f[(x >> 2) + i];
    },

    addScaled(a, x, y, count) {
      const f = memory.numbers;
      const factor = fround(a);
      for (let i = 0; i < count; i++) f[(y >> 2) + i] += fround(factor * f[(x >> 2) + i]);
    },

    multiply(x, by, y, count) {
      const f = memory.numbers;
      for (let i = 0; i < count; i++) f[(y >> 2) + i] = f[(x >> 2) + i] * f[(by >> 2) + i];
    },

    scale(a, x, count) {
      const f = memory.numbers;
      const factor = fround(a);
      for (let i = 0; i < count; i++) f[(x >> 2) + i] *= factor;
    },

    sumOfSquares(x, count) {
      const f = memory.numbers;
      const lanes = [0, 0, 0, 0];
      for (let i = 0; i < count; i++) lanes[i & 3] += f[(x >> 2) + i] * f[(x >> 2) + i];
      return lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
    },

    rectify(x, count) {
      const f = memory.numbers;
      for (let i = x >> 2; i < (x >> 2) + count; i++) if (f[i] < 0) f[i] = 0;
    },

    rectifyGradient(h, d, count) {
      const f = memory.numbers;
      for (let i = 0; i < count; i++) if (!(f[(h >> 2) + i] > 0)) f[(d >> 2) + i] = 0;
    },

    hyperbolic(x, count) {
      const f = memory.numbers;
      for (let i = x >> 2; i < (x >> 2) + count; i++) {
        const e = exponential(fround(-2 * Math.abs(f[i])));
        const t = fround(fround(1 - e) / fround(1 + e));
        f[i] = f[i] < 0 || Object.is(f[i], -0) ? -t : t;
      }
    },

    hyperbolicGradient(h, d, count) {
      const f = memory.numbers;
      for (let i = 0; i < count; i++) {
        const y = f[(h >> 2) + i];
        f[(d >> 2) + i] *= fround(1 - fround(y * y));
      }
    },

    pointwiseLosses(z, y, share, binary, active, weight, gradient, losses, n, capacity, rows) {
      const f = memory.numbers;
      for (let j = 0; j < ((n + 3) >> 2) << 2; j++) {
        const isBinary = memory.integers[(binary >> 2) + j] !== 0;
        const isActive = memory.integers[(active >> 2) + j] !== 0;
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          const at = (j >> 3) * capacity * 8 + (j & 7) + row * 8;
          const a = f[(share >> 2) + at];
          if (!isActive || !(a > 0)) {
            f[(gradient >> 2) + at] = 0;
            continue;
          }
          const output = f[(z >> 2) + at];
          const target = f[(y >> 2) + at];
          const [loss, slope] = isBinary ? logistic(output, target) : squared(output, target);
          sum = fround(sum + fround(a * loss));
          f[(gradient >> 2) + at] = fround(f[(weight >> 2) + j] * a) * slope;
        }
        f[(losses >> 2) + j] = sum;
      }
    },

    adam(w, g, m, v, count, rate, correction, lambda, keep) {
      const f = memory.numbers;
      const [rates, corrections, lambdas, keeps] = [rate, correction, lambda, keep].map(fround);
      for (let i = 0; i < count; i++) {
        const weight = f[(w >> 2) + i];
        const slope = fround(f[(g >> 2) + i] + fround(lambdas * weight));
        const before = f[(m >> 2) + i];
        const mean = fround(before + fround(fround(0.1) * fround(slope - before)));
        const old = f[(v >> 2) + i];
        const square = fround(old + fround(fround(0.001) * fround(fround(slope * slope) - old)));
        f[(m >> 2) + i] = mean;
        f[(v >> 2) + i] = square;
        const scale = fround(fround(fround(Math.sqrt(square)) * corrections) + fround(1e-8));
        f[(w >> 2) + i] = fround(keeps * weight) - fround(fround(rates * mean) / scale);
      }
    },

    adamProximal(w, v, count, rate, correction, strength) {
      const f = memory.numbers;
      const factor = fround(fround(rate) * fround(strength));
      for (let i = 0; i < count; i++) {
        const root = fround(Math.sqrt(f[(v >> 2) + i]));
        const scale = fround(fround(root * fround(correction)) + fround(1e-8));
        f[(w >> 2) + i] /= fround(1 + fround(factor / scale));
      }
    },

    descend(w, g, v, count, rate, momentum, lambda) {
      const f = memory.numbers;
      const [rates, momenta, lambdas] = [rate, momentum, lambda].map(fround);
      for (let i = 0; i < count; i++) {
        const weight = f[(w >> 2) + i];
        const slope = fround(f[(g >> 2) + i] + fround(lambdas * weight));
        const velocity = fround(fround(momenta * f[(v >> 2) + i]) + slope);
        f[(v >> 2) + i] = velocity;
        f[(w >> 2) + i] = weight - fround(rates * velocity);
      }
    },
  };
}

/** Indices of numbers, for one panel of outputs. */
interface DensePanel {
  readonly x: number;
  readonly k: number;
  readonly w: number;
  readonly bias: number;
  readonly y: number;
  readonly capacity: number;
  readonly from: number;
  readonly to: number;
  readonly rectify: boolean;
}

/** Eight sums at once: predictions of a process without WebAssembly wait for this loop. */
function densePanel(
  f: Float32Array<ArrayBufferLike>,
  { x, k, w, bias, y, capacity, from, to, rectify }: DensePanel,
): void {
  for (let row = from; row < to; row++) {
    let s0 = f[bias + 0];
    let s1 = f[bias + 1];
    let s2 = f[bias + 2];
    let s3 = f[bias + 3];
    let s4 = f[bias + 4];
    let s5 = f[bias + 5];
    let s6 = f[bias + 6];
    let s7 = f[bias + 7];
    let b = w;
    for (let i = 0; i < k; i++, b += 8) {
      const a = f[x + (i >> 3) * capacity * 8 + row * 8 + (i & 7)];
      s0 = fround(s0 + fround(a * f[b + 0]));
      s1 = fround(s1 + fround(a * f[b + 1]));
      s2 = fround(s2 + fround(a * f[b + 2]));
      s3 = fround(s3 + fround(a * f[b + 3]));
      s4 = fround(s4 + fround(a * f[b + 4]));
      s5 = fround(s5 + fround(a * f[b + 5]));
      s6 = fround(s6 + fround(a * f[b + 6]));
      s7 = fround(s7 + fround(a * f[b + 7]));
    }
    const out = y + row * 8;
    f[out + 0] = rectify && s0 < 0 ? 0 : s0;
    f[out + 1] = rectify && s1 < 0 ? 0 : s1;
    f[out + 2] = rectify && s2 < 0 ? 0 : s2;
    f[out + 3] = rectify && s3 < 0 ? 0 : s3;
    f[out + 4] = rectify && s4 < 0 ? 0 : s4;
    f[out + 5] = rectify && s5 < 0 ? 0 : s5;
    f[out + 6] = rectify && s6 < 0 ? 0 : s6;
    f[out + 7] = rectify && s7 < 0 ? 0 : s7;
  }
}
