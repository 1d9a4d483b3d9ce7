import { describe, expect, it } from 'vitest';
import {
  huberLoss,
  type Loss,
  type LossRows,
  logisticLoss,
  poissonLoss,
  softmaxLoss,
  squaredLoss,
} from '../../../src/core/learner/linear/losses';
import { normalMatrix, Random } from './problems';

const count = 12;
const cases: readonly [Loss, number][] = [
  [squaredLoss, 1],
  [logisticLoss, 1],
  [softmaxLoss, 3],
  [poissonLoss, 1],
  [huberLoss(0.8), 1],
];

function makeRows(loss: Loss, width: number, random: Random): LossRows {
  return {
    count,
    width,
    offset: 2,
    firstColumn: 1,
    target: Float64Array.from({ length: count }, () =>
      loss === squaredLoss || loss.name === 'huber'
        ? random.normal()
        : random.integer(loss === poissonLoss ? 5 : Math.max(2, width)),
    ),
    weight: Float64Array.from({ length: count }, (_, i) => (i === 3 ? 0 : random.uniform())),
  };
}

for (const [loss, width] of cases) {
  describe(`${loss.name} loss`, () => {
    const random = new Random(3);
    const rows = makeRows(loss, width, random);
    const size = rows.offset + count * width;
    const Z = Float64Array.from({ length: size }, () => 2 * random.normal());
    const theta = new Float64Array(size);
    const valueAt = (z: Float64Array) => loss.evaluate(rows, z, new Float64Array(size));
    const thetaAt = (z: Float64Array) => {
      const out = new Float64Array(size);
      loss.evaluate(rows, z, out);
      return out;
    };

    it('has the gradient that finite differences give', () => {
      loss.evaluate(rows, Z, theta);
      for (let i = rows.offset; i < size; i++) {
        expect(-theta[i]).toBeCloseTo(difference(valueAt, Z, i), 7);
      }
    });

    it('has the second derivative that finite differences of the gradient give', () => {
      const D = normalMatrix(random, size, 1);
      const out = new Float64Array(size);
      loss.curvatureTimes(rows, Z, D, out);
      const h = 1e-6;
      const plus = thetaAt(Z.map((z, i) => z + h * D[i]));
      const minus = thetaAt(Z.map((z, i) => z - h * D[i]));
      for (let i = rows.offset; i < size; i++) expect(out[i]).toBeCloseTo((minus[i] - plus[i]) / (2 * h), 6);
    });

    it('is curved at most as its diagonal model and its bound say', () => {
      const H = new Float64Array(size);
      loss.curvature(rows, Z, H);
      for (let draw = 0; draw < 50; draw++) {
        const D = normalMatrix(random, size, 1);
        const out = new Float64Array(size);
        loss.curvatureTimes(rows, Z, D, out);
        let exact = 0;
        let model = 0;
        let bound = 0;
        for (let i = rows.offset; i < size; i++) {
          exact += D[i] * out[i];
          model += H[i] * D[i] * D[i];
          const weight = rows.weight[(i - rows.offset) % count];
          if (weight > 0) bound += loss.curvatureBound * weight * D[i] * D[i];
        }
        expect(exact).toBeLessThanOrEqual(model * (1 + 1e-12));
        expect(exact).toBeLessThanOrEqual(bound * (1 + 1e-12));
      }
    });

    it('has a conjugate: Fenchel and Young hold with equality at the gradient, as an inequality elsewhere', () => {
      const value = loss.evaluate(rows, Z, theta);
      let product = 0;
      for (let i = rows.offset; i < size; i++) product += theta[i] * Z[i];
      // −Σ ω ℓ*(−θ/ω) = Σ ω ℓ(z) + ⟨θ, z⟩
      expect(loss.dual(rows, theta, 1)).toBeCloseTo(value + product, 10);
      for (let draw = 0; draw < 20; draw++) {
        const other = Float64Array.from(Z, () => 2 * random.normal());
        const scale = random.uniform();
        let scaled = 0;
        for (let i = rows.offset; i < size; i++) scaled += scale * theta[i] * other[i];
        expect(loss.dual(rows, theta, scale)).toBeLessThanOrEqual(valueAt(other) + scaled + 1e-12);
      }
    });

    it('fits intercepts at which the gradient sums to zero, and moves predictions along', () => {
      const moved = Z.slice();
      const b = new Float64Array(1 + width);
      loss.fitIntercept(rows, moved, b);
      loss.evaluate(rows, moved, theta);
      for (let k = 0; k < width; k++) {
        const at = rows.offset + k * count;
        const sum = theta.subarray(at, at + count).reduce((a, v) => a + v, 0);
        expect(Math.abs(sum)).toBeLessThan(1e-13);
        expect(moved[at] - Z[at]).toBeCloseTo(b[1 + k], 12);
      }
    });
  });
}

it.each([
  [softmaxLoss, 3],
  [logisticLoss, 1],
])('intercepts reach their optimum however far it is: %o', (loss, width) => {
  const rows = makeRows(loss, width, new Random(5));
  // Predictions of the last column are 80 too high.
  const Z = Float64Array.from({ length: rows.offset + count * width }, (_, at) =>
    at >= rows.offset + (width - 1) * count ? 80 + Math.sin(at) : Math.sin(at),
  );
  const b = new Float64Array(1 + width);
  loss.fitIntercept(rows, Z, b);
  const theta = new Float64Array(Z.length);
  loss.evaluate(rows, Z, theta);
  for (let k = 0; k < width; k++) {
    const at = rows.offset + k * count;
    expect(Math.abs(theta.subarray(at, at + count).reduce((a, v) => a + v, 0))).toBeLessThan(1e-13);
  }
});

it('a class without rows gets a finite intercept', () => {
  for (const [loss, width] of cases.slice(1, 4)) {
    const rows: LossRows = { ...makeRows(loss, width, new Random(1)), target: new Float64Array(count) };
    const Z = new Float64Array(rows.offset + count * width);
    const b = new Float64Array(1 + width);
    loss.fitIntercept(rows, Z, b);
    expect(loss.evaluate(rows, Z, new Float64Array(Z.length))).toBeLessThan(1e-9);
    expect(b.every(Number.isFinite)).toBe(true);
  }
});

function difference(f: (z: Float64Array) => number, z: Float64Array, i: number): number {
  const h = 1e-6;
  const plus = z.slice();
  const minus = z.slice();
  plus[i] += h;
  minus[i] -= h;
  return (f(plus) - f(minus)) / (2 * h);
}
