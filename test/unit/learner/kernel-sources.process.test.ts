import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kernelBytes as boosting } from '../../../src/core/learner/boosting/kernel/bytes';
import { kernelBytes as forest } from '../../../src/core/learner/forest/kernels/bytes';
import { kernelBytes as linear } from '../../../src/core/learner/linear/kernel/bytes';

const root = join(import.meta.dirname, '../../..');

/** The module that a family's sources compile to. */
function compiled(family: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'taskweave-kernel-'));
  const file = join(folder, 'kernel.wasm');
  try {
    execFileSync(process.execPath, [join(root, 'test/tools/family-kernel.mjs'), family, file]);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each([
  ['linear', linear],
  ['boosting', boosting],
  ['forest', forest],
])('the kernel of %s in the tree is that of its source', (family, bytes) => {
  expect(compiled(family).toString('base64')).toBe(bytes);
});
