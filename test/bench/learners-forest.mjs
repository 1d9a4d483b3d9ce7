// Forests beside scikit-learn and ranger, side by side and in turns: `npm run bench learners-forest`. Writes its sections of RESULTS.md.
// scikit-learn's Python is TASKWEAVE_BENCH_PYTHON, else a virtual environment in the temporary folder, made on first use.
// ranger runs where Rscript finds it (Debian: r-cran-ranger), one forest a task.
// Arguments: parts (speed, accuracy, memory) and names of data; all when there is none. TASKWEAVE_BENCH_TREES (100): trees of the
// speed table. TASKWEAVE_BENCH_ROUNDS (5): turns of each contender; TASKWEAVE_BENCH_SEEDS (10): seeds of the accuracy tables.
// TASKWEAVE_BENCH_SECONDS (240): time of a row of the speed table, after which no further round of it begins.
// TASKWEAVE_BENCH_RANGER (120): seconds after which a turn of ranger is ended; 0 leaves it out.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { findPython, mean, median, run, sharedData } from './contenders.mjs';
import { renewRows, writeSection } from './results.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.env.TASKWEAVE_BENCH_ROUNDS ?? 5);
const seeds = Number(process.env.TASKWEAVE_BENCH_SEEDS ?? 10);
const folder = mkdtempSync(join(tmpdir(), 'taskweave-forest-bench-'));
const shared = sharedData();
const rangerSeconds = Number(process.env.TASKWEAVE_BENCH_RANGER ?? 120);
const hasRanger = spawnSync('Rscript', ['-e', 'library(ranger); library(jsonlite)']).status === 0;
const trees = Number(process.env.TASKWEAVE_BENCH_TREES ?? 100);
const rowSeconds = Number(process.env.TASKWEAVE_BENCH_SECONDS ?? 240);
const PARTS = ['speed', 'accuracy', 'memory'];
const parts = process.argv.slice(2).filter((argument) => PARTS.includes(argument));
const wanted = process.argv.slice(2).filter((argument) => !PARTS.includes(argument));
const isPart = (part) => parts.length === 0 || parts.includes(part);
const isWanted = (data) => wanted.length === 0 || wanted.includes(data);
const TABLES = ['adult', 'tetouan_power', 'synthetic'].filter(isWanted);

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const python = findPython('learners', ['sklearn', 'pandas'], [['scikit-learn', 'pandas']]);
  const entryPoints = { ours: join(here, 'forest/ours.ts'), thread: join(here, '../../src/jobs/thread.ts') };
  const node = { platform: 'node', format: 'esm', outExtension: { '.js': '.mjs' }, logLevel: 'error' };
  await esbuild.build({ entryPoints, bundle: true, outdir: folder, ...node });
  const base = { kind: 'forest', folder, shared, threadScript: join(folder, 'thread.mjs') };
  const ours = (work) =>
    run(process.execPath, [join(folder, 'ours.mjs'), JSON.stringify({ ...base, ...work })]);
  const peer = (work) => run(python, [join(here, 'forest/peer.py'), JSON.stringify({ ...base, ...work })]);
  const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}`;
  const notes = `${machine}, ${await peer({ what: 'version' })}${hasRanger ? ', ranger' : ''}.`;
  if (isPart('speed') && TABLES.length > 0) await speedPart(ours, peer, notes);
  if (isPart('accuracy')) await accuracyPart(ours, peer, notes);
  if (isPart('memory')) await memoryPart(ours, notes);
}

async function speedPart(ours, peer, notes) {
  const rows = [];
  for (const data of TABLES) {
    const turns = { ours: [], peer: [], single: [], ranger: [] };
    const end = performance.now() + 1000 * rowSeconds;
    for (let round = 0; round < rounds && (round === 0 || performance.now() < end); round++) {
      const work = { what: 'speed', data, seeds: round, trees };
      turns.ours.push(await ours({ ...work, threads: 2 }));
      turns.peer.push(await peer({ ...work, threads: 2 }));
      turns.single.push(await ours({ ...work, threads: 1 }));
      const again = round === 0 || (round === 1 && turns.ranger[0]?.seconds !== undefined);
      if (hasRanger && rangerSeconds > 0 && again) turns.ranger.push(await ranger(work));
      const seconds = Object.values(turns).map((list) => list.at(-1)?.seconds?.toFixed(2));
      console.log(data, round, ...seconds, loadavg()[0]);
    }
    rows.push(speedRow(data, turns));
    console.log(rows.at(-1));
    writeSection(
      'learners: forests',
      `${trees} trees, fit alone (bins included), each turn in a fresh process; contenders in turns, medians of up to ${rounds} (what ${rowSeconds} s
hold; ranger 2, a turn ended after ${rangerSeconds} s). Scores are means over tasks on held-out rows: R² of regressions, accuracy of binary tasks. scikit-learn has 2 processes
(\`n_jobs=2\`) and needs one-hot columns and standardised targets for adult's mixed tasks; ranger grows a forest a task with 2 threads;
Taskweave has 2 threads, or 1 in the last column, and scores the rows out of the bag, which the others were not asked for. A ratio is the median of the rounds' own ratios, so that it holds when the machine's
speed drifts.

| data | Taskweave, 2 threads | scikit-learn, n_jobs=2 | ratio | CPU seconds | ratio | score | score of scikit-learn | ranger | Taskweave, 1 thread |
|---|---|---|---|---|---|---|---|---|---|
${renewRows('learners: forests', rows).join('\n')}

${hasRanger ? '' : 'ranger is not on this machine. '}${notes} Load of the machine over the last minute at the end: ${loadavg()[0].toFixed(1)}.`,
    );
  }
}

