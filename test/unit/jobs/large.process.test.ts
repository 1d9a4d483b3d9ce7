import { mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RunOutcome, type StartOptions, startRun } from '../../../src/jobs';
import { LARGE_DATA } from '../../../src/jobs/memory';
import { bundles, holdFirst, withoutTimes } from './experiments';

const ROWS = 43_000;
const FEATURES = 96;
const TASKS = 2;
const built = bundles();

/** An experiment of more data than processes hold. */
function writeLarge(): string {
  const folder = mkdtempSync(join(dirname(built().worker), 'large-'));
  const names = [...Array(FEATURES).keys()].map((f) => `x${f}`);
  const lines = [[...names, 'y0', 'y1'].join(',')];
  for (let i = 0; i < ROWS; i++) {
    const x = names.map((_, f) => (i * (2 * f + 7919)) % (11 + (f % 5)));
    lines.push([...x, x[0] + x[1] - (i % 3), x[0] - x[2] + (i % 2)].join(','));
  }
  writeFileSync(join(folder, 'table.csv'), lines.join('\n'));
  const path = join(folder, 'large.mtl.yaml');
  writeFileSync(
    path,
    `data: { source: table.csv, test: 0.2, folds: 2, seed: 3 }
tasks: { y0: y0, y1: y1 }
models:
  linear: { kind: linear, penalty: group-lasso, lambda: [0.1, 0.01] }
  forest: { kind: forest, trees: 2, min_samples_leaf: 500 }
ensembles:
  average: { combine: mean }
`,
  );
  return path;
}

function start(experimentPath: string, options: Partial<StartOptions>): Promise<RunOutcome> {
  return startRun({ experimentPath, workerPath: built().worker, reuse: false, ...options });
}

describe('a run on a table that is larger than what processes hold', () => {
  it('gives the same numbers on one worker, on two, and where one of them is killed', async () => {
    expect(ROWS * 8 * (FEATURES + TASKS)).toBeGreaterThan(LARGE_DATA);
    const path = writeLarge();
    const one = await start(path, { workers: 1 });
    expect(one.failures).toEqual([]);
    expect(one.leaderboard?.rows.length).toBeGreaterThan(3);

    const held = holdFirst('fit');
    let killed = 0;
    const two = await start(path, {
      workers: 2,
      onProgress: ({ trials }) => {
        if (killed > 0 || held.pid() === 0 || trials.done < 2) return;
        killed = held.pid();
        process.kill(killed, 'SIGKILL');
        held.release();
      },
    });
    expect(killed).toBeGreaterThan(0);
    expect(two.failures).toEqual([]);
    expect(withoutTimes(two.leaderboard)).toEqual(withoutTimes(one.leaderboard));
  });
});
