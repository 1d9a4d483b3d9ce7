// Runs at size: `npm run bench scale [trials|tasks]`. `trials`: 5,000 trials that take next to nothing each, so that what is left is
// planning, scheduling and files; `tasks`: 1,000 tasks × 10,000 rows by a joint model and its single-task twins. Time, CPU
// seconds, memory of the process tree (Linux), files, and the first question for the leaderboard.
// TASKWEAVE_BENCH_DIST: where the build is; TASKWEAVE_BENCH_SECONDS (900): most time for a run.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cpuOf, memoryOf, treeOf } from './memory/process-tree.mjs';
import { writeSection } from './results.mjs';

const cli = join(resolve(process.env.TASKWEAVE_BENCH_DIST ?? 'dist'), 'cli.js');
const limit = Number(process.env.TASKWEAVE_BENCH_SECONDS ?? 900);
const workers = 2;
const folder = mkdtempSync(join(tmpdir(), 'taskweave-scale-'));
const wanted = process.argv.slice(2);
const machine = () =>
  `${cpus()[0].model}, ${availableParallelism()} cores, ${workers} workers; Node ${process.versions.node}. Load of the machine at the end: ${loadavg()[0].toFixed(1)}.`;

try {
  if (wanted.length === 0 || wanted.includes('trials')) await trials();
  if (wanted.length === 0 || wanted.includes('tasks')) await tasks();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function trials() {
  const random = generator();
  const rows = Array.from({ length: 60 }, () => {
    const [a, b] = [random(), random()];
    return `${a},${b},${a + b / 2 + random() / 5}`;
  });
  writeFileSync(join(folder, 'tiny.csv'), `a,b,y\n${rows.join('\n')}\n`);
  const leaves = Array.from({ length: 1000 }, (_, i) => i + 1);
  const path = join(folder, 'tiny.mtl.yaml');
  writeFileSync(
    path,
    `data: { source: tiny.csv, test: 0, folds: 5 }\ntasks: { y: y }\nmodels: { m: { kind: forest, trees: 1 } }\nsweeps: { s: { model: m, over: { min_samples_leaf: [${leaves}] } } }\n`,
  );
  const planned = cpuOfCommand([path, '--dry-run']);
  const found = await run(path);
  const all = attemptsOf(found.folder);
  const worked = all.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0);
  const scheduling = (1000 * (found.seconds - planned.seconds - worked / workers)) / all.length;
  const text = `One run of ${all.length.toLocaleString('en')} trials (a forest of one tree on 60 rows, 1,000 configurations × 5 folds). ${machine()}

| what | | mark |
| --- | ---: | ---: |
| start, reading, checking and planning (\`--dry-run\`) | ${planned.seconds.toFixed(2)} s, ${planned.cpu.toFixed(2)} CPU s | |
| the run, from start to leaderboard | ${found.seconds.toFixed(1)} s | |
| a trial's own time on its worker, mean | ${((1000 * worked) / all.length).toFixed(2)} ms | |
| all else by the clock but what comes before the first, a trial | ${scheduling.toFixed(2)} ms | 2 ms |
| CPU of the coordinator, a trial (start included) | ${((1000 * found.coordinator) / all.length).toFixed(2)} ms | |
| memory of all processes, at most | ${mib(found.memory)} | |
| files of the run | ${filesOf(found.folder).count.toLocaleString('en')}, ${mib(filesOf(found.folder).bytes)} | |`;
  console.log(text);
  writeSection('scale: trials', text);
}

