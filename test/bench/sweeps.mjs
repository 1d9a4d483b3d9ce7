// Sweeps beside scikit-learn's GridSearchCV and StackingRegressor, and Optuna with PyTorch: `npm run bench sweeps`, or some of
// `linear`, `logistic`, `forest`, `stacking`, `net`. Same table, grid, folds and learner; both on two cores. Writes its
// section of RESULTS.md. Ours is the whole `taskweave run`, from the process's start to the leaderboard, and, as the peer's clock
// begins after imports and reading, also the part from when the plan is made. TASKWEAVE_BENCH_PYTHON is a Python with scikit-learn, TASKWEAVE_BENCH_TORCH one with PyTorch and
// Optuna; TASKWEAVE_BENCH_ROUNDS (3) says how often each has its turn, TASKWEAVE_BENCH_DIST where the build is.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSection } from './results.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.env.TASKWEAVE_BENCH_ROUNDS ?? 3);
const cli = join(resolve(process.env.TASKWEAVE_BENCH_DIST ?? 'dist'), 'cli.js');
const python = process.env.TASKWEAVE_BENCH_PYTHON ?? 'python3';
const torch = process.env.TASKWEAVE_BENCH_TORCH ?? python;
const folder = mkdtempSync(join(tmpdir(), 'taskweave-bench-'));
/** A turn that takes longer is given up, and says so. */
const MOST_MS = 240_000;

const powers = (from, to, count) =>
  Array.from({ length: count }, (_, i) => 10 ** (from + ((to - from) * i) / (count - 1)));

const PARTS = {
  linear: {
    title: 'Lasso, 4,000 × 200, 60 λ × 5 folds',
    rows: 4000,
    features: 200,
    work: { lambdas: powers(0, -4, 60) },
    file: ({ work }) => `models:\n  m: { kind: linear, penalty: lasso, lambda: [${work.lambdas}] }`,
    peers: { 'GridSearchCV(Lasso), 2 jobs': {} },
    target: 5,
  },
  logistic: {
    title: 'Logistic regression with an L1 penalty, 4,000 × 100, 30 λ × 5 folds',
    rows: 4000,
    features: 100,
    binary: true,
    work: { lambdas: powers(-1, -4, 30) },
    file: ({ work }) => `models:\n  m: { kind: linear, penalty: lasso, lambda: [${work.lambdas}] }`,
    peers: { 'GridSearchCV(LogisticRegression), 2 jobs': {} },
    target: 5,
  },
  forest: {
    title: 'Random forest of 100 trees, 4,000 × 30, 6 configurations × 5 folds',
    rows: 4000,
    features: 30,
    // Far enough apart for one of them to be the best by more than chance.
    work: { trees: 100, leaves: [1, 20, 50], features: [0.1, 1] },
    file: ({ work }) =>
      `models:\n  m: { kind: forest, trees: ${work.trees} }\nsweeps:\n  s: { model: m, over: { min_samples_leaf: [${work.leaves}], max_features: [${work.features.map((x) => (x === 1 ? "'all'" : x))}] } }`,
    peers: { 'GridSearchCV(RandomForestRegressor), 2 jobs': {} },
    target: 5,
  },
  stacking: {
    title: 'Stack of lasso (60 λ × 5 folds) and a forest of 100 trees, 4,000 × 30, 5 folds',
    row: 'stack',
    rows: 4000,
    features: 30,
    work: { trees: 100, lambdas: powers(0, -4, 60) },
    file: ({ work }) =>
      `models:\n  l: { kind: linear, penalty: lasso, lambda: [${work.lambdas}] }\n  f: { kind: forest, trees: ${work.trees} }\nensembles:\n  stack: { combine: stacking }`,
    peers: { 'StackingRegressor(LassoCV, RandomForestRegressor), 2 jobs': {} },
    target: 5,
  },
  net: {
    title: 'Net 50-64-32 × 1 task, 4,000 rows, batch 64, 20 epochs, 12 configurations × 3 folds',
    rows: 4000,
    features: 50,
    folds: 3,
    work: {
      hidden: [64, 32],
      epochs: 20,
      batch: 64,
      rates: [0.0005, 0.002, 0.008],
      lambdas: [1e-2, 1e-3, 1e-4, 1e-5],
    },
    file: ({ work }) =>
      `models:\n  m: { kind: neural, hidden: [${work.hidden}], epochs: ${work.epochs}, batch_size: ${work.batch}, early_stopping: false }\nsweeps:\n  s: { model: m, over: { learning_rate: [${work.rates}], lambda: [${work.lambdas}] } }`,
    peers: {
      'Optuna + PyTorch, default threads': { threads: 0 },
      'Optuna + PyTorch, 1 thread': { threads: 1 },
    },
    target: 3,
  },
};

