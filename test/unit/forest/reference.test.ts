import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extraTreesLearner, forestLearner } from '../../../src/core/learner/forest';
import { context, numeric, predict, problem, table, task } from './support';

/** Folder `shared/data`, looked for from here upwards. */
function sharedData(): string | undefined {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const data = join(folder, 'shared', 'data');
    if (existsSync(data)) return data;
    if (folder === dirname(folder)) return undefined;
  }
}

const data = sharedData();
if (data === undefined)
  console.warn('shared/data is not here: the forest is not compared with scikit-learn.');

describe.skipIf(data === undefined)('100 trees beside scikit-learn', () => {
  // RandomForestClassifier(100) of scikit-learn 1.x and ExtraTreesClassifier(100) of 1.9.1, means of 30 seeds on this split.
  it.each([
    { learner: forestLearner, meanAccuracy: 0.977, meanAuc: 0.998 },
    { learner: extraTreesLearner, meanAccuracy: 0.984, meanAuc: 0.997 },
  ])(
    '$learner.kind: within .005 of its mean accuracy and AUC on the seed example',
    async ({ learner, meanAccuracy, meanAuc }) => {
      const [header, ...lines] = readFileSync(join(data ?? '', 'seed_example.csv'), 'utf8')
        .trim()
        .split(/\r?\n/);
      const names = header.split(',');
      const cells = lines.map((line) => line.split(','));
      const column = (name: string) => cells.map((row) => Number(row[names.indexOf(name)]));
      const features = names.filter((name) => /^x\d+$/.test(name));
      const dataset = table(...features.map((name) => numeric(name, column(name))));
      const y = column('y');
      const isTrain = cells.map((row) => row[names.indexOf('split')] === 'train');
      const train = Int32Array.from(y.keys()).filter((row) => isTrain[row]);
      const test = [...y.keys()].filter((row) => !isTrain[row]);
      const of = { ...problem(dataset, [task('y', 'binary')], [y]), rows: train };

      const seeds = 10;
      let accuracy = 0;
      let auc = 0;
      for (let seed = 0; seed < seeds; seed++) {
        const [model] = await learner.fit(of, [{ parameters: {} }], context(seed));
        const [p] = predict(model, dataset, test);
        accuracy += test.filter((row, i) => (p[i] > 0.5 ? 1 : 0) === y[row]).length / test.length / seeds;
        auc +=
          areaUnderCurve(
            test.map((row) => y[row]),
            p,
          ) / seeds;
      }
      expect(Math.abs(accuracy - meanAccuracy)).toBeLessThan(0.005);
      expect(Math.abs(auc - meanAuc)).toBeLessThan(0.005);
    },
  );
});

/** Share of (positive, negative) pairs in the right order, ties counting half. */
function areaUnderCurve(labels: readonly number[], p: readonly number[]): number {
  const positive = p.filter((_, i) => labels[i] === 1);
  const negative = p.filter((_, i) => labels[i] === 0);
  let right = 0;
  for (const a of positive) {
    for (const b of negative) right += a > b ? 1 : a === b ? 0.5 : 0;
  }
  return right / positive.length / negative.length;
}
