import { describe, expect, it } from 'vitest';
import { linearFamily } from '../../../src/core/learner/linear/family';
import { createPenalty, penaltyNames, type Shape } from '../../../src/core/learner/linear/penalties';
import { normalMatrix, Random } from './problems';

const shape: Shape = { features: 5, columns: 3 };
const size = shape.features * shape.columns;

for (const penalty of penaltyNames.map((name) => createPenalty({ penalty: name }))) {
  describe(penalty.name, () => {
    it('has a prox that no nearby point beats', () => {
      const random = new Random(5);
      const V = normalMatrix(random, size, 1);
      const step = 0.7;
      const U = V.slice();
      penalty.prox(U, shape, step);
      const objective = (W: Float64Array) => 0.5 * squaredDistance(W, V) + step * penalty.value(W, shape);
      expectMinimum(objective, U, random);
    });

    it('has a conjugate: ⟨V, W⟩ ≤ λR(W) + (λR)*(V), touched by the prox', () => {
      const random = new Random(6);
      const lambda = 0.4;
      const V = normalMatrix(random, size, 1);
      const scale = penalty.dualScale(V, shape, lambda);
      const conjugate = penalty.conjugate(V, shape, lambda, scale);
      for (let draw = 0; draw < 50; draw++) {
        const W = normalMatrix(random, size, 1);
        expect(scale * inner(V, W)).toBeLessThanOrEqual(lambda * penalty.value(W, shape) + conjugate + 1e-12);
      }
      // W = prox(Z), with subgradient (Z − W) / λ·λ: Fenchel–Young with equality.
      const Z = normalMatrix(random, size, 1).map((z) => 3 * z);
      const W = Z.slice();
      penalty.prox(W, shape, lambda);
      const subgradient = Z.map((z, i) => z - W[i]);
      const feasible = penalty.dualScale(subgradient, shape, lambda);
      expect(feasible).toBeCloseTo(1, 12);
      expect(inner(subgradient, W)).toBeCloseTo(
        lambda * penalty.value(W, shape) + penalty.conjugate(subgradient, shape, lambda, 1),
        10,
      );
    });

    it('minimises a row exactly, whatever the curvature of each column', () => {
      if (!penalty.rows) return;
      const random = new Random(7);
      for (const spread of [0, 1, 100]) {
        for (let draw = 0; draw < 10; draw++) {
          const g = normalMatrix(random, shape.columns, 1).map((v) => 2 * v);
          const h = Float64Array.from({ length: 2 + shape.columns }, () => 0.5 + spread * random.uniform());
          const u = g.slice();
          penalty.rows.minimise(u, h, 2, 0.6);
          const objective = (w: Float64Array) =>
            w.reduce((sum, value, c) => sum + 0.5 * h[2 + c] * value * value - g[c] * value, 0) +
            0.6 * penalty.value(w, { features: 1, columns: shape.columns });
          expectMinimum(objective, u, random);
        }
      }
    });

    it('has the derivatives that finite differences give, away from its kinks', () => {
      const derivatives = penalty.rows?.derivatives;
      if (!derivatives) return;
      const random = new Random(8);
      const columns = 3;
      const W = normalMatrix(random, 2 * columns, 1);
      const row = { features: 1, columns };
      const at = columns;
      const lambda = 0.7;
      const valueAt = (w: Float64Array) => lambda * penalty.value(w.slice(at), row);
      const gradientAt = (w: Float64Array) => {
        const out = new Float64Array(1 + columns);
        derivatives.subtractGradient(w, at, columns, lambda, out, 1);
        return out.subarray(1).map((g) => -g);
      };
      const moved = (c: number, h: number) => W.map((w, i) => (i === at + c ? w + h : w));
      const h = 1e-6;
      const gradient = gradientAt(W);
      const a = new Float64Array(columns);
      const u = new Float64Array(columns);
      derivatives.split(W, at, columns, lambda, a, u, 0);
      for (let c = 0; c < columns; c++) {
        expect(gradient[c]).toBeCloseTo((valueAt(moved(c, h)) - valueAt(moved(c, -h))) / (2 * h), 7);
        const unit = new Float64Array(columns);
        unit[c] = 1;
        const image = new Float64Array(columns);
        derivatives.addCurvature(W, at, columns, lambda, unit, image, 0);
        const above = gradientAt(moved(c, h));
        const below = gradientAt(moved(c, -h));
        for (let r = 0; r < columns; r++) expect(image[r]).toBeCloseTo((above[r] - below[r]) / (2 * h), 6);
        // A quadratic form over the tasks is only approximated, by its diagonal.
        const exact = penalty.name === 'mean-regularised' ? [c] : [0, 1, 2];
        for (const r of exact) {
          expect((r === c ? a[c] : 0) - u[r] * u[c]).toBeCloseTo(image[r], 12);
        }
      }
    });
  });
}

it('the twin of every penalty is its own twin', () => {
  for (const penalty of penaltyNames) {
    const twin = linearFamily.singleTaskTwin({ penalty });
    expect(linearFamily.singleTaskTwin(twin)).toEqual(twin);
  }
});

function expectMinimum(f: (W: Float64Array) => number, W: Float64Array, random: Random): void {
  const least = f(W);
  for (const radius of [1e-5, 1e-3, 0.1, 1]) {
    for (let draw = 0; draw < 20; draw++) {
      expect(f(W.map((w) => w + radius * random.normal()))).toBeGreaterThanOrEqual(least - 1e-13);
    }
    expect(f(W.map((w) => w * (1 - radius)))).toBeGreaterThanOrEqual(least - 1e-13);
  }
}

function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
}
