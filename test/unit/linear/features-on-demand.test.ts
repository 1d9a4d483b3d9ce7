import { describe, expect, it } from 'vitest';
import type { Column, Dataset } from '../../../src/core/dataset/dataset';
import { fitEncoder } from '../../../src/core/dataset/encoder';
import { type Design, toLazyDesign } from '../../../src/core/learner/linear/design';
import { layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { logisticLoss, squaredLoss } from '../../../src/core/learner/linear/losses';
import { createPath, pathStart } from '../../../src/core/learner/linear/path';
import { createPenalty } from '../../../src/core/learner/linear/penalties';
import { Random, toDesign } from './problems';

const n = 120;
const random = new Random(23);
const age = Float64Array.from({ length: n }, () => (random.uniform() < 0.1 ? Number.NaN : random.normal()));
const height = Float64Array.from({ length: n }, () => 3 + random.normal());
const city = Int32Array.from({ length: n }, () => random.integer(4) - 1);
const smokes = Int32Array.from({ length: n }, () => random.integer(3) - 1);
const columns: Column[] = [
  { kind: 'numeric', name: 'age', values: age },
  { kind: 'categorical', name: 'city', codes: city, categories: ['Berlin', 'Kyiv', 'Oslo'] },
  { kind: 'boolean', name: 'smokes', codes: smokes, categories: ['no', 'yes'] },
  { kind: 'numeric', name: 'height', values: height },
];
const dataset: Dataset = { rowCount: n, columns, fingerprint: 'f' };
const rows = Int32Array.from({ length: n }, (_, i) => i).filter((i) => i % 5 !== 2);
const encoder = fitEncoder({ dataset, features: [0, 1, 2, 3], tasks: [], labels: [], rows });
const make = encoder.columnsOf(dataset, rows);
const full = toDesign(encoder.encode(dataset, rows), rows.length, encoder.width);
const lazy = toLazyDesign(rows.length, encoder.width, make);

describe('features made when they are asked for', () => {
  it('are those of the encoded matrix, bit for bit', () => {
    const column = new Float64Array(rows.length).fill(7);
    for (let j = 0; j < encoder.width; j++) {
      make(j, 0, column);
      expect(column).toEqual(full.X.subarray(j * rows.length, (j + 1) * rows.length));
    }
  });

  it.each([
    ['group-lasso', false],
    ['group-lasso', true],
    ['trace', true],
    ['mean-regularised', true],
  ] as const)('%s (tasks of several kinds: %s) is fitted as on the matrix', (name, mixed) => {
    const penalty = createPenalty({ penalty: name });
    const options = { solver: 'auto', tolerance: 1e-10, maxIterations: 100_000 } as const;
    const [a, b] = [lay(lazy, mixed), lay(full, mixed)];
    expect(pathStart(a, penalty)).toBeCloseTo(pathStart(b, penalty), 10);
    const lambda = 0.1 * pathStart(b, createPenalty({ penalty: 'group-lasso' }));
    const one = createPath(a, penalty, options).solve(lambda);
    const other = createPath(b, penalty, options).solve(lambda);
    expect(one.result.converged).toBe(true);
    expect(one.result.assessment.objective).toBeCloseTo(other.result.assessment.objective, 9);
    one.W.forEach((w, i) => {
      expect(Math.abs(w - other.W[i])).toBeLessThan(1e-4);
    });
  });
});

/** Two regressions; mixed: one of them labelled in few rows, and a binary task. */
function lay(design: Design, mixed: boolean) {
  const noise = new Random(5);
  const y = Float64Array.from(rows, (row) => height[row] + city[row] + noise.normal());
  const z = Float64Array.from(rows, (row) => smokes[row] - height[row] + noise.normal());
  return layOutProblem(
    design,
    [
      { loss: squaredLoss, width: 1, taskWeight: 1, labels: y },
      {
        loss: squaredLoss,
        width: 1,
        taskWeight: 1,
        labels: z.map((value, i) => (mixed && i % 3 > 0 ? Number.NaN : value)),
      },
      ...(mixed
        ? [{ loss: logisticLoss, width: 1, taskWeight: 1, labels: y.map((value) => (value > 3.5 ? 1 : 0)) }]
        : []),
    ],
    { intercept: true },
  );
}
