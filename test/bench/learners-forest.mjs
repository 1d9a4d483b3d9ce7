// Forests beside scikit-learn, side by side and in turns: `npm run bench learners-forest`. Writes its section of RESULTS.md.
// scikit-learn's Python is TASKWEAVE_BENCH_PYTHON, else a virtual environment in the temporary folder, made on first use.
// Arguments: names of the data to run, all when there is none. TASKWEAVE_BENCH_TREES (100): trees of the speed table.
// TASKWEAVE_BENCH_ROUNDS (5): turns of each contender; TASKWEAVE_BENCH_SEEDS (10): seeds of the accuracy tables.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { writeSection } from './results.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.env.TASKWEAVE_BENCH_ROUNDS ?? 5);
const seeds = Number(process.env.TASKWEAVE_BENCH_SEEDS ?? 10);
const folder = mkdtempSync(join(tmpdir(), 'taskweave-forest-bench-'));
const shared = sharedData();
const trees = Number(process.env.TASKWEAVE_BENCH_TREES ?? 100);
const wanted = process.argv.slice(2);
const isWanted = (data) => wanted.length === 0 || wanted.includes(data);
const TABLES = ['adult', 'tetouan_power', 'synthetic'].filter(isWanted);

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const python = findPython();
  const entryPoints = { ours: join(here, 'forest/ours.ts'), thread: join(here, '../../src/jobs/thread.ts') };
  const node = { platform: 'node', format: 'esm', outExtension: { '.js': '.mjs' }, logLevel: 'error' };
  await esbuild.build({ entryPoints, bundle: true, outdir: folder, ...node });
  const base = { kind: 'forest', folder, shared, threadScript: join(folder, 'thread.mjs') };
  const ours = (work) =>
    run(process.execPath, [join(folder, 'ours.mjs'), JSON.stringify({ ...base, ...work })]);
  const peer = (work) => run(python, [join(here, 'forest/peer.py'), JSON.stringify({ ...base, ...work })]);
  const version = await peer({ what: 'version' });

  const accuracy = [];
  const speed = [];
  for (const data of TABLES) {
    const turns = { ours: [], peer: [], single: [] };
    for (let round = 0; round < rounds; round++) {
      const work = { what: 'speed', data, seeds: round, trees };
      turns.ours.push(await ours({ ...work, threads: 2 }));
      turns.peer.push(await peer({ ...work, threads: 2 }));
      turns.single.push(await ours({ ...work, threads: 1 }));
      console.log(
        data,
        round,
        ...Object.values(turns).map((list) => list.at(-1).seconds.toFixed(2)),
        loadavg()[0],
      );
    }
    speed.push(speedRow(data, turns));
    console.log(speed.at(-1));
    write(version, speed, accuracy);
  }
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
      accuracy.push(accuracyRow(kind, data, a, b));
      console.log(accuracy.at(-1));
      write(version, speed, accuracy);
    }
  }
}

function write(version, speed, accuracy) {
  writeSection(
    'learners: forests',
    `${trees} trees, fit alone (bins included), each turn in a fresh process; contenders in turns, medians of ${rounds}. Scores are means over
tasks on held-out rows: R² of regressions, accuracy of binary tasks. scikit-learn has 2 processes (\`n_jobs=2\`) and needs one-hot columns
and standardised targets for adult's mixed tasks; Taskweave has 2 threads, or 1 in the last column. The ratio is the median of the
rounds' own ratios, so that it holds when the machine's speed drifts.

| data | Taskweave, 2 threads | scikit-learn, n_jobs=2 | ratio | CPU seconds | ratio | score | score of scikit-learn | Taskweave, 1 thread |
|---|---|---|---|---|---|---|---|---|
${speed.join('\n')}

Accuracy, mean of ${seeds} seeds ± standard error: aRRMSE with folds by row index mod 10 (enb, slump, wq, atp1d), Hamming loss on the
published splits (yeast, emotions).

| learner | data | Taskweave | scikit-learn | difference |
|---|---|---|---|---|
${accuracy.join('\n')}

${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}, ${version}. ranger (r-cran-ranger in Debian) has no multi-output forest and is not compared yet.`,
  );
}

function speedRow(data, { ours, peer, single }) {
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
    `${median(of(single, 'seconds')).toFixed(2)} s`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function accuracyRow(kind, data, ours, peer) {
  const cell = (values) => {
    const deviation = Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
    return `${mean(values).toFixed(4)} ± ${(deviation / Math.sqrt(values.length)).toFixed(4)}`;
  };
  return `| ${kind} | ${data} | ${cell(ours)} | ${cell(peer)} | ${(mean(ours) - mean(peer)).toFixed(4)} |`;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @returns what the process printed, as JSON */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('close', (status) => {
      if (status === 0) resolve(JSON.parse(text));
      else reject(new Error(`${command} ended with status ${status}.`));
    });
  });
}

function findPython() {
  if (process.env.TASKWEAVE_BENCH_PYTHON) return process.env.TASKWEAVE_BENCH_PYTHON;
  const environment = join(tmpdir(), 'taskweave-bench-learners');
  const python = join(environment, 'bin', 'python');
  const can = () => spawnSync(python, ['-c', 'import sklearn, pandas']).status === 0;
  if (can()) return python;
  spawnSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' });
  spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'scikit-learn', 'pandas'], { stdio: 'inherit' });
  if (can()) return python;
  throw new Error('There is no Python with scikit-learn: name one in TASKWEAVE_BENCH_PYTHON.');
}

function sharedData() {
  for (let at = here; at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, 'shared', 'data'))) return join(at, 'shared', 'data');
  }
  console.log('shared/data is not here: the forests are not compared with scikit-learn.');
  process.exit(0);
}
