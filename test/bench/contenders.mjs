// What benches beside other people's programs share: a turn of a contender, the Python of the peers, the data, and means.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @param seconds after which the process is ended, and what it started
 * @returns what it printed, as JSON; undefined where it took longer
 */
export function run(command, args, seconds = Infinity) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    let text = '';
    let late = false;
    const end = () => {
      late = true;
      process.kill(-child.pid, 'SIGKILL');
    };
    const timer = Number.isFinite(seconds) ? setTimeout(end, 1000 * seconds) : undefined;
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(timer);
      if (late) resolve(undefined);
      else if (status === 0) resolve(JSON.parse(text));
      else reject(new Error(`${command} ended with status ${status}.`));
    });
  });
}

/**
 * TASKWEAVE_BENCH_PYTHON, else a virtual environment in the temporary folder, made on first use.
 * @param name of the environment
 * @param modules that it has to have
 * @param packages arguments of `pip install`, a list for each time that it is called
 */
export function findPython(name, modules, packages) {
  if (process.env.TASKWEAVE_BENCH_PYTHON) return process.env.TASKWEAVE_BENCH_PYTHON;
  const environment = join(tmpdir(), `taskweave-bench-${name}`);
  const python = join(environment, 'bin', 'python');
  const can = () => spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status === 0;
  if (can()) return python;
  console.error(`Making an environment with ${modules.join(', ')} …`);
  spawnSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' });
  for (const list of packages)
    spawnSync(python, ['-m', 'pip', 'install', '--quiet', ...list], { stdio: 'inherit' });
  if (can()) return python;
  throw new Error(`There is no Python with ${modules.join(', ')}: name one in TASKWEAVE_BENCH_PYTHON.`);
}

/** The folder `shared/data`, from here upwards; without one the bench is over. */
export function sharedData() {
  for (let at = dirname(fileURLToPath(import.meta.url)); at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, 'shared', 'data'))) return join(at, 'shared', 'data');
  }
  console.log('shared/data is not here: nothing is compared.');
  process.exit(0);
}

/** NaN of nothing. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