try {
  const wanted = process.argv.slice(2);
  for (const [name, part] of Object.entries(PARTS)) {
    if (wanted.length === 0 || wanted.includes(name)) await measure(name, part);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(name, part) {
  const table = join(folder, `${name}.csv`);
  const experiment = join(folder, `${name}.mtl.yaml`);
  writeFileSync(table, tableOf(part));
  writeFileSync(
    experiment,
    `data: { source: ${name}.csv, test: 0, folds: { column: fold } }\ntasks: { y0: y0 }\n${part.file(part)}\n`,
  );
  const turns = { Taskweave: [], ...Object.fromEntries(Object.keys(part.peers).map((one) => [one, []])) };
  for (let round = 0; round < rounds; round++) {
    turns.Taskweave.push(await ours(experiment, part.row));
    for (const [peer, more] of Object.entries(part.peers)) {
      const work = { what: name, table, ...part.work, ...more };
      turns[peer].push(await theirs(name === 'net' ? torch : python, work));
    }
    for (const [who, list] of Object.entries(turns)) {
      console.error(`${name} ${round + 1}/${rounds} ${who}: ${describe(list.at(-1))}`);
    }
  }
  writeSection(`sweeps: ${name}`, report(part, turns));
}

async function ours(experiment, name) {
  const begun = performance.now();
  // `times` of the shell: its children and theirs, the workers among them.
  const command = `"${process.execPath}" "${cli}" run "${experiment}" --fresh --quiet --json --workers 2; times >&2`;
  const { output, errors, failed } = await run('sh', ['-c', command]);
  if (failed) return { failed };
  const seconds = (performance.now() - begun) / 1000;
  const last = errors.trim().split('\n').at(-1) ?? '';
  const cpu = [...last.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
    0,
  );
  const { leaderboard, folder: runFolder } = JSON.parse(output);
  const row = leaderboard.find((one) => (name ? one.name === name : one.role !== 'baseline'));
  const values = Object.entries(row.hyperparameters ?? {}).map(([key, one]) => [key, one.value]);
  const winner = { ...(row.lambda !== null && { lambda: row.lambda }), ...Object.fromEntries(values) };
  const [metrics] = Object.values(row.validation.scores);
  return { seconds, search: searchSeconds(runFolder), cpu, winner, score: metrics.auc ?? metrics.r2 };
}

/** From when the run was opened, with its plan made, to the leaderboard: workers are started and read the data in it. */
function searchSeconds(runFolder) {
  const events = readFileSync(join(runFolder, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const at = (kind) => Date.parse(events.find((event) => event.kind === kind).time);
  return (at('closed') - at('opened')) / 1000;
}

async function theirs(interpreter, work) {
  const { output, errors, failed } = await run(interpreter, [
    join(here, 'sweeps', 'peer.py'),
    JSON.stringify(work),
  ]);
  if (failed) return { failed: `${failed} ${errors.trim().split('\n').at(-1) ?? ''}` };
  return JSON.parse(output.trim().split('\n').at(-1));
}

function run(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: MOST_MS });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('error', (error) => done({ output, errors, failed: error.message }));
    child.once('close', (code, signal) =>
      done({
        output,
        errors,
        failed: signal ? 'took too long.' : code === 0 ? undefined : `ended with ${code}.`,
      }),
    );
  });
}

/** A sparse linear signal with one interaction; features x, target y0, and the fold of each row. */
function tableOf({ rows, features, binary = false, folds = 5 }) {
  let state = 20260301;
  const uniform = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const weights = Array.from({ length: features }, (_, j) => (j < 12 ? normal() : 0));
  const lines = [[...weights.map((_, j) => `x${j}`), 'y0', 'fold'].join(',')];
  for (let i = 0; i < rows; i++) {
    const x = weights.map(() => normal());
    const signal = x.reduce((sum, value, j) => sum + value * weights[j], 0) + x[0] * x[1];
    const y = signal + 2 * normal();
    lines.push(
      [
        ...x.map((value) => value.toFixed(5)),
        binary ? Number(y > 0) : y.toFixed(5),
        Math.floor(uniform() * folds),
      ].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

function report({ title, target }, turns) {
  const best = (list, key) => Math.min(...list.flatMap((one) => (one.failed ? [] : [one[key]])));
  const own = {
    seconds: best(turns.Taskweave, 'seconds'),
    search: best(turns.Taskweave, 'search'),
    cpu: best(turns.Taskweave, 'cpu'),
  };
  const versions = Object.values(turns).flatMap((list) => list[0].versions ?? []);
  const rows = Object.entries(turns).map(([who, list]) => {
    const [first] = list;
    if (first.failed) return `| ${who} | – | – | – | – | – | – | ${first.failed} |`;
    const seconds = best(list, 'seconds');
    const cpu = best(list, 'cpu');
    const chosen = Object.entries(first.winner).map(
      ([key, value]) => `${key} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`,
    );
    const search = first.search === undefined ? seconds : own.search;
    return `| ${who} | ${seconds.toFixed(2)} | ${(seconds / own.seconds).toFixed(1)} | ${search.toFixed(2)} | ${(search / own.search).toFixed(1)} | ${cpu.toFixed(2)} | ${(cpu / own.cpu).toFixed(1)} | ${[...chosen, scoreOf(first)].join('; ')} |`;
  });
  const [{ model }] = cpus();
  return [
    `${title}. Goal: ${target} times the peer. ${model.replace(/ Processor.*/, '')}, ${cpus().length} cores; Node ${process.versions.node}; ${versions[0] ?? ''}. Least of ${rounds} turns each, in turn. Load of the machine at the end: ${loadavg()[0].toFixed(1)}. Ours is the whole command, process start, reading, mean/majority predictor, refit and leaderboard included; the peer's clock begins after imports and reading. \`search\`: ours from when the plan is made, start of the workers and their reading included.`,
    '',
    '| | seconds | times ours | search | times ours | CPU s | times ours | winner; its score on held-out rows |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** StackingRegressor says nothing of rows that it was not fitted on. */
function scoreOf({ score }) {
  return score === null ? 'no score on held-out rows' : score.toFixed(4);
}

function describe(one) {
  return (
    one.failed ??
    `${one.seconds.toFixed(2)} s${one.search === undefined ? '' : ` (search ${one.search.toFixed(2)} s)`}, ${one.cpu.toFixed(2)} CPU s, ${JSON.stringify(one.winner)} ${scoreOf(one)}`
  );
}
