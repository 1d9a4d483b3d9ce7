import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemProblem, unwritable } from '../../../src/cli/exit-codes';
import { findStoreOrFail } from '../../../src/cli/find-run';

const folder = mkdtempSync(join(tmpdir(), 'taskweave-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what the system refuses', () => {
  it('is said in words, with the place', () => {
    const path = join(folder, 'none', 'p.csv');
    let error: unknown;
    try {
      writeFileSync(path, '');
    } catch (thrown) {
      error = thrown;
    }
    expect(systemProblem(error)).toBe('it, or its folder, does not exist');
    expect(unwritable(path, error).message).toBe(
      `${path} cannot be written: it, or its folder, does not exist. Name another place, or make room for it.`,
    );
    expect(systemProblem(new Error('other'))).toBeUndefined();
  });
});

describe('--store', () => {
  it('takes the store, or the folder that holds it, and says when there is none', () => {
    const store = join(folder, '.taskweave');
    mkdirSync(store);
    expect(findStoreOrFail(store)).toBe(store);
    expect(findStoreOrFail(folder)).toBe(store);
    expect(() => findStoreOrFail(join(folder, 'none'))).toThrow('There is no folder');
  });
});
