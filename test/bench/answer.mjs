// `npm run bench answer [trials] [tasks] [rows]`: what a report and the leaderboard query cost at size (5,000 trials, 1,000
// tasks, 10,000 rows), in CPU seconds: scoring, bootstrap and verdicts; ingesting the run; the query, first and again.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { writeSection } from './results.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const size = process.argv.slice(2);
const [trials = '5000', tasks = '1000', rows = '10000'] = size;
const folder = mkdtempSync(join(tmpdir(), 'taskweave-answer-'));
try {
  const bundle = join(folder, 'ours.cjs');
  await esbuild.build({
    entryPoints: [join(here, 'answer', 'ours.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: bundle,
    logLevel: 'error',
    external: ['@tensorflow/tfjs-node'],
  });
  const { status, stdout } = spawnSync(process.execPath, [bundle, folder, trials, tasks, rows], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TASKWEAVE_CACHE_DIR: join(folder, 'cache') },
  });
  if (status !== 0) process.exit(1);
  const { reportSeconds, reportMemory, megabytes, ingest, first, next, parse } = JSON.parse(stdout);
  const text = `${Number(trials).toLocaleString('en')} trials, ${Number(tasks).toLocaleString('en')} tasks (half regression, half binary), ${Number(rows).toLocaleString('en')} rows, five rows of the leaderboard of which two have a baseline. ${cpus()[0].model}, ${availableParallelism()} cores; CPU seconds of one process.

| what | CPU | |
| --- | ---: | --- |
| report: scores, 1,000 resamples, DeLong, verdicts, relatedness | ${reportSeconds.toFixed(1)} s | peak ${reportMemory.toFixed(0)} MB with labels and predictions |
| ingesting the run into the index | ${ingest.toFixed(2)} s | once |
| leaderboard query, the first after the run ended | ${first.toFixed(0)} ms | ${megabytes.toFixed(1)} MB of JSON |
| leaderboard query, again | ${next.toFixed(1)} ms | mark: 50 ms |
| the leaderboard from JSON, checked | ${parse.toFixed(0)} ms | in a view |`;
  console.log(text);
  if (size.length === 0) writeSection('answer', text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
