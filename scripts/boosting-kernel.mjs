// Compiles the boosting family's kernel and writes its bytes where it is imported from.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const kernel = 'src/core/learner/boosting/kernel';
const outFile = join(tmpdir(), `boosting-kernel-${process.pid}.wasm`);
const features = ['--enable', 'simd', '--enable', 'threads', '--importMemory', '--sharedMemory'];
const pages = ['--initialMemory', '1', '--maximumMemory', '65536'];
const lean = ['-O3', '--runtime', 'stub', '--noAssert', '--use', 'abort='];
const { error, stderr } = await asc.main([`${kernel}/assembly/index.ts`, '--outFile', outFile, ...features, ...pages, ...lean]);
if (error) throw new Error(`The kernel does not compile:\n${stderr}`, { cause: error });
const text = readFileSync(outFile).toString('base64');
const lines = text.match(/.{1,100}/g).map((line) => `  '${line}'`);
writeFileSync(
  `${kernel}/bytes.ts`,
  `/** The kernel of \`assembly/\` in base64; written by scripts/boosting-kernel.mjs. */\nexport const kernelBytes =\n${lines.join(' +\n')};\n`,
);
