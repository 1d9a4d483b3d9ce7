// Runs the neural family on native TensorFlow: `node test/interop/native.mjs [folder]`. Builds the binding of
// @tensorflow/tfjs-node from its source against the C library and headers inside PyPI's TensorFlow wheel, because the
// library that its installer would download is of 2021 and not to be had everywhere. Needs python3, npm, g++ and about
// 1.5 GB in the folder (default: one in the temporary folder), where what is built is kept for the next time.
// Then trains the same nets on both backends, and with PyTorch where there is one (TASKWEAVE_BENCH_PYTHON, or the one that
// `npm run bench neural` made), compares their losses, and prints how long an epoch takes on each; with `--write` the table
// that `backend: auto` reads and its section of RESULTS.md are written anew.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { writeSection } from '../bench/results.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [given] = process.argv.slice(2).filter((argument) => argument !== '--write');
const folder = resolve(given ?? join(tmpdir(), 'taskweave-native'));
const wasmFolder = resolve(process.env.TASKWEAVE_BENCH_DIST ?? 'dist', 'wasm');
const modules = join(folder, 'node_modules');
const tfjs = join(modules, '@tensorflow', 'tfjs-node');
const VERSION = '4.22.0';
const NAPI = 8;

mkdirSync(folder, { recursive: true });
const tensorflow = installTensorFlow();
installModule();
buildBinding(tensorflow);
await compare();

/** The folder of the wheel: `include/` and the two shared libraries. */
function installTensorFlow() {
  const environment = join(folder, 'python');
  const find = () => {
    const lib = join(environment, 'lib');
    if (!existsSync(lib)) return undefined;
    return readdirSync(lib)
      .map((version) => join(lib, version, 'site-packages', 'tensorflow'))
      .find((path) => existsSync(join(path, 'include')));
  };
  if (find() === undefined) {
    must('python3', ['-m', 'venv', environment]);
    must(join(environment, 'bin', 'pip'), ['install', '--quiet', '--no-deps', 'tensorflow-cpu']);
  }
  const found = find();
  if (found === undefined) throw new Error('The TensorFlow wheel has no headers.');
  return found;
}

