// Compiles the kernel of a family and writes its bytes where it is imported from:
//   node test/tools/family-kernel.mjs boosting|forest|linear
// With a path after it, it only writes the module there.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const [, , family, only] = process.argv;
const folders = { boosting: 'kernel', forest: 'kernels', linear: 'kernel' };
if (!Object.hasOwn(folders, family)) throw new Error(`Say whose kernel: ${Object.keys(folders).join(', ')}.`);
const kernel = fileURLToPath(new URL(`../../src/core/learner/${family}/${folders[family]}`, import.meta.url));
const outFile = only ?? join(mkdtempSync(join(tmpdir(), `${family}-kernel-`)), 'kernel.wasm');
const features = ['--enable', 'simd', '--enable', 'threads', '--importMemory', '--sharedMemory'];
const pages = ['--initialMemory', '1', '--maximumMemory', '65536'];
const lean = ['-O3', '--runtime', 'stub', '--noAssert', '--use', 'abort='];
const options = [`${kernel}/assembly/index.ts`, '--outFile', outFile, ...features, ...pages, ...lean];
const { error, stderr } = await asc.main(options);
if (error) throw new Error(`The kernel does not compile:\n${stderr}`, { cause: error });

if (only === undefined) {
  const lines = readFileSync(outFile)
    .toString('base64')
    .match(/.{1,400}/g)
    .map((line) => `  '${line}'`);
  const comment = '/** The kernel of `assembly/` in base64; written by test/tools/family-kernel.mjs. */';
  writeFileSync(`${kernel}/bytes.ts`, `${comment}\nexport const kernelBytes =\n${lines.join(' +\n')};\n`);
}
