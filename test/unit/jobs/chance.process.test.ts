import { mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random';
import { startRun } from '../../../src/jobs';
import { bundles, writeExperiment } from './experiments';

const built = bundles();

describe('random labels', () => {
  it('score chance in validation and on the test split, by every model, ensemble and threshold', async () => {
    const folder = mkdtempSync(join(dirname(built().worker), 'chance-'));
    const random = new Random(12);
    const lines = Array.from({ length: 500 }, () => {
      const features = Array.from({ length: 6 }, () => random.normal().toFixed(4));
      const gap = () => random.uniform() < 0.1;
      const value = gap() ? '' : random.normal().toFixed(4);
      const flags = [0, 1].map(() => (gap() ? '' : random.uniform() < 0.4 ? 'yes' : 'no'));
      return [...features, value, ...flags].join(',');
    });
    writeFileSync(join(folder, 'table.csv'), `a,b,c,d,e,f,value,one,two\n${lines.join('\n')}\n`);
    const path = join(folder, 'chance.mtl.yaml');
    writeFileSync(
      path,
      `data: { source: table.csv, test: 0.4, folds: 4, seed: 3 }
tasks:
  value: { target: value }
  one: { target: one, threshold: balancedAccuracy }
  two: { target: two, threshold: balancedAccuracy, class_weight: balanced }
models:
  lasso: { kind: linear, penalty: lasso, lambda: { points: 8 } }
  ridge: { kind: linear, penalty: ridge, lambda: { points: 8 } }
  forest: { kind: forest, trees: 15 }
  deep: { kind: extra-trees, trees: 15 }
ensembles:
  mean: { combine: mean }
  median: { combine: median }
  vote: { combine: vote }
  weighted: { combine: weighted }
  greedy: { combine: greedy, bags: 3 }
  stacked: { combine: stacking }
  own: { combine: stacking, across: own, penalty: ridge }
  bagged: { combine: mean, of: [deep], refit: false }
  chained: { combine: chains, of: [deep], chains: 3, folds: 3 }
`,
    );
    const { leaderboard, failures } = await startRun({
      experimentPath: path,
      workers: 2,
      workerPath: built().worker,
    });
    expect(failures).toEqual([]);
    const rows = leaderboard?.rows ?? [];
    expect(rows.length).toBeGreaterThan(20);
    for (const { name, scores, validation } of rows) {
      for (const split of [scores, validation.scores]) {
        // About 180 to 270 labelled rows: an AUC, or balanced accuracy, of chance has a standard error below 0.044.
        expect(split.value.r2, name).toBeLessThan(0.06);
        for (const task of ['one', 'two']) {
          expect(Math.abs((split[task].auc ?? 0) - 0.5), `${name}, ${task}`).toBeLessThan(0.14);
          expect(Math.abs((split[task].balancedAccuracy ?? 0) - 0.5), `${name}, ${task}`).toBeLessThan(0.14);
        }
      }
    }
  });

  it('score chance where tasks are of mixed types and a column has categories', async () => {
    const path = writeExperiment(built());
    writeFileSync(join(dirname(path), 'table.csv'), randomLabels(400));
    const { leaderboard } = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    for (const row of leaderboard?.rows ?? []) {
      // 100 test rows: the AUC of a coin has a standard deviation of about 0.058, the R² of noise is about 0 or below.
      expect(Math.abs((row.scores.flag.auc ?? 0.5) - 0.5)).toBeLessThan(0.2);
      expect(row.scores.size.r2 ?? 0).toBeLessThan(0.1);
      // 300 training rows.
      expect(Math.abs((row.validation.scores.flag.auc ?? 0.5) - 0.5)).toBeLessThan(0.12);
      expect(row.validation.scores.size.r2 ?? 0).toBeLessThan(0.05);
      expect(row.validation.mean).toBeLessThan(0.1);
    }
  });
});

function randomLabels(rows: number): string {
  const random = new Random(11);
  const lines = ['a,b,c,colour,size,kind,flag'];
  for (let i = 0; i < rows; i++) {
    const cells = [random.normal(), random.normal(), random.normal()].map((value) => value.toFixed(5));
    const colour = ['red', 'green', 'blue'][random.integer(3)];
    const kind = ['low', 'middle', 'high'][random.integer(3)];
    const flag = random.integer(2) === 0 ? 'no' : 'yes';
    lines.push([...cells, colour, random.normal().toFixed(5), kind, flag].join(','));
  }
  return `${lines.join('\n')}\n`;
}