async function accuracyPart(ours, peer, notes) {
  const rows = [];
  for (const kind of ['forest', 'extra-trees']) {
    for (const [what, data] of [
      ['folds', 'enb'],
      ['folds', 'slump'],
      ['published', 'emotions'],
      ['published', 'yeast'],
      ['folds', 'wq'],
      ['folds', 'atp1d'],
    ]) {
      if (!isWanted(data)) continue;
      const work = { kind, what, data, seeds, trees: 100 };
      const [a, b] = [await ours({ ...work, threads: 1 }), await peer({ ...work, threads: 2 })];
      rows.push(accuracyRow(kind, data, a, b));
      console.log(rows.at(-1));
      writeSection(
        'learners: forests, accuracy',
        `Mean of ${seeds} seeds ± standard error, 100 trees: aRRMSE with folds by row index mod 10 (enb, slump, wq, atp1d), Hamming loss on the
published splits (yeast, emotions).

| learner | data | Taskweave | scikit-learn | difference | in standard errors of it |
|---|---|---|---|---|---|
${renewRows('learners: forests, accuracy', rows, 2).join('\n')}

${notes}`,
      );
    }
  }
}

async function memoryPart(ours, notes) {
  const rows = [];
  for (const [data, count] of [
    ['synthetic', 100_000],
    ['million', 1_000_000],
  ]) {
    if (!isWanted(data)) continue;
    const { encoded, before, peak } = await ours({
      what: 'memory',
      data,
      rows: count,
      seeds: 0,
      trees: 10,
      threads: 2,
    });
    const cells = [before, peak, peak - before].map((bytes) => `${Math.round(bytes / 1e6)} MB`);
    const share = ((peak - before) / encoded).toFixed(2);
    rows.push(
      `| ${count.toLocaleString('en')} × 50, 5 tasks | ${Math.round(encoded / 1e6)} MB | ${cells.join(' | ')} | ${share} |`,
    );
    console.log(rows.at(-1));
    writeSection(
      'learners: forests, memory',
      `A fit of 10 trees with 2 threads, in one process: resident memory with the data set read, the most of it during the fit, and what the fit
adds. The data set is 8 bytes a cell and label.

| data | data set | before | most | added | of the data set |
|---|---|---|---|---|---|
${rows.join('\n')}

${notes}`,
    );
  }
}

/** One forest a task by ranger, 2 threads; nothing is known of a turn that takes too long. */
async function ranger(work) {
  const script = join(here, 'forest/ranger.R');
  return (await run('Rscript', [script, JSON.stringify({ ...work, folder, shared })], rangerSeconds)) ?? {};
}

function speedRow(data, { ours, peer, single, ranger }) {
  const names = { synthetic: '100,000 × 50, 5 binary tasks' };
  const of = (list, key) => list.map((turn) => turn[key]);
  const ratio = (key) => median(peer.map((turn, i) => turn[key] / ours[i][key]));
  const score = (list) => mean(list.map(({ scores }) => mean(scores))).toFixed(4);
  const cells = [
    names[data] ?? data,
    `${median(of(ours, 'seconds')).toFixed(2)} s`,
    `${median(of(peer, 'seconds')).toFixed(2)} s`,
    `${ratio('seconds').toFixed(1)}×`,
    `${median(of(ours, 'cpu')).toFixed(1)} / ${median(of(peer, 'cpu')).toFixed(1)}`,
    `${ratio('cpu').toFixed(1)}×`,
    score(ours),
    score(peer),
    rangerCell(
      ranger.filter(({ seconds }) => seconds !== undefined),
      ranger.length,
    ),
    `${median(of(single, 'seconds')).toFixed(2)} s`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function rangerCell(ended, begun) {
  if (begun === 0) return '–';
  if (ended.length === 0) return `more than ${rangerSeconds} s`;
  const score = mean(ended.map(({ scores }) => mean(scores)));
  return `${median(ended.map(({ seconds }) => seconds)).toFixed(2)} s, ${score.toFixed(4)}`;
}

function accuracyRow(kind, data, ours, peer) {
  const error = (values) =>
    Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) / Math.max(1, values.length - 1));
  const cell = (values) => `${mean(values).toFixed(4)} ± ${error(values).toFixed(4)}`;
  const difference = mean(ours) - mean(peer);
  const errors = difference / Math.hypot(error(ours), error(peer));
  return `| ${kind} | ${data} | ${cell(ours)} | ${cell(peer)} | ${difference.toFixed(4)} | ${errors.toFixed(1)} |`;
}
