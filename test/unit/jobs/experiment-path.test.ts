import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { experimentPathOf } from '../../../src/jobs/experiment-path';

describe('the experiment file of a run', () => {
  let folder: string;
  const file = (...names: string[]) => join(folder, ...names, 'orchard.mtl.yaml');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tw-path-'));
    for (const name of ['original', 'copy']) {
      mkdirSync(join(folder, name));
      writeFileSync(file(name), '');
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is the one beside the store, also where that is a copy and the first is still there', () => {
    const record = { experimentPath: file('original') };
    expect(experimentPathOf(record, join(folder, 'original', '.taskweave'))).toBe(file('original'));
    expect(experimentPathOf(record, join(folder, 'copy', '.taskweave'))).toBe(file('copy'));
  });

  it('is the one that was run, where there is none beside the store', () => {
    const record = { experimentPath: file('original') };
    expect(experimentPathOf(record, join(folder, 'elsewhere', '.taskweave'))).toBe(file('original'));
  });
});
