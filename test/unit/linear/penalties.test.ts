import { describe, expect, it } from 'vitest';
import { type Penalty, penalties, type Shape } from '../../../src/core/learner/linear/penalties';
import { normalMatrix, Random } from './problems';

const shape: Shape = { features: 5, columns: 3 };
const size = shape.features * shape.columns;

for (const penalty of Object.values(penalties)) {
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

    it('is the quadratic form it says', () => {
      if (!penalty.quadratic) return;
      const random = new Random(8);
      const W = normalMatrix(random, size, 1);
      const image = new Float64Array(size);
      penalty.quadratic.times(W, shape, image);
      expect(0.5 * inner(W, image)).toBeCloseTo(penalty.value(W, shape), 12);
      const unit = new Float64Array(size);
      unit[4] = 1;
      penalty.quadratic.times(unit, shape, image);
      expect(image[4]).toBeCloseTo(penalty.quadratic.diagonal(4 % shape.columns), 12);
    });
  });
}

it('the twin of every penalty is its own twin', () => {
  const byName: Record<string, Penalty> = penalties;
  for (const penalty of Object.values(penalties)) {
    expect(byName[penalty.singleTaskTwin].singleTaskTwin).toBe(penalty.singleTaskTwin);
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