/** JavaScript of tfjs-node and its dependencies, without its installer; and Node-API's headers. */
function installModule() {
  if (existsSync(join(tfjs, 'package.json'))) return;
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const packages = [`@tensorflow/tfjs-node@${VERSION}`, 'node-api-headers'];
  must('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...packages]);
}

function buildBinding(wheel) {
  const target = join(tfjs, 'lib', `napi-v${NAPI}`, 'tfjs_binding.node');
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  const built = join(folder, 'tfjs_binding.node');
  must('g++', [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NAPI}`],
    ...[`-I${join(modules, 'node-api-headers', 'include')}`, `-I${join(wheel, 'include')}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(tfjs, 'binding', file)),
    ...['-o', built, `-L${wheel}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    `-Wl,-rpath,${wheel}`,
  ]);
  copyFileSync(built, target);
}

async function compare() {
  const program = join(folder, 'ours.js');
  await esbuild.build({
    entryPoints: [join(here, '..', 'bench', 'neural', 'ours.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
    external: ['@tensorflow/tfjs-node'],
    logLevel: 'error',
  });
  const run = (command, args) => {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: folder });
    if (status !== 0) throw new Error(`${command} ${args[0]} failed:\n${stderr}`);
    const { seconds, cpu, ...rest } = JSON.parse(stdout);
    return { ...rest, seconds: Math.min(...seconds), cpu: Math.min(...cpu) };
  };
  const ours = (work) => run(process.execPath, [program, JSON.stringify({ ...work, wasmFolder })]);
  const python =
    process.env.TASKWEAVE_BENCH_PYTHON ?? join(tmpdir(), 'taskweave-bench-venv', 'bin', 'python');
  const peer = join(here, '..', 'bench', 'neural', 'peer.py');
  const rowsOfTable = [];
  const lines = [];
  for (const [hidden, batch] of [
    [[32], 32],
    [[128, 64], 128],
    [[256, 256], 1024],
    [[1024, 1024], 1024],
  ]) {
    const rows = hidden[0] > 1000 ? 10_000 : 50_000;
    const work = { hidden, batch, rows, epochs: 4, lambdas: [1e-4], threads: 1 };
    const turns = [0, 1].map(() => ['wasm', 'native'].map((backend) => ours({ ...work, backend })));
    const [wasm, native] = [0, 1].map((b) => least(turns.map((turn) => turn[b])));
    const torch = existsSync(python)
      ? [1, cpus().length].map((threads) =>
          run(python, [peer, JSON.stringify({ ...work, threads, mode: 'loop' })]),
        )
      : [];
    if (!(Math.abs(wasm.objective - native.objective) < 1e-2 * Math.abs(wasm.objective))) {
      throw new Error(`The backends differ: ${wasm.objective} and ${native.objective}.`);
    }
    rowsOfTable.push({ hidden, batch, wasm: round(wasm.cpu), native: round(native.cpu) });
    const cells = [wasm, native, ...torch].map(
      ({ seconds, cpu }) => `${seconds.toFixed(3)} / ${cpu.toFixed(3)}`,
    );
    const best = torch.length > 0 ? least(torch) : undefined;
    const ratio = best
      ? `${(native.seconds / best.seconds).toFixed(2)} / ${(native.cpu / best.cpu).toFixed(2)}`
      : '–';
    lines.push(
      `| ${hidden.join('-')}, ${batch} | ${[...cells, ...(best ? [] : ['–', '–']), ratio].join(' | ')} |`,
    );
    console.log(lines.at(-1));
  }
  if (process.argv.includes('--write')) {
    writeTable(rowsOfTable);
    writeSection('neural: native', report(lines));
  }
}

function least(turns) {
  const [first] = turns;
  return {
    ...first,
    seconds: Math.min(...turns.map(({ seconds }) => seconds)),
    cpu: Math.min(...turns.map(({ cpu }) => cpu)),
  };
}

function report(lines) {
  return [
    `\`node test/interop/native.mjs --write\`: @tensorflow/tfjs-node ${VERSION}, its binding built against the library in PyPI's tensorflow-cpu. ${cpus()[0].model}, ${cpus().length} cores; Node ${process.versions.node}; load of the machine at the end ${loadavg()[0].toFixed(1)}. Seconds / CPU seconds an epoch of 50,000 rows (10,000 for the last), 5 tasks, least of all epochs; WebAssembly with 1 thread, native TensorFlow with as many as it likes. \`backend: auto\` reads the CPU seconds from \`src/jobs/backend-table.json\`: trials fill the other cores.`,
    '',
    '| net, batch | WebAssembly kernels | native TensorFlow | PyTorch, 1 thread | PyTorch, all threads | native of the best PyTorch |',
    '|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

function writeTable(rows) {
  const machine = `${cpus()[0].model}, ${cpus().length} cores; Node ${process.versions.node}; load ${loadavg()[0].toFixed(1)}`;
  const about =
    'CPU seconds an epoch on each tensor backend, written by `node test/interop/native.mjs --write`; `backend: auto` reads it.';
  const list = rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  const text = `{\n  "about": ${JSON.stringify(about)},\n  "machine": ${JSON.stringify(machine)},\n  "rows": [\n${list}\n  ]\n}\n`;
  const path = join(here, '..', '..', 'src', 'jobs', 'backend-table.json');
  writeFileSync(path, text);
  spawnSync('npx', ['biome', 'format', '--write', path], { stdio: 'ignore' });
}

function round(seconds) {
  return Number(seconds.toFixed(3));
}

function must(command, args) {
  const { status } = spawnSync(command, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`);
}
