import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/dataset/problem';
import { type Configuration, learners, type TrainingStep } from '../../../src/core/learner';
import { SERVE, type Seat } from '../../../src/core/learner/boosting/kernel/serve';
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

function problem(rows = 400): Problem {
  const random = new Random(1);
  const columns = Array.from({ length: 5 }, (_, f) => ({
    kind: 'numeric' as const,
    name: `x${f}`,
    values: Float64Array.from({ length: rows }, () => random.normal()),
  }));
  const sum = columns[0].values.map((x, i) => x + columns[1].values[i] + random.normal());
  return {
    dataset: { rowCount: rows, columns, fingerprint: '' },
    features: [0, 1, 2, 3, 4],
    tasks: [
      { id: 'amount', type: 'regression', weight: 1, classes: [] },
      { id: 'high', type: 'binary', weight: 1, classes: ['no', 'yes'] },
    ],
    labels: [sum, sum.map((s) => Number(s > 0))],
    rows: Int32Array.from({ length: rows }, (_, i) => i),
  };
}

/** Each task misses other labels. */
function withMissing(of: Problem): Problem {
  const labels = of.labels.map((values, t) =>
    values.map((label, i) => ((i + t) % 3 === 0 ? Number.NaN : label)),
  );
  return { ...of, labels };
}

/** A model fitted with so many threads, or without a pool, and what it reported. */
async function learned(kind: string, of: Problem, configuration: Configuration, threads: number) {
  const steps: TrainingStep[] = [];
  const pool = new ThreadPool(threads, script);
  const [model] = await learners[kind].fit(of, [configuration], {
    seed: 4,
    report: (step) => steps.push(step),
    signal: new AbortController().signal,
    tensorBackend: () => Promise.reject(new Error('No tensors.')),
    ...(threads > 0 && { threads: pool }),
  });
  await pool.close();
  return { model: model.serialize(), steps };
}

/** A seat of a fit that is over. */
function stopped(): Seat {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  new Int32Array(memory.buffer)[34] = 1;
  return { memory, job: 0, participant: 1 };
}

describe('a pool of threads', () => {
  it.each([
    { kind: 'forest', labels: 'every label', of: problem() },
    { kind: 'forest', labels: 'labels missing', of: withMissing(problem()) },
    { kind: 'extra-trees', labels: 'every label', of: problem() },
    { kind: 'extra-trees', labels: 'labels missing', of: withMissing(problem()) },
  ])('grows the same $kind, bit for bit, as no pool at all: $labels', async ({ kind, of }) => {
    const grown = (threads: number) => learned(kind, of, { parameters: { trees: 23 } }, threads);
    const alone = await grown(0);
    expect(await grown(1)).toEqual(alone);
    expect(await grown(2)).toEqual(alone);
    expect(await grown(3)).toEqual(alone);
  });

  it.each(['vector-leaf', 'per-task'])('boosts with %s, bit for bit, as no pool at all', async (sharing) => {
    // Rows × features from which on threads are asked at all.
    const of = problem(40_000);
    const parameters = { sharing, rounds: 6, subsample: 0.8, feature_fraction: 0.8 };
    const boosted = (threads: number) => learned('boosting', of, { lambda: 1, parameters }, threads);
    const alone = await boosted(0);
    expect(await boosted(2)).toEqual(alone);
    expect(await boosted(3)).toEqual(alone);
  });

  it('lets the threads of a boosting fit go when it is aborted', async () => {
    const pool = new ThreadPool(2, script);
    const abort = new AbortController();
    const fit = learners.boosting.fit(problem(40_000), [{ parameters: {} }], {
      seed: 4,
      report: ({ step }) => {
        if (step === 3) abort.abort(new Error('enough'));
      },
      signal: abort.signal,
      tensorBackend: () => Promise.reject(new Error('No tensors.')),
      threads: pool,
    });
    await expect(fit).rejects.toThrow('enough');
    // A thread that still served would never answer this one.
    await expect(pool.run(SERVE, stopped())).resolves.toBeUndefined();
    await pool.close();
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
