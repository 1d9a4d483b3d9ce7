// `npm run bench flights [linear|forest]`: a table of 3,000,000 rows in Parquet (flights-3m of the npm package
// vega-datasets) through an experiment each of a linear model and a forest, with their baselines, folds and test split.
// Says the peak memory of the whole process tree (proportional set size: shared pages count once), wall clock, CPU.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSection } from './results.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const cli = process.env.TASKWEAVE_CLI ?? join(root, 'dist', 'cli.js');
const LIMIT_GB = 8;

const EXPERIMENTS = {
  linear: {
    what: 'group lasso, 3 λ × 2 folds, joint and each task alone; features date and origin (229 airports: 230 columns)',
    model: '{ kind: linear, penalty: group-lasso, lambda: [0.3, 0.1, 0.03] }',
    features: '[date, origin]',
  },
  forest: {
    what: '10 trees for both tasks together and for each alone, 2 folds; features date, origin and destination',
    model: '{ kind: forest, trees: 10, min_samples_leaf: 100 }',
    features: '[date, origin, destination]',
  },
};

const wanted = process.argv.slice(2).filter((name) => name in EXPERIMENTS);
const lines = [];
for (const name of wanted.length > 0 ? wanted : Object.keys(EXPERIMENTS)) {
  const result = await measure(name, EXPERIMENTS[name]);
  lines.push(result);
  console.log(result);
}
if (wanted.length === 0) {
  writeSection(
    'flights',
    `3,000,000 rows of flights in Parquet (13.5 MB, 11 row groups); two regressions (delay, distance), test split 20 %. ${cpus()[0].model}, ${availableParallelism()} cores. Peak memory is that of the whole process tree; the mark is ${LIMIT_GB} GB.

| experiment | peak memory | wall | CPU of the tree | best row |
| --- | ---: | ---: | ---: | --- |
${lines.join('\n')}`,
  );
}

async function measure(name, { what, model, features }) {
  const folder = mkdtempSync(join(tmpdir(), 'taskweave-flights-'));
  try {
    copyFileSync(
      join(root, 'node_modules/vega-datasets/data/flights-3m.parquet'),
      join(folder, 'flights.parquet'),
    );
    const path = join(folder, `${name}.mtl.yaml`);
    writeFileSync(
      path,
      `data: { source: flights.parquet, features: ${features}, test: 0.2, folds: 2, seed: 1 }
tasks: { delay: { target: delay, type: regression }, distance: { target: distance, type: regression } }
models:
  ${name}: ${model}
`,
    );
    const begun = performance.now();
    const child = spawn(
      process.execPath,
      [cli, 'run', path, '--json', ...(process.env.WORKERS ? ['--workers', process.env.WORKERS] : [])],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    let peak = 0;
    const cpu = new Map();
    const timer = setInterval(() => {
      const tree = treeOf(child.pid);
      peak = Math.max(
        peak,
        tree.reduce((sum, pid) => sum + memoryOf(pid), 0),
      );
      for (const pid of tree) cpu.set(pid, cpuOf(pid) ?? cpu.get(pid) ?? 0);
    }, 1000);
    const status = await new Promise((resolve) => child.on('exit', resolve));
    clearInterval(timer);
    const seconds = (performance.now() - begun) / 1000;
    if (status !== 0) throw new Error(`taskweave run ended with ${status}: ${out.slice(-2000)}`);
    const { leaderboard } = JSON.parse(out.trim().split('\n').at(-1));
    const total = [...cpu.values()].reduce((sum, one) => sum + one, 0);
    const [best] = leaderboard;
    const verdict = peak / 1e9 <= LIMIT_GB ? '' : ` (over ${LIMIT_GB} GB)`;
    return `| ${name}: ${what} | ${(peak / 1e9).toFixed(2)} GB${verdict} | ${seconds.toFixed(0)} s | ${total.toFixed(0)} s | ${best.name}, mean skill ${best.mean.toFixed(3)} |`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function treeOf(rootPid) {
  const parents = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = text(`/proc/${entry}/stat`);
    if (stat !== undefined)
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const tree = [rootPid];
  for (let i = 0; i < tree.length; i++) {
    for (const [pid, parent] of parents) if (parent === tree[i]) tree.push(pid);
  }
  return tree;
}

/** Proportional set size in bytes; 0 for a process that is gone. */
function memoryOf(pid) {
  const found = /^Pss:\s+(\d+) kB/m.exec(text(`/proc/${pid}/smaps_rollup`) ?? '');
  return found === null ? 0 : 1024 * Number(found[1]);
}

function cpuOf(pid) {
  const stat = text(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function text(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
