// Functions of one number as `assembly/` computes them, rounded to single precision at every operation.

export const { fround } = Math;

/** ½(z − y)² and its slope. */
export function squared(output: number, target: number): readonly [number, number] {
  const residual = fround(output - target);
  return [fround(0.5 * fround(residual * residual)), residual];
}

/** log(1 + e^z) − yz and its slope; the logarithm as 2 artanh(e / (2 + e)) with e = exp(−|z|). */
export function logistic(z: number, y: number): readonly [number, number] {
  const e = exponential(fround(-Math.abs(z)));
  const p = fround((z >= 0 ? 1 : e) / fround(1 + e));
  const s = fround(e / fround(2 + e));
  const q = fround(s * s);
  const log = fround(fround(2 * s) * polynomial(q, ARTANH));
  const positive = z < 0 ? 0 : z;
  return [fround(fround(positive - fround(z * y)) + log), fround(p - y)];
}

const ARTANH = [0.0769230769, 0.0909090909, 0.1111111111, 0.1428571429, 0.2, 0.3333333333, 1].map(fround);

const EXPONENTIAL = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
].map(fround);

function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) sum = fround(fround(sum * x) + coefficients[i]);
  return sum;
}

const scratch = new Float32Array(1);
const scratchBits = new Int32Array(scratch.buffer);

/** As `assembly/exponential.ts`. */
export function exponential(x: number): number {
  const bounded = Math.max(x, -87);
  const n = nearestEven(fround(bounded * fround(Math.LOG2E)));
  let r = fround(bounded - fround(n * fround(0.693359375)));
  r = fround(r - fround(n * fround(-2.1219444e-4)));
  const p = polynomial(r, EXPONENTIAL);
  const value = fround(fround(fround(fround(r * r) * p) + r) + 1);
  scratchBits[0] = (Math.trunc(n) + 127) << 23;
  return fround(value * scratch[0]);
}

/** Ties to the even number, as f32x4.nearest. */
function nearestEven(x: number): number {
  const below = Math.floor(x);
  const part = x - below;
  if (part !== 0.5) return part < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
