// Memory of whole runs: `npm run bench memory [learner …]`. Runs `taskweave run` on a synthetic table, sums over its process tree what
// each process has in memory (Linux: /proc; a page shared by several counts once, by its shares), and keeps the highest sum.
// TASKWEAVE_BENCH_ROWS (500,000): rows; TASKWEAVE_BENCH_SECONDS (600): most time for a row of the table.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memoryOf, treeOf } from './memory/process-tree.mjs';
import { writeSection } from './results.mjs';

const FEATURES = 50;
const TASKS = 5;
const rows = Number(process.env.TASKWEAVE_BENCH_ROWS ?? 500_000);
const limit = Number(process.env.TASKWEAVE_BENCH_SECONDS ?? 600);
const cli = process.env.TASKWEAVE_CLI ?? join(dirname(fileURLToPath(import.meta.url)), '../../dist/cli.js');
/** The targets are numbers, or for `binary` whether these are above 0. */
const MODELS = {
  linear: { targets: 'numbers', model: '{ kind: linear, penalty: group-lasso, lambda: { points: 3 } }' },
  logistic: { targets: 'binary', model: '{ kind: linear, penalty: group-lasso, lambda: { points: 3 } }' },
  forest: {
    targets: 'numbers',
    model: '{ kind: forest, trees: 4, max_features: sqrt, min_samples_leaf: 50 }',
  },
  boosting: {
    targets: 'numbers',
    model: '{ kind: boosting, rounds: 10, early_stopping: false, lambda: [0.1, 10] }',
  },
};

if (!existsSync('/proc/self/smaps_rollup')) {
  console.log('There is no /proc/<pid>/smaps_rollup here: memory is not measured.');
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'taskweave-memory-'));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const bytes = 8 * rows * (FEATURES + TASKS);
  const wanted = process.argv.slice(2);
  const results = [];
  let written;
  for (const [name, { targets, model }] of Object.entries(MODELS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    if (targets !== written) {
      rmSync(join(folder, '.taskweave'), { recursive: true, force: true });
      writeTable(join(folder, 'data.csv'), targets);
      written = targets;
    }
    const path = join(folder, `${name}.mtl.yaml`);
    writeFileSync(path, experiment(name, model));
    const peaks = await measure(path);
    const cell = (value) => `${(value / 2 ** 20).toFixed(0)} MiB (${(value / bytes).toFixed(2)}×)`;
    const status =
      peaks.status === 0 ? '' : ` (${peaks.status === null ? 'stopped at its limit' : 'failed'})`;
    results.push(
      `| ${name}${status} | ${cell(peaks.reading)} | ${cell(peaks.training)} | ${peaks.processes} | ${peaks.seconds.toFixed(0)} s |`,
    );
    console.log(results.at(-1));
  }
  if (wanted.length > 0) return;
  writeSection(
    'memory',
    `${rows.toLocaleString('en')} × ${FEATURES} features, ${TASKS} regression tasks (logistic: binary tasks), ${(bytes / 2 ** 20).toFixed(0)} MiB as float64 columns; \`taskweave run\` with 2 folds and the
single-task twins, on all processors. Highest sum over the process tree (coordinator, workers; a page shared by several counts once), in
brackets over the data. \`reading\`: the file (by runs after the first one, the
store's cache of it) is read, checked and planned; \`training\`: all after that. The mark is 2×.

| run | reading | training | most processes | time |
|---|---|---|---|---|
${results.join('\n')}

${cpus()[0].model}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}.`,
  );
}

function experiment(name, model) {
  const tasks = Array.from({ length: TASKS }, (_, t) => `  y${t}: y${t}`);
  return `data: { source: data.csv, test: 0.1, folds: 2, seed: 1 }\ntasks:\n${tasks.join('\n')}\nmodels:\n  ${name}: ${model}\n`;
}

function writeTable(path, targets) {
  const file = openSync(path, 'w');
  const names = [...Array(FEATURES).keys()].map((f) => `x${f}`);
  for (let t = 0; t < TASKS; t++) names.push(`y${t}`);
  let text = `${names.join(',')}\n`;
  let state = 1;
  // Marsaglia's xorshift, as a number about 0 with few digits.
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.round((state / 2 ** 31) * 9999) / 1000;
  };
  for (let row = 0; row < rows; row++) {
    const x = Array.from({ length: FEATURES }, next);
    const common = x[0] + Math.abs(x[1]) - x[2];
    for (let t = 0; t < TASKS; t++) {
      const y = common + x[3 + t] + next();
      x.push(targets === 'binary' ? Number(y > 0) : y.toFixed(3));
    }
    text += `${x.join(',')}\n`;
    if (text.length > 1 << 20) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}

/** @returns bytes at the highest moment of reading and of training */
function measure(path) {
  return new Promise((resolve) => {
    const begun = performance.now();
    const child = spawn(process.execPath, [cli, 'run', path, '--json'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const peaks = { reading: 0, training: 0, processes: 0, seconds: 0, status: null };
    let phase = 'reading';
    child.stderr.on('data', (chunk) => {
      if (/^Run /m.test(String(chunk))) phase = 'training';
    });
    const look = setInterval(() => {
      const pids = treeOf(child.pid);
      peaks[phase] = Math.max(
        peaks[phase],
        pids.reduce((sum, pid) => sum + memoryOf(pid), 0),
      );
      peaks.processes = Math.max(peaks.processes, pids.length);
      if (performance.now() - begun > limit * 1000) child.kill('SIGTERM');
    }, 100);
    child.on('close', (status) => {
      clearInterval(look);
      resolve({ ...peaks, status, seconds: (performance.now() - begun) / 1000 });
    });
  });
}
