import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/dataset/problem';
import { learners, type TrainingStep } from '../../../src/core/learner';
import { Random } from '../../../src/core/random';
import { ThreadPool } from '../../../src/jobs/thread-pool';

const folder = mkdtempSync(join(tmpdir(), 'taskweave-threads-'));
const script = join(folder, 'thread.js');
buildSync({
  entryPoints: [join(import.meta.dirname, '../../../src/jobs/thread.ts')],
  bundle: true,
  platform: 'node',
  outfile: script,
});
afterAll(() => rmSync(folder, { recursive: true }));

function problem(): Problem {
  const random = new Random(1);
  const columns = Array.from({ length: 5 }, (_, f) => ({
    kind: 'numeric' as const,
    name: `x${f}`,
    values: Float64Array.from({ length: 400 }, () => random.normal()),
  }));
  const sum = columns[0].values.map((x, i) => x + columns[1].values[i] + random.normal());
  return {
    dataset: { rowCount: 400, columns, fingerprint: '' },
    features: [0, 1, 2, 3, 4],
    tasks: [
      { id: 'amount', type: 'regression', weight: 1, classes: [] },
      { id: 'high', type: 'binary', weight: 1, classes: ['no', 'yes'] },
    ],
    labels: [sum, sum.map((s) => Number(s > 0))],
    rows: Int32Array.from({ length: 400 }, (_, i) => i),
  };
}

describe('a pool of threads', () => {
  it.each(['forest', 'extra-trees'])('grows the same %s, bit for bit, as no pool at all', async (kind) => {
    const grown = async (threads: number) => {
      const steps: TrainingStep[] = [];
      const pool = new ThreadPool(threads, script);
      const [model] = await learners[kind].fit(problem(), [{ parameters: { trees: 23 } }], {
        seed: 4,
        report: (step) => steps.push(step),
        signal: new AbortController().signal,
        tensorBackend: () => Promise.reject(new Error('No tensors.')),
        ...(threads > 0 && { threads: pool }),
      });
      await pool.close();
      return { model: model.serialize(), steps };
    };
    const alone = await grown(0);
    expect(await grown(1)).toEqual(alone);
    expect(await grown(2)).toEqual(alone);
    expect(await grown(3)).toEqual(alone);
  });

  it('stops a fit that is told to', async () => {
    const pool = new ThreadPool(2, script);
    const controller = new AbortController();
    const fitting = learners.forest.fit(problem(), [{ parameters: { trees: 200 } }], {
      seed: 4,
      report: () => controller.abort(new Error('enough')),
      signal: controller.signal,
      tensorBackend: () => Promise.reject(new Error('No tensors.')),
      threads: pool,
    });
    await expect(fitting).rejects.toThrow('enough');
    await pool.close();
  });
});
