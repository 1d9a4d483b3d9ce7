import { describe, expect, it } from 'vitest';
import { meanSkill, scorePrimary, skill } from '../../../src/core/evaluate';
import { compareMeanSkill, type SkillComparison } from '../../../src/core/evaluate/mean-difference';
import { residualChecks } from '../../../src/core/evaluate/residuals';
import type { TaskPredictions } from '../../../src/core/learner/learner';
import { Random } from '../../../src/core/random';
import { normals, predictions, task } from './support';

const tasks = [task('regression', 'r'), task('binary', 'b'), task('multiclass', 'm')];
const CONSTANT = [-0.01, 0.5, Math.log(3)];

/** Correlated labels over the same rows; the model sees them through less noise than its baseline. */
function draw(random: Random, rows: number, better: number): SkillComparison[] {
  const common = normals(random, rows);
  return tasks.map((one, t) => {
    const z = common.map((value) => value + random.normal());
    const labels = z.map((value) =>
      one.type === 'regression'
        ? value
        : one.type === 'binary'
          ? Number(value > 0)
          : value < -0.6
            ? 0
            : value < 0.6
              ? 1
              : 2,
    );
    const seen = (noise: number): TaskPredictions => {
      const x = z.map((value) => value + noise * random.normal());
      if (one.type === 'regression') return predictions(x.map((value) => 0.6 * value));
      if (one.type === 'binary') return predictions(x.map((value) => 1 / (1 + Math.exp(-value))));
      return predictions(
        Array.from(x).flatMap((value) => {
          const odds = [-value, 0.4, value].map((o) => Math.exp(0.8 * o));
          const sum = odds[0] + odds[1] + odds[2];
          return odds.map((o) => o / sum);
        }),
        3,
      );
    };
    return { on: { task: one, labels }, model: seen(1 - better), baseline: seen(1), constant: CONSTANT[t] };
  });
}

describe('the difference over all tasks', () => {
  it('is the difference of the means of the skills', () => {
    const comparisons = draw(new Random(3), 300, 0.2);
    const mean = (of: 'model' | 'baseline') =>
      meanSkill(
        comparisons.map((one) =>
          skill(one.on.task, scorePrimary(one.on.task, one.on.labels, one[of]), one.constant),
        ),
      );
    expect(compareMeanSkill(comparisons)?.value).toBeCloseTo(mean('model') - mean('baseline'), 10);
  });

  it('has an interval that covers the true difference about 95 times in 100, rows shared by tasks', () => {
    const random = new Random(4);
    // No difference between model and baseline but chance: the truth is 0.
    let covered = 0;
    const draws = 600;
    for (let d = 0; d < draws; d++) {
      const found = compareMeanSkill(draw(random, 150, 0));
      if (found && found.interval[0] <= 0 && found.interval[1] >= 0) covered++;
    }
    expect(covered / draws).toBeGreaterThan(0.925);
    expect(covered / draws).toBeLessThan(0.975);
  });

  it('is wider where rows come in groups that agree', () => {
    const comparisons = draw(new Random(5), 200, 0.3);
    const twice = comparisons.map((one) => ({
      ...one,
      on: {
        ...one.on,
        labels: Float64Array.from([...one.on.labels, ...one.on.labels]),
        groups: Int32Array.from({ length: 400 }, (_, i) => i % 200),
      },
      model: predictions([...one.model.values, ...one.model.values], one.model.width),
      baseline: predictions([...one.baseline.values, ...one.baseline.values], one.baseline.width),
    }));
    const width = (found: { interval: readonly [number, number] } | null) =>
      found ? found.interval[1] - found.interval[0] : 0;
    // Every row twice, in one group with its copy: as sure as each row once.
    expect(width(compareMeanSkill(twice))).toBeCloseTo(width(compareMeanSkill(comparisons)), 6);
  });
});

describe('residual checks', () => {
  const random = new Random(6);
  const rows = 4000;
  const values = Float32Array.from(normals(random, rows));
  const packed = (labelOf: (x: number) => number) => ({
    count: rows,
    values,
    width: 1,
    labels: Float64Array.from(values, labelOf),
    weights: new Float64Array(rows).fill(1),
  });

  it('find nothing where there is nothing', () => {
    const checks = residualChecks(packed((x) => x + 0.5 * random.normal()));
    expect(checks?.bias).toBeCloseTo(0, 1);
    expect(checks?.standardDeviation).toBeCloseTo(0.5, 1);
    expect(Math.abs(checks?.skewness ?? 1)).toBeLessThan(0.15);
    expect(checks?.slope).toBeCloseTo(1, 1);
    expect(Math.abs(checks?.spread ?? 1)).toBeLessThan(0.06);
    expect(checks?.quantiles[10]).toBeCloseTo(0, 1);
    expect(checks?.bins).toHaveLength(10);
  });

  it('find a bias, predictions too extreme, skewed errors, errors that grow', () => {
    expect(residualChecks(packed((x) => x + 2 + random.normal()))?.bias).toBeCloseTo(2, 1);
    expect(residualChecks(packed((x) => 0.5 * x + random.normal()))?.slope).toBeCloseTo(0.5, 1);
    expect(residualChecks(packed((x) => x + random.normal() ** 2))?.skewness).toBeGreaterThan(2);
    expect(residualChecks(packed((x) => x + Math.exp(x) * random.normal()))?.spread).toBeGreaterThan(0.3);
  });

  it('say nothing of residuals that do not vary', () => {
    expect(residualChecks(packed((x) => x))).toBeNull();
  });
});
