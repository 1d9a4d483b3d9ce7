// Compiles the neural family's kernels from AssemblyScript. `node test/tools/build-kernels.mjs <folder>` writes
// taskweave-kernels.wasm there; esbuild.mjs imports `buildKernels`.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Memory is imported and shared, so that threads can work on one net; no relaxed SIMD, so that bits agree between machines. */
export async function buildKernels(folder) {
  const source = 'src/core/learner/neural/kernels/assembly/index.ts';
  const features = ['--enable', 'simd', '--enable', 'threads', '--importMemory', '--sharedMemory'];
  const pages = ['--initialMemory', '1', '--maximumMemory', '65536'];
  const lean = ['-O3', '--runtime', 'stub', '--noAssert', '--use', 'abort='];
  const target = ['--outFile', resolve(folder, 'taskweave-kernels.wasm'), '--baseDir', root];
  const { error, stderr } = await asc.main([source, ...target, ...features, ...pages, ...lean]);
  if (error) throw new Error(`${source} does not compile:\n${stderr}`, { cause: error });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels(process.argv[2] ?? 'dist/wasm');
