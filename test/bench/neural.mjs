// Neural nets beside PyTorch, side by side and in turns: `npm run bench neural`. Writes its section of RESULTS.md.
// PyTorch's Python is TASKWEAVE_BENCH_PYTHON, else a virtual environment in the temporary folder, made on first use.
// TASKWEAVE_BENCH_ROUNDS (3) says how often each contender has its turn; TASKWEAVE_BENCH_DIST where the build is (dist);
// TASKWEAVE_BENCH_ONLY is a regular expression of contenders. Arguments choose among `small`, `large` and `sweep`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import esbuild from 'esbuild';
import { findPython, median, run } from './contenders.mjs';
import { writeSection } from './results.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.env.TASKWEAVE_BENCH_ROUNDS ?? 3);
const only = new RegExp(process.env.TASKWEAVE_BENCH_ONLY ?? '');
const dist = resolve(process.env.TASKWEAVE_BENCH_DIST ?? 'dist');
const wasmFolder = join(dist, 'wasm');
const folder = mkdtempSync(join(tmpdir(), 'taskweave-bench-'));
const ours = join(folder, 'ours.js');
const peer = join(here, 'neural', 'peer.py');

/** A turn that takes longer is ended, and the bench with it. */
const MOST_SECONDS = 180;
const ROWS = 100_000;
const SMALL = { hidden: [128, 64], batch: 128, rows: ROWS };
const LARGE = { hidden: [256, 256], batch: 1024, rows: ROWS };
const LAMBDAS = Array.from({ length: 16 }, (_, i) => 10 ** (-6 + i / 4));
/** Multiplications and additions of one step: three products a layer, but none back to the inputs. */
const flops = (hidden, batch) => {
  const widths = [50, ...hidden, 5];
  const layers = widths.slice(1).map((width, l) => widths[l] * width);
  return 2 * batch * (3 * layers.reduce((a, b) => a + b) - layers[0]);
};

