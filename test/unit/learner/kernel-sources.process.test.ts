import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kernelBytes as boosting } from '../../../src/core/learner/boosting/kernel/bytes';
import { kernelBytes as linear } from '../../../src/core/learner/linear/kernel/bytes';

const root = join(import.meta.dirname, '../../..');

/** What a script of `test/tools` writes to the file that it is given last. */
function written(script: string, ...before: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'taskweave-kernel-'));
  const file = join(folder, 'kernel');
  try {
    execFileSync(process.execPath, [join(root, 'test/tools', script), ...before, file]);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each([
  ['linear', linear],
  ['boosting', boosting],
])('the kernel of %s models in the tree is that of its source', (family, bytes) => {
  expect(written('family-kernel.mjs', family).toString('base64')).toBe(bytes);
});

it('the kernel of forests in the tree is that of its source', () => {
  const tree = readFileSync(join(root, 'src/core/learner/forest/kernels/bytes.ts'), 'utf8');
  expect(written('forest-kernel.mjs').toString()).toBe(tree);
});
