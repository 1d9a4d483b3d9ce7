import { describe, expect, it } from 'vitest';
import { Gram } from '../../../src/core/learner/linear/gram';
import { layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { logisticLoss } from '../../../src/core/learner/linear/losses';
import { GramPanels, PanelGram } from '../../../src/core/learner/linear/panel-gram';
import { Random } from '../../../src/core/random';
import { normalMatrix, toDesign } from './problems';

const rowCount = 61;
const featureCount = 90;
const random = new Random(5);
const design = toDesign(normalMatrix(random, rowCount, featureCount), rowCount, featureCount);

describe.each([
  ['all rows', 0],
  ['some rows', 0.6],
])('inner products with changing weights, %s', (_, missing) => {
  const labels = Float64Array.from({ length: rowCount }, (_, i) =>
    i % 10 < 10 * missing ? Number.NaN : Number(random.uniform() < 0.5),
  );
  const weights = () => Float64Array.from({ length: rowCount }, () => random.uniform());

  it.each([true, false])('are those of a matrix made anew (intercept: %s)', (intercept) => {
    const problem = layOutProblem(design, [{ loss: logisticLoss, width: 1, taskWeight: 1, labels }], {
      intercept,
    });
    const [task] = problem.tasks;
    const gram = new PanelGram(problem, task, new GramPanels(problem), featureCount);
    for (let turn = 0; turn < 2; turn++) {
      const H = weights();
      gram.reweigh(H);
      for (const features of [[7, 3, 80], [3, 50], Array.from({ length: featureCount }, (_, j) => j)]) {
        const asked = Int32Array.from(features);
        const expected = new Gram(design, task.rows, H, 0, intercept).gather(asked);
        gram.gather(asked).forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i], 10);
        });
      }
      expect(gram.size).toBe(featureCount);
    }
  });
});