const TITLES = {
  small: 'One epoch, shared bottom 50-128-64 × 5 tasks, 100,000 rows, batch 128',
  large: 'One epoch, shared bottom 50-256-256 × 5 tasks, 100,000 rows, batch 1024',
  sweep: 'One epoch of 16 λ of the net 50-128-64 × 5, 100,000 rows, batch 128',
};

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const python = findPython('venv', ['torch', 'numpy'], [['torch', 'numpy']]);
  await esbuild.build({
    entryPoints: [join(here, 'neural', 'ours.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: ours,
    external: ['@tensorflow/tfjs-node'],
    logLevel: 'error',
  });
  const runOurs = (work) =>
    turn(process.execPath, [ours, JSON.stringify({ backend: 'wasm', wasmFolder, ...work })]);
  const runPeer = (work) => turn(python, [peer, JSON.stringify({ mode: 'loop', lambdas: [1e-4], ...work })]);
  const single = { epochs: 4, lambdas: [1e-4] };
  const halves = [LAMBDAS.filter((_, i) => i % 2 === 0), LAMBDAS.filter((_, i) => i % 2 === 1)];
  const pair = async (one) => {
    const both = await Promise.all(halves.map((lambdas) => one(lambdas)));
    return {
      seconds: both[0].seconds.map((second, e) => Math.max(second, both[1].seconds[e])),
      cpu: both[0].cpu.map((second, e) => second + both[1].cpu[e]),
      peakMegabytes: both[0].peakMegabytes + both[1].peakMegabytes,
    };
  };
  const contenders = {
    small: {
      'Taskweave, 1 thread': () => runOurs({ ...SMALL, ...single, threads: 1 }),
      'Taskweave, 2 threads': () => runOurs({ ...SMALL, ...single, threads: 2 }),
      'PyTorch, 1 thread': () => runPeer({ ...SMALL, epochs: 3, threads: 1 }),
      'PyTorch, 2 threads': () => runPeer({ ...SMALL, epochs: 3, threads: 2 }),
    },
    large: {
      'Taskweave, 1 thread': () => runOurs({ ...LARGE, ...single, threads: 1 }),
      'Taskweave, 2 threads': () => runOurs({ ...LARGE, ...single, threads: 2 }),
      'PyTorch, 1 thread': () => runPeer({ ...LARGE, epochs: 3, threads: 1 }),
      'PyTorch, 2 threads': () => runPeer({ ...LARGE, epochs: 3, threads: 2 }),
    },
    sweep: {
      'Taskweave, one process, 1 thread': () =>
        runOurs({ ...SMALL, epochs: 2, lambdas: LAMBDAS, threads: 1 }),
      'Taskweave, one process, 2 threads': () =>
        runOurs({ ...SMALL, epochs: 3, lambdas: LAMBDAS, threads: 2 }),
      'Taskweave, two processes of 8': () =>
        pair((lambdas) => runOurs({ ...SMALL, epochs: 2, lambdas, threads: 1 })),
      'PyTorch, loop, 1 thread': () => runPeer({ ...SMALL, epochs: 1, threads: 1, lambdas: LAMBDAS }),
      'PyTorch, loop, default threads': () => runPeer({ ...SMALL, epochs: 1, threads: 0, lambdas: LAMBDAS }),
      'PyTorch, vmap, 1 thread': () =>
        runPeer({ ...SMALL, epochs: 1, threads: 1, lambdas: LAMBDAS, mode: 'vmap' }),
      'PyTorch, vmap, 2 threads': () =>
        runPeer({ ...SMALL, epochs: 1, threads: 2, lambdas: LAMBDAS, mode: 'vmap' }),
      'PyTorch, two processes of 8': () =>
        pair((lambdas) => runPeer({ ...SMALL, epochs: 1, threads: 1, lambdas })),
    },
  };
  const wanted = process.argv.slice(2);
  const limits = [];
  let torch = '';
  for (const [name, all] of Object.entries(contenders)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const list = Object.fromEntries(Object.entries(all).filter(([contender]) => only.test(contender)));
    const measured = Object.fromEntries(Object.keys(list).map((one) => [one, []]));
    for (let round = 0; round < rounds; round++) {
      if (name === 'large') limits.push(await limit(2));
      for (const [contender, start] of Object.entries(list)) {
        const result = await start();
        torch ||= result.torch ?? '';
        measured[contender].push(result);
        console.error(
          `${name} ${round + 1}/${rounds} ${contender}: ${median(result.seconds).toFixed(3)} s an epoch`,
        );
      }
    }
    writeSection(`neural: ${name}`, report(name, measured, limits, torch));
  }
}

function report(name, measured, limits, torch) {
  const best = Object.fromEntries(Object.entries(measured).map(([one, turns]) => [one, fastest(turns)]));
  const peers = Object.entries(best).filter(([one]) => one.startsWith('PyTorch'));
  const quickest = Math.min(...peers.map(([, { seconds }]) => seconds));
  const leanest = Math.min(...peers.map(([, { cpu }]) => cpu));
  const lines = [
    `${TITLES[name]}. ${cpus()[0].model}, ${cpus().length} cores; Node ${process.versions.node}; PyTorch ${torch}. Each contender had ${rounds} ${rounds === 1 ? 'turn' : 'turns'}, one after the other, each in a process of its own; the least of its turns’ median epochs is shown. Load of the machine over the last minute at the end: ${loadavg()[0].toFixed(1)}.`,
    '',
    '| | seconds | of the fastest PyTorch | CPU s | of the leanest PyTorch | peak MB |',
    '|---|---|---|---|---|---|',
  ];
  for (const [one, { seconds, cpu, megabytes }] of Object.entries(best)) {
    lines.push(
      `| ${one} | ${seconds.toFixed(3)} | ${(seconds / quickest).toFixed(2)} | ${cpu.toFixed(2)} | ${(cpu / leanest).toFixed(2)} | ${megabytes.toFixed(0)} |`,
    );
  }
  if (name !== 'large') return lines.join('\n');
  const work = (flops(LARGE.hidden, LARGE.batch) * Math.ceil(ROWS / LARGE.batch)) / 1e9;
  const [most, burst] = ['sustained', 'burst'].map((kind) => Math.max(...limits.map((one) => one[kind])));
  lines.push(
    '',
    `128-bit limit of both cores (the product's own tile over operands in the first cache, both cores at once): ${most.toFixed(1)} GFLOP/s sustained (median of 400 slices of a millisecond), ${burst.toFixed(1)} in the best slice. Shares are of the sustained rate, and in brackets of the best slice.`,
  );
  const share = (rate) => `${((100 * rate) / most).toFixed(0)} % (${((100 * rate) / burst).toFixed(0)} %)`;
  for (const [one, { seconds, cpu }] of Object.entries(best)) {
    const [reached, core] = [work / seconds, work / cpu];
    lines.push(
      `${one}: ${reached.toFixed(1)} GFLOP/s, ${share(reached)} of it; ${core.toFixed(1)} GFLOP a CPU second, ${share(2 * core)} of a core's.`,
    );
  }
  return lines.join('\n');
}

function fastest(turns) {
  const list = turns.map(({ seconds, cpu, peakMegabytes }) => ({
    seconds: median(seconds),
    cpu: median(cpu),
    megabytes: peakMegabytes,
  }));
  const least = (key) => Math.min(...list.map((turn) => turn[key]));
  return { seconds: least('seconds'), cpu: least('cpu'), megabytes: least('megabytes') };
}

/** GFLOP/s of so many threads at once, each multiplying operands that stay in its first cache. */
async function limit(threads) {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(workerData), { env: { memory } });
    const numbers = new Float32Array(memory.buffer).map(() => Math.random() - 0.5);
    new Float32Array(memory.buffer).set(numbers);
    const call = () => exports.dense(0, 256, 262144, 524288, 786432, 8, 36, 0, 32, 0);
    for (let i = 0; i < 20000; i++) call();
    const slices = [];
    for (let i = 0; i < 400; i++) {
      const begun = performance.now();
      for (let j = 0; j < 500; j++) call();
      slices.push(performance.now() - begun);
    }
    slices.sort((a, b) => a - b);
    const rate = (milliseconds) => (500 * 2 * 32 * 256 * 8) / milliseconds / 1e6;
    parentPort.postMessage({ burst: rate(slices[0]), sustained: rate(slices[200]) });`;
  const bytes = readFileSync(join(wasmFolder, 'taskweave-kernels.wasm'));
  const rates = await Promise.all(
    Array.from(
      { length: threads },
      () =>
        new Promise((done, failed) => {
          const worker = new Worker(source, { eval: true, workerData: bytes });
          worker.once('message', done);
          worker.once('error', failed);
        }),
    ),
  );
  const sum = (kind) => rates.reduce((total, one) => total + one[kind], 0);
  return { burst: sum('burst'), sustained: sum('sustained') };
}

async function turn(command, args) {
  const result = await run(command, args, MOST_SECONDS);
  if (result === undefined) throw new Error(`${command} took longer than ${MOST_SECONDS} seconds.`);
  return result;
}
