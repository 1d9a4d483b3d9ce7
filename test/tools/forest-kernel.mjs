// Compiles the forest family's kernel from AssemblyScript and writes its bytes where it is imported from.
// `node test/tools/forest-kernel.mjs [file]`; memory is imported and shared, so that threads can work on one training set.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const kernels = 'src/core/learner/forest/kernels';
const folder = mkdtempSync(join(tmpdir(), 'taskweave-forest-kernel-'));
const binary = join(folder, 'kernel.wasm');
const features = ['--enable', 'simd', '--enable', 'threads', '--importMemory', '--sharedMemory'];
const pages = ['--initialMemory', '1', '--maximumMemory', '65536'];
const lean = ['-O3', '--runtime', 'stub', '--noAssert', '--use', 'abort='];
const target = ['--outFile', binary, '--baseDir', root];
const source = `${kernels}/assembly/index.ts`;
const { error, stderr } = await asc.main([source, ...target, ...features, ...pages, ...lean]);
if (error) throw new Error(`${source} does not compile:\n${stderr}`, { cause: error });
const text = readFileSync(binary).toString('base64');
rmSync(folder, { recursive: true });
const lines = text.match(/.{1,100}/g).map((line) => `  '${line}'`);
writeFileSync(
  process.argv[2] ?? join(root, kernels, 'bytes.ts'),
  `/** The kernel of \`assembly/\` in base64; written by test/tools/forest-kernel.mjs. */\nexport const kernelText =\n${lines.join(' +\n')};\n`,
);
