import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { multiplicationsOfStep } from '../../../src/core/learner/neural';
import table from '../../../src/jobs/backend-table.json';
import { kernelBytes, wasmFolder } from './support';

const PLAIN = 'tfjs-backend-wasm.wasm';
const SIMD = 'tfjs-backend-wasm-simd.wasm';

/** Run as the product runs it: in one bundled CommonJS file, in a process of its own. */
const PROGRAM = `
import { engine, matMul, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { chooseTensorBackend } from '${join(import.meta.dirname, '../../../src/jobs/tensor-backend')}';
const [backend, wasmFolder, work] = process.argv.slice(2);
const listeners = () => process.listenerCount('unhandledRejection') + process.listenerCount('uncaughtException');
async function main() {
  const before = listeners();
  try {
    const { name, reason } = await chooseTensorBackend({ backend, wasmFolder, work: Number(work ?? 0) });
    const product = name === 'native' || reason.includes('kernels') ? [] : tidy(() =>
      [...matMul(tensor2d([1, 2, 3, 4], [2, 2]), tensor2d([5, 6, 7, 8], [2, 2])).dataSync()]);
    const again = await chooseTensorBackend({ backend, wasmFolder });
    console.log(JSON.stringify({ name, reason, product, again: again.name, current: engine().backendName,
      newListeners: listeners() - before }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.name, code: error.code, message: error.message }));
  }
}
main();
`;

/** Stands in for tfjs-node: calls what Node 23 removed, and registers a backend of the native one's name. */
const FAKE_NATIVE = `
if (require('util').isNullOrUndefined(null) !== true) throw new Error('no null check');
globalThis._tfengine.registerBackend('tensorflow', () => ({}), 3);
`;

describe('choosing the tensor backend', () => {
  const folder = mkdtempSync(join(tmpdir(), 'taskweave-backend-'));
  const bundle = join(folder, 'bundle', 'program.js');

  beforeAll(async () => {
    await build({
      stdin: { contents: PROGRAM, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node22',
      external: ['@tensorflow/tfjs-node'],
      outfile: bundle,
      logLevel: 'error',
    });
    for (const [name, files] of [
      ['both', [PLAIN, SIMD]],
      ['plain', [PLAIN]],
      ['none', []],
    ] as const) {
      mkdirSync(join(folder, name));
      for (const file of files) cpSync(join(wasmFolder, file), join(folder, name, file));
    }
    mkdirSync(join(folder, 'kernels'));
    writeFileSync(join(folder, 'kernels', 'taskweave-kernels.wasm'), kernelBytes());
    const native = join(folder, 'native', 'node_modules', '@tensorflow', 'tfjs-node');
    mkdirSync(native, { recursive: true });
    writeFileSync(join(native, 'index.js'), FAKE_NATIVE);
    cpSync(bundle, join(folder, 'native', 'program.js'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(backend: string, files: string, program = bundle, work = 0): Record<string, unknown> {
    const given = [program, backend, join(folder, files), String(work)];
    const { stdout, stderr } = spawnSync(process.execPath, given, { encoding: 'utf8' });
    // One line of JSON and nothing else: neither a banner nor a warning.
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  it('takes its own kernels where they run, without loading the tensor library', () => {
    for (const backend of ['auto', 'wasm']) {
      expect(run(backend, 'kernels')).toMatchObject({
        name: 'wasm',
        reason: 'WebAssembly kernels with SIMD',
        newListeners: 0,
      });
    }
  });

  it('prefers the native backend for nets of a size at which it was measured to be faster, and where it loads', () => {
    const program = join(folder, 'native', 'program.js');
    for (const { hidden, batch, wasm, native } of table.rows) {
      const work = multiplicationsOfStep({ hidden, batch_size: batch });
      const name = native * 1.2 < wasm ? 'native' : 'wasm';
      expect(run('auto', 'kernels', program, work)).toMatchObject({ name });
      expect(run('auto', 'kernels', bundle, work)).toMatchObject({ name: 'wasm' });
    }
  });

  it('takes WebAssembly with SIMD where the native backend does not load, and says so', () => {
    expect(run('auto', 'both')).toEqual({
      name: 'wasm',
      reason: 'WebAssembly with SIMD; @tensorflow/tfjs-node does not load here',
      product: [19, 22, 43, 50],
      again: 'wasm',
      current: 'wasm',
      newListeners: 0,
    });
  });

  it('takes WebAssembly without SIMD where only that is there', () => {
    expect(run('wasm', 'plain')).toMatchObject({
      name: 'wasm',
      reason: 'WebAssembly without SIMD',
      product: [19, 22, 43, 50],
    });
  });

  it('computes in plain JavaScript, silently, where there is no WebAssembly either', () => {
    expect(run('auto', 'none')).toMatchObject({ name: 'cpu', product: [19, 22, 43, 50], again: 'cpu' });
  });

  it('takes the native backend where it loads, its removed helper restored', () => {
    const program = join(folder, 'native', 'program.js');
    for (const backend of ['auto', 'native']) {
      expect(run(backend, 'both', program)).toMatchObject({ name: 'native', current: 'tensorflow' });
    }
    expect(run('wasm', 'both', program)).toMatchObject({ name: 'wasm' });
  });

  it('refuses a backend asked for by name that is not there, saying what to do', () => {
    expect(run('native', 'both')).toMatchObject({
      error: 'TensorBackendError',
      code: 'native-unavailable',
      message: expect.stringMatching(/tfjs-node.*backend 'wasm' or 'auto'/),
    });
    expect(run('wasm', 'none')).toMatchObject({ error: 'TensorBackendError', code: 'wasm-unavailable' });
  });
});