async function tasks() {
  const [count, rows, features] = [1000, 10_000, 20];
  const random = generator();
  const weights = Array.from({ length: count }, (_, t) =>
    Array.from({ length: features }, (_, j) => (j < 5 || j % 10 === t % 10 ? random() : 0)),
  );
  const names = [...Array.from({ length: features }, (_, j) => `x${j}`), ...weights.map((_, t) => `y${t}`)];
  const lines = [names.join(',')];
  for (let i = 0; i < rows; i++) {
    const x = Array.from({ length: features }, () => random());
    const y = weights.map((own) => own.reduce((sum, w, j) => sum + w * x[j], random()).toFixed(3));
    lines.push([...x.map((value) => value.toFixed(3)), ...y].join(','));
  }
  writeFileSync(join(folder, 'wide.csv'), `${lines.join('\n')}\n`);
  const path = join(folder, 'wide.mtl.yaml');
  const targets = weights.map((_, t) => `  t${t}: y${t}`);
  writeFileSync(
    path,
    `data: { source: wide.csv, test: 0.2, folds: 3, seed: 1 }\ntasks:\n${targets.join('\n')}\nmodels: { m: { kind: linear, penalty: group-lasso, lambda: { points: 5 } } }\nensembles: { mean: { combine: mean } }\n`,
  );
  const found = await run(path);
  const first = cpuOfCommand(['show', '--json'], folder);
  const text = `1,000 regression tasks × 10,000 rows × 20 features (${mib(8 * rows * (count + features))} as float64 columns), group lasso with 5 λ × 3 folds, its 1,000 single-task twins, an ensemble. ${machine()}

| what | |
| --- | ---: |
| the run, from start to leaderboard | ${found.seconds.toFixed(0)} s |
| CPU seconds of all processes | ${found.cpu.toFixed(0)} |
| memory of all processes, at most | ${mib(found.memory)} |
| files of the run | ${filesOf(found.folder).count.toLocaleString('en')}, ${mib(filesOf(found.folder).bytes)} |
| of these predictions, after pruning | ${mib(filesOf(join(found.folder, 'predictions')).bytes)} |
| \`taskweave show\`, start included | ${first.seconds.toFixed(2)} s |`;
  console.log(text);
  writeSection('scale: tasks', text);
}

/** Runs an experiment to its end; memory and CPU are looked at while it does. */
function run(path) {
  return new Promise((done, fail) => {
    const begun = performance.now();
    const child = spawn(
      process.execPath,
      [cli, 'run', path, '--fresh', '--quiet', '--json', '--workers', String(workers)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const used = new Map();
    let memory = 0;
    const look = setInterval(() => {
      const pids = treeOf(child.pid);
      memory = Math.max(
        memory,
        pids.reduce((sum, pid) => sum + memoryOf(pid), 0),
      );
      for (const pid of pids) used.set(pid, Math.max(cpuOf(pid), used.get(pid) ?? 0));
      if (performance.now() - begun > limit * 1000) child.kill('SIGTERM');
    }, 200);
    child.on('close', (status) => {
      clearInterval(look);
      if (status !== 0) return fail(new Error(`The run ended with ${status}.`));
      const outcome = JSON.parse(output.trim().split('\n').at(-1));
      done({
        folder: outcome.folder,
        seconds: (performance.now() - begun) / 1000,
        memory,
        coordinator: used.get(child.pid) ?? 0,
        cpu: [...used.values()].reduce((sum, one) => sum + one, 0),
      });
    });
  });
}

function cpuOfCommand(args, cwd = folder) {
  const begun = performance.now();
  const command = args[0] === 'show' ? args : ['run', ...args];
  const line = [process.execPath, cli, ...command].map((one) => `'${one}'`).join(' ');
  const { stderr } = spawnSync('sh', ['-c', `${line} >/dev/null; times >&2`], { cwd, encoding: 'utf8' });
  const last = stderr.trim().split('\n').at(-1) ?? '';
  const cpu = [...last.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
    0,
  );
  return { seconds: (performance.now() - begun) / 1000, cpu };
}

/** End events of all trials of a run. */
function attemptsOf(path) {
  return readdirSync(join(path, 'trials')).flatMap((trial) => {
    const lines = readFileSync(join(path, 'trials', trial, '0.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const event = JSON.parse(lines.at(-1));
    return event.kind === 'end' ? [event] : [];
  });
}

function filesOf(path) {
  const all = readdirSync(path, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return {
    count: all.length,
    bytes: all.reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0),
  };
}

/** About normal numbers from a seed. */
function generator() {
  let state = 20260401;
  const uniform = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  return () => Number((uniform() + uniform() + uniform() + uniform() - 2).toFixed(5)) * 1.7;
}

function mib(bytes) {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
