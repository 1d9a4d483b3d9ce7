// Boosting beside XGBoost and LightGBM, side by side and in turns: `npm run bench learners-boosting`. Writes its section of RESULTS.md.
// Their Python is TASKWEAVE_BENCH_PYTHON, else a virtual environment in the temporary folder, made on first use.
// Arguments: names of the data to run, all when there is none. TASKWEAVE_BENCH_TREES (300): rounds of boosting.
// TASKWEAVE_BENCH_ROUNDS (5): turns of each contender; TASKWEAVE_BENCH_SECONDS (300): most time for one of them.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { findPython, mean, median, run, sharedData } from './contenders.mjs';
import { writeSection } from './results.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const turns = Number(process.env.TASKWEAVE_BENCH_ROUNDS ?? 5);
const rounds = Number(process.env.TASKWEAVE_BENCH_TREES ?? 300);
const limit = Number(process.env.TASKWEAVE_BENCH_SECONDS ?? 300);
const folder = mkdtempSync(join(tmpdir(), 'taskweave-boosting-bench-'));
const shared = sharedData();
const wanted = process.argv.slice(2);
const isWanted = (data) => wanted.length === 0 || wanted.includes(data);
const NAMES = {
  tetouan_power: 'tetouan_power, 3 regressions',
  adult: 'adult, 2 binary tasks and a regression',
  synthetic: '100,000 × 50, 5 binary tasks',
};

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const python = findPython(
    'boosting',
    ['sklearn', 'pandas', 'xgboost', 'lightgbm'],
    [
      ['scikit-learn', 'pandas', 'lightgbm'],
      // Without its libraries for graphics cards.
      ['--no-deps', 'xgboost'],
    ],
  );
  const entryPoints = {
    ours: join(here, 'boosting/ours.ts'),
    thread: join(here, '../../src/jobs/thread.ts'),
  };
  const node = { platform: 'node', format: 'esm', outExtension: { '.js': '.mjs' }, logLevel: 'error' };
  await esbuild.build({ entryPoints, bundle: true, outdir: folder, ...node });
  const base = { folder, shared, threadScript: join(folder, 'thread.mjs'), rounds };
  const ours = (sharing, threads) => (work) =>
    run(
      process.execPath,
      [join(folder, 'ours.mjs'), JSON.stringify({ ...base, ...work, sharing, threads })],
      limit,
    );
  const peer = (name) => (work) =>
    // On small tables two threads would mostly wait for each other.
    run(
      python,
      [
        join(here, 'boosting/peer.py'),
        JSON.stringify({ ...base, ...work, peer: name, threads: work.what === 'published' ? 1 : 2 }),
      ],
      limit,
    );
  const version = await peer('xgboost')({ what: 'version' });
  const contenders = {
    'Taskweave, a tree for all tasks, 2 threads': ours('vector-leaf', 2),
    'Taskweave, a tree for all tasks, 1 thread': ours('vector-leaf', 1),
    'Taskweave, a tree a task, 2 threads': ours('per-task', 2),
    'Taskweave, a tree a task, 1 thread': ours('per-task', 1),
    'XGBoost hist, a model a task, 2 threads': peer('xgboost'),
    'LightGBM, a model a task, 2 threads': peer('lightgbm'),
  };

  const tables = [];
  const accuracy = [];
  for (const data of Object.keys(NAMES).filter(isWanted)) {
    const results = Object.keys(contenders).map(() => []);
    for (let turn = 0; turn < turns; turn++) {
      for (const [c, contender] of Object.values(contenders).entries()) {
        const result = await contender({ what: 'speed', data, seed: turn });
        if (result) results[c].push(result);
        console.log(
          data,
          turn,
          Object.keys(contenders)[c],
          result?.seconds.toFixed(2),
          result?.cpu.toFixed(2),
          loadavg()[0],
        );
      }
    }
    tables.push(speedTable(data, Object.keys(contenders), results));
    console.log(tables.at(-1));
    write(version, tables, accuracy);
  }
  for (const data of ['yeast', 'emotions'].filter(isWanted)) {
    const losses = [];
    for (const contender of [
      ours('vector-leaf', 1),
      ours('per-task', 1),
      peer('xgboost'),
      peer('lightgbm'),
    ]) {
      const all = [];
      for (let seed = 0; seed < turns; seed++) {
        const result = await contender({ what: 'published', data, seed });
        if (result !== undefined) all.push(result);
      }
      losses.push(all);
    }
    accuracy.push(
      `| ${data} | ${losses.map((all) => (all.length ? mean(all).toFixed(4) : '–')).join(' | ')} |`,
    );
    console.log(accuracy.at(-1));
    write(version, tables, accuracy);
  }
}

function write(version, tables, accuracy) {
  if (wanted.length > 0) return;
  writeSection(
    'learners: boosting',
    `${rounds} rounds of trees of 31 leaves, \`learning_rate\` 0.1, λ 1, 255 bins, no early stopping; fit alone (bins included), each turn in a
fresh process; contenders in turns, medians of ${turns} (a turn that took more than ${limit} s is left out). Ratios are to the faster of
XGBoost and LightGBM, by medians; the mark is 1.5. Scores, a task each, on held-out rows: R² of regressions, AUC of binary tasks; adult's
accuracy is of its two binary tasks, on UCI's test file. Categories are native in all three.

${tables.join('\n\n')}

${accuracy.length > 0 ? hammingTable(accuracy) : ''}${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}, ${version}. Load of the machine over the last minute at the end: ${loadavg()[0].toFixed(1)}.`,
  );
}

function hammingTable(accuracy) {
  return `Hamming loss on the published splits, mean of ${turns} seeds: Taskweave with its defaults (early stopping on an inner split); the peers with the
best of 20, 40, 80, 160 rounds by 5 folds of the training rows. The forests there have .198 (yeast) and .199 (emotions).

| data | Taskweave, a tree for all tasks | Taskweave, a tree a task | XGBoost | LightGBM |
|---|---|---|---|---|
${accuracy.join('\n')}

`;
}

function speedTable(data, names, results) {
  const seconds = results.map((all) => median(all.map((one) => one.seconds)));
  const cpu = results.map((all) => median(all.map((one) => one.cpu)));
  const [fastest, leanest] = [seconds, cpu].map((all) => Math.min(...all.slice(-2).filter(Number.isFinite)));
  const lines = results.map((all, c) => {
    if (all.length === 0) return `| ${names[c]} | over ${limit} s | – | – | – | – | – |`;
    const scores = all[0].scores.map((score) => score.toFixed(4)).join(', ');
    const accuracy = all[0].accuracy === null ? '' : all[0].accuracy.toFixed(4);
    return `| ${names[c]} | ${seconds[c].toFixed(2)} s | ${(seconds[c] / fastest).toFixed(2)} | ${cpu[c].toFixed(2)} | ${(cpu[c] / leanest).toFixed(2)} | ${scores} | ${accuracy} |`;
  });
  return `${NAMES[data]}:

| | seconds | ratio | CPU s | ratio | scores | accuracy |
|---|---|---|---|---|---|---|
${lines.join('\n')}`;
}
