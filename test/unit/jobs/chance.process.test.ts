import { mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random';
import { startRun } from '../../../src/jobs';
import { bundles } from './experiments';

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
});
