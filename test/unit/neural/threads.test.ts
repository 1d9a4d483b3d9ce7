import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FitContext } from '../../../src/core/learner/learner';
import { type NeuralParameters, neuralLearner } from '../../../src/core/learner/neural';
import { type KernelSeat, type Kernels, wasmKernels } from '../../../src/core/learner/neural/kernels';
import { Random } from '../../../src/core/random';
import { bits, context, kernelBytes, mixedProblem, parameters } from './support';

const workers: Worker[] = [];
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'taskweave-threads-'));
  await build({
    entryPoints: [join(import.meta.dirname, '../../../src/jobs/kernel-thread.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: join(folder, 'kernel-thread.js'),
  });
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.terminate()));
  rmSync(folder, { recursive: true });
});

function start(seat: KernelSeat): void {
  workers.push(new Worker(join(folder, 'kernel-thread.js'), { workerData: seat }));
}

describe('the bits of one thread are those', () => {
  it.each([2, 3])('of kernels that %i threads share', (count) => {
    const place = (slot: number) => slot * 1_048_576;
    const [k, n, rows] = [130, 140, 300];
    const work = (kernels: Kernels) => {
      const { run } = kernels;
      kernels.reserve(place(9));
      const random = new Random(5);
      for (let slot = 0; slot < 6; slot++) {
        for (let i = 0; i < 60_000; i++) kernels.numbers[place(slot) / 4 + i] = random.normal();
      }
      kernels.integers.set(
        Int32Array.from({ length: rows }, (_, i) => (i * 7) % rows),
        place(8) / 4,
      );
      for (let repeat = 0; repeat < 20; repeat++) {
        run.gather(place(5), 132, place(8), rows, rows, place(0));
        run.dense(place(0), k, place(1), place(2), place(6), n, rows, 0, rows, 1);
        run.denseBias(place(6), place(3), place(4), n, rows, rows, 1);
        run.denseWeights(place(0), k, place(6), place(7), n, rows, rows, 0, k);
        run.adam(place(1), place(7), place(2), place(4), 56_000, 0.01, 1, 0.1, 1);
        run.rectifyGradient(place(6), place(5), 56_000);
      }
      const bytes = new Uint8Array(kernels.integers.buffer, 0, place(9)).slice();
      return createHash('sha256').update(bytes).digest('hex');
    };
    const before = workers.length;
    const shared = work(wasmKernels(kernelBytes(), { count, start }));
    expect(workers.length - before).toBe(count - 1);
    expect(shared).toBe(work(wasmKernels(kernelBytes())));
  });

  const problem = mixedProblem({ rows: 260, features: 6, seed: 11, missing: [0.2, 0.1, 0.3] });
  const nets: readonly Partial<NeuralParameters>[] = [
    { dropout: 0.3, early_stopping: true, patience: 2, epochs: 12 },
    { architecture: 'mmoe', weighting: 'gradnorm', normalization: 'batch' },
    { architecture: 'soft-sharing', lambda_on: 'sharing', weighting: 'uncertainty', early_stopping: true },
    { weighting: 'dwa', optimizer: 'sgd', hidden: [256, 64], batch_size: 128 },
  ];
  it.each(nets)('of the members of a sweep of %o, each on one of them', async (given) => {
    const configurations = [0.3, 0.1, 0.03, 0.01, 0.001].map((lambda) => ({
      lambda,
      parameters: parameters({ hidden: [8, 5], epochs: 4, batch_size: 32, ...given }),
    }));
    const train = async (count: number) => {
      const bytes = kernelBytes();
      const threaded: FitContext = {
        ...context(3),
        tensorBackend: () =>
          Promise.resolve({
            name: 'wasm',
            kernels: bytes,
            ...(count > 1 && { kernelThreads: { count, start } }),
          }),
      };
      return (await neuralLearner.fit(problem, configurations, threaded)).map(bits);
    };
    const alone = await train(1);
    expect(await train(2)).toEqual(alone);
    expect(await train(4)).toEqual(alone);
    expect(await train(1)).toEqual(alone);
    expect(new Set(alone).size).toBe(5);
  });
});
