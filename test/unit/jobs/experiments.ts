import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import esbuild from 'esbuild';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { Leaderboard } from '../../../src/core/evaluate/leaderboard';
import { Random } from '../../../src/core/random';

export interface Bundles {
  readonly worker: string;
  readonly query: string;
  /** CommonJS with what `src/jobs` exports, for a coordinator in a process of its own. */
  readonly api: string;
}

/** Workers do their trials through `held-trials`, which lets a test hold one. */
const heldTrials: esbuild.Plugin = {
  name: 'held-trials',
  setup: (build) =>
    build.onResolve({ filter: /^\.\/trials$/ }, ({ importer }) =>
      importer.endsWith('worker.ts') ? { path: resolve('test/unit/jobs/held-trials.ts') } : undefined,
    ),
};

/** A trial that waits in its worker. */
export interface Hold {
  /** Process of the worker in which it waits; 0 before. */
  pid(): number;
  /** It goes on, and nothing is held any more. */
  release(): void;
}

/** Holds the first trial of a kind, or, until its worker is killed, the first training that has written a checkpoint. */
export function holdFirst(kind: 'fit' | 'refit' | 'report' | 'checkpoint'): Hold {
  const folder = mkdtempSync(join(tmpdir(), 'taskweave-hold-'));
  writeFileSync(join(folder, 'wanted'), kind);
  process.env.TASKWEAVE_TEST_HOLD = folder;
  onTestFinished(() => {
    delete process.env.TASKWEAVE_TEST_HOLD;
    rmSync(folder, { recursive: true });
  });
  return {
    pid: () => Number(readIfThere(join(folder, 'held'))),
    release: () => writeFileSync(join(folder, 'released'), ''),
  };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Bundles of the job processes, built once for a test file, in a folder that goes away. */
export function bundles(): () => Bundles {
  let folder = '';
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'taskweave-jobs-')));
    process.env.TASKWEAVE_CACHE_DIR = join(folder, 'index-cache');
    await esbuild.build({
      entryPoints: {
        worker: 'src/jobs/worker.ts',
        thread: 'src/jobs/thread.ts',
        query: 'src/jobs/query-worker.ts',
        api: 'src/jobs/index.ts',
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outdir: folder,
      external: ['@tensorflow/tfjs-node'],
      logLevel: 'silent',
      plugins: [heldTrials],
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => ({
    worker: join(folder, 'worker.js'),
    query: join(folder, 'query.js'),
    api: join(folder, 'api.js'),
  });
}

/** A new experiment of mixed tasks with missing labels; everything goes away with the folder of the bundles. */
export function writeExperiment(
  bundles: Bundles,
  options: { trees?: number; rows?: number; extra?: string } = {},
): string {
  const folder = mkdtempSync(join(dirname(bundles.worker), 'experiment-'));
  writeFileSync(join(folder, 'table.csv'), mixedTable(options.rows ?? 160));
  const path = join(folder, 'mixed.mtl.yaml');
  writeFileSync(
    path,
    `data: { source: table.csv, test: 0.25, folds: 3, seed: 7 }
tasks:
  size: { target: size }
  kind: { target: kind }
  flag: { target: flag }
models:
  linear: { kind: linear, penalty: group-lasso, lambda: [1, 0.3, 0.1] }
  forest: { kind: forest, trees: ${options.trees ?? 10} }
ensembles:
  average: { combine: mean }
  weighted: { combine: weighted }
${options.extra ?? ''}`,
  );
  return path;
}

/** Columns a, b, c, colour; a regression, a multiclass and a binary target with gaps. */
export function mixedTable(rows: number): string {
  const random = new Random(5);
  const lines = ['a,b,c,colour,size,kind,flag'];
  for (let i = 0; i < rows; i++) {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()];
    const colour = ['red', 'green', 'blue'][random.integer(3)];
    const signal = a - 0.5 * b + (colour === 'red' ? 1 : 0);
    const size = random.uniform() < 0.2 ? '' : (3 * signal + 0.3 * random.normal()).toFixed(4);
    const score = signal + 0.3 * random.normal();
    const kind = random.uniform() < 0.1 ? '' : score < -0.5 ? 'low' : score < 0.8 ? 'middle' : 'high';
    const flag = random.uniform() < 0.1 ? 'NA' : score + 0.5 * random.normal() > 0.2 ? 'yes' : 'no';
    lines.push([a.toFixed(5), b.toFixed(5), c.toFixed(5), colour, size, kind, flag].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** A leaderboard without what may differ between two runs of the same experiment: times. */
export function withoutTimes(leaderboard: Leaderboard | null): unknown {
  if (leaderboard === null) return null;
  const { advice: _, ...board } = leaderboard;
  return {
    ...board,
    rows: leaderboard.rows.map(({ cpuSeconds, fitSeconds, predictSeconds, onFront, ...row }) => row),
  };
}
