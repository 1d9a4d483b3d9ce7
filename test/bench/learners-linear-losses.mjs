// Linear models of large data with other losses than the squared one, beside scikit-learn where it has the same objective:
// `npm run bench learners-linear-losses [loss or penalty …]`. Writes its section of RESULTS.md. The peer's Python is TASKWEAVE_BENCH_PYTHON, else
// the virtual environment of learners-linear.mjs. TASKWEAVE_BENCH_ROUNDS (5): turns of each contender; TASKWEAVE_BENCH_LIMIT (120):
// seconds that a turn may take: one that took more has no second.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { renewRows, writeSection } from './results.mjs';

const SIZE = { rows: 225_000, features: 50, tasks: 5 };
const WORKS = [
  { loss: 'logistic', penalty: 'ridge', lambdas: [0.1, 0.01, 0.001], peers: ['newton-cholesky', 'lbfgs'] },
  { loss: 'logistic', penalty: 'lasso', lambdas: [0.03, 0.01, 0.003], peers: ['saga'] },
  { loss: 'logistic', penalty: 'group-lasso', lambdas: [0.03, 0.01, 0.003], peers: [] },
  { loss: 'logistic', penalty: 'trace', lambdas: [0.03, 0.01, 0.003], peers: [] },
  { loss: 'softmax', penalty: 'ridge', lambdas: [0.1, 0.01, 0.001], peers: ['newton-cholesky', 'lbfgs'] },
  { loss: 'softmax', penalty: 'lasso', lambdas: [0.03, 0.01, 0.003], peers: ['saga'] },
  { loss: 'softmax', penalty: 'group-lasso', lambdas: [0.03, 0.01, 0.003], peers: [] },
  { loss: 'poisson', penalty: 'ridge', lambdas: [0.1, 0.01, 0.001], peers: ['newton-cholesky', 'lbfgs'] },
  { loss: 'poisson', penalty: 'group-lasso', lambdas: [0.03, 0.01, 0.003], peers: [] },
  { loss: 'huber', penalty: 'ridge', lambdas: [0.1, 0.01, 0.001], peers: ['HuberRegressor'] },
  { loss: 'huber', penalty: 'group-lasso', lambdas: [0.03, 0.01, 0.003], peers: [] },
];
const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.env.TASKWEAVE_BENCH_ROUNDS ?? 5);
const limit = Number(process.env.TASKWEAVE_BENCH_LIMIT ?? 120);
const python = process.env.TASKWEAVE_BENCH_PYTHON ?? join(tmpdir(), 'taskweave-bench-linear/bin/python');
const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'taskweave-losses-bench-'));

if (spawnSync(python, ['-c', 'import sklearn']).status !== 0) {
  console.log(
    `${python} has no scikit-learn: run learners-linear first, or name another in TASKWEAVE_BENCH_PYTHON.`,
  );
  process.exit(0);
}
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const node = { platform: 'node', format: 'esm', outExtension: { '.js': '.mjs' }, logLevel: 'error' };
  await esbuild.build({
    entryPoints: [join(here, 'linear/losses.ts')],
    bundle: true,
    outdir: folder,
    ...node,
  });
  const version = peer({ what: 'version' });
  peer({ what: 'data', ...SIZE });
  for (const work of WORKS.filter(isWanted)) {
    const rows = compare({ ...SIZE, ...work });
    write(version, rows);
  }
}

function isWanted({ loss, penalty }) {
  return wanted.length === 0 || wanted.includes(loss) || wanted.includes(penalty);
}

function compare(work) {
  const contenders = {
    Taskweave: () => run(process.execPath, [join(folder, 'losses.mjs'), JSON.stringify({ folder, ...work })]),
    ...Object.fromEntries(work.peers.map((name) => [name, () => peer({ what: 'fit', peer: name, ...work })])),
  };
  const turns = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  const over = new Set();
  for (let round = 0; round < rounds; round++) {
    for (const [name, turn] of Object.entries(contenders)) {
      if (over.has(name)) continue;
      const result = turn();
      if (result === undefined) over.add(name);
      else turns[name].push(result);
      console.log(work.loss, work.penalty, name, round, result?.cpu, loadavg()[0]);
    }
  }
  const comparable = Object.entries(turns).filter(
    ([name, own]) => own.length > 0 && name !== 'HuberRegressor',
  );
  writeFileSync(
    join(folder, 'fits.json'),
    JSON.stringify(Object.fromEntries(comparable.map(([name, own]) => [name, own[0].fits]))),
  );
  const excess = work.loss === 'huber' || comparable.length < 2 ? {} : peer({ what: 'excess', ...work });
  return Object.keys(contenders).map((name) => rowOf(work, name, turns, excess[name]));
}

function rowOf({ loss, penalty }, name, turns, excess) {
  const named = name === 'Taskweave' || name === 'HuberRegressor' ? name : `scikit-learn ${name}`;
  if (turns[name].length === 0) return `| ${loss}, ${penalty} | ${named} | > ${limit} s | | | |`;
  const cpu = medianOf(turns[name].map((turn) => turn.cpu));
  const ratio = cpu / medianOf(turns.Taskweave.map((turn) => turn.cpu));
  const { gap } = turns[name][0];
  const cells = [
    `${loss}, ${penalty}`,
    named,
    cpu.toFixed(2),
    `${ratio.toFixed(1)}×`,
    gap?.toExponential(1) ?? '',
    excess?.toExponential(1) ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function write(version, rows) {
  const all = renewRows('learners: linear losses', rows, 2);
  writeSection(
    'learners: linear losses',
    `${SIZE.rows.toLocaleString('en')} × ${SIZE.features}, ${SIZE.tasks} tasks (softmax: one of 4 classes), 3 λ, on all rows, one thread. Taskweave: one path of all tasks, to a duality gap
of 1e-6 of the objective at zero weights, features block by block from a file in the system's cache, standardising included; scikit-learn: a
task after the other, \`tol=1e-5\`, warm starts, features in memory and standardised before. HuberRegressor's objective is another (it estimates the scale, too).
Contenders in turns, each in a fresh process; medians of ${rounds}. \`excess\`: how far a contender's objective is above the least one of all, as a part of
it, at the worst λ. Load of the machine at the end: ${loadavg()[0].toFixed(1)}.

| loss, penalty | contender | CPU seconds | of Taskweave's | gap | excess |
|---|---|---|---|---|---|
${all.join('\n')}

${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}, ${version}.`,
  );
}

function medianOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function peer(work) {
  return run(python, [join(here, 'linear/losses.py'), JSON.stringify({ folder, ...work })]);
}

/** @returns what the process printed, as JSON; undefined when it ran out of time */
function run(command, args) {
  const { status, signal, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 1000 * limit,
    maxBuffer: 2 ** 28,
  });
  if (signal) return undefined;
  if (status !== 0) throw new Error(`${command} ended with status ${status}.`);
  return JSON.parse(stdout);
}
