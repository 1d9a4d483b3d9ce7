// L2,1 paths beside scikit-learn, celer and glmnet, side by side and in turns: `npm run bench learners-linear`. Writes its section of RESULTS.md.
// The peers' Python is TASKWEAVE_BENCH_PYTHON, else a virtual environment in the temporary folder, made on first use; glmnet is
// Rscript's, where there is one. Arguments: names of the data to run, all when there is none.
// TASKWEAVE_BENCH_ROUNDS (5): turns of each contender; one that took more than a minute has no second turn.
// TASKWEAVE_BENCH_LIMIT (900): seconds that a turn may take.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { findPython, median, run, sharedData } from './contenders.mjs';
import { renewRows, writeSection } from './results.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.env.TASKWEAVE_BENCH_ROUNDS ?? 5);
const limit = Number(process.env.TASKWEAVE_BENCH_LIMIT ?? 900);
const LONG = 60;
/** At 1e-11 the gap on wq, atp1d and oes97 is about 3e-5; on wq it is 2e-7 at 1e-14. */
const THRESH = '1e-13';
const folder = mkdtempSync(join(tmpdir(), 'taskweave-linear-bench-'));
const shared = sharedData();
const wanted = process.argv.slice(2);
const DATA = {
  wq: '1,060 × 16 × 14',
  atp1d: '337 × 411 × 6',
  oes97: '334 × 263 × 16',
  synthetic: '2,000 × 2,000 × 10',
};

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const python = findPython('linear', ['sklearn', 'celer', 'pandas'], [['scikit-learn', 'celer', 'pandas']]);
  const hasGlmnet = spawnSync('Rscript', ['-e', 'library(glmnet); library(jsonlite)']).status === 0;
  const node = { platform: 'node', format: 'esm', outExtension: { '.js': '.mjs' }, logLevel: 'error' };
  await esbuild.build({ entryPoints: [join(here, 'linear/ours.ts')], bundle: true, outdir: folder, ...node });
  const peer = (work) =>
    run(python, [join(here, 'linear/peer.py'), JSON.stringify({ folder, shared, ...work })], limit);
  const version = (await peer({ what: 'version' })) ?? 'peers';
  let glmnetVersion = '';
  const rows = [];
  for (const data of Object.keys(DATA).filter((name) => wanted.length === 0 || wanted.includes(name))) {
    await peer({ what: 'data', data });
    const contenders = {
      Taskweave: () =>
        run(process.execPath, [join(folder, 'ours.mjs'), JSON.stringify({ folder, data })], limit),
      'scikit-learn': () => peer({ what: 'cv', data, peer: 'scikit-learn' }),
      celer: () => peer({ what: 'cv', data, peer: 'celer' }),
      ...(hasGlmnet && {
        glmnet: () => run('Rscript', [join(here, 'linear/peer.R'), folder, data, THRESH], limit),
      }),
    };
    const turns = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
    const over = new Set();
    for (let round = 0; round < rounds; round++) {
      for (const [name, turn] of Object.entries(contenders)) {
        if (over.has(name)) continue;
        const result = await turn();
        if (result === undefined || result.seconds > LONG) over.add(name);
        if (result) turns[name].push(result);
        glmnetVersion = result?.version ? `, glmnet ${result.version}` : glmnetVersion;
        console.log(data, name, round, result, loadavg()[0]);
      }
    }
    const gaps = {};
    for (const name of ['scikit-learn', 'celer']) {
      if (turns[name].length > 0) gaps[name] = (await peer({ what: 'gap', data, peer: name }))?.gap;
    }
    rows.push(...Object.keys(contenders).map((name) => rowOf(data, name, turns, gaps[name])));
    write(`${version}${glmnetVersion}`, rows);
  }
}

function rowOf(data, name, turns, measuredGap) {
  const own = turns[name];
  if (own.length === 0) return `| ${data}, ${DATA[data]} | ${name} | > ${limit} s | | | | |`;
  const middle = (key) => median(own.map((turn) => turn[key]));
  const ratio = (key) => (middle(key) / median(turns.Taskweave.map((turn) => turn[key]))).toFixed(1);
  const gap = measuredGap ?? own[0].gap;
  const cells = [
    `${data}, ${DATA[data]}`,
    name,
    `${middle('seconds').toFixed(2)} s`,
    `${ratio('seconds')}×`,
    middle('cpu').toFixed(2),
    `${ratio('cpu')}×`,
    gap === undefined ? '?' : gap.toExponential(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

function write(version, rows) {
  writeSection(
    'learners: linear',
    `The L2,1 path: 100 λ down to λ_max / 1000, 5 folds in 2 processes, and the refit at the best λ (celer, glmnet: without), on the same z-scored
matrices, to a duality gap of 1e-6 of the objective at zero weights. scikit-learn: \`MultiTaskLassoCV(n_jobs=2, tol=5e-7)\`, celer: \`mtl_path(tol=5e-7)\`, which is that
gap in their terms; glmnet has no such rule: \`mgaussian\`, \`thresh=${THRESH}\`. Contenders in turns, each in a fresh process; medians of
${rounds}, of one where a turn took more than a minute. Times as multiples of Taskweave's, which goes down the path of all rows while the last fold is
under way. The last column is the largest gap reached, of the peers on the first fold; celer's by its own dual points.

| data | contender | seconds | of Taskweave's | CPU seconds | of Taskweave's | gap |
|---|---|---|---|---|---|---|
${renewRows('learners: linear', rows, 2).join('\n')}

${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}, ${version}.`,
  );
}
