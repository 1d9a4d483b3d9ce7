import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unusable, unwritable } from '../../../src/cli/exit-codes';
import { findStoreOrFail } from '../../../src/cli/find-run';
import { systemProblem } from '../../../src/jobs';

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

describe('what a command cannot use', () => {
  const refusal = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

  it('says of a full disk what goes on once there is room, with or without a path', () => {
    const room = 'Make room; `taskweave resume` then goes on with a run that had begun.';
    expect(unusable(refusal('ENOSPC'))?.message).toBe(`Nothing can be written: the disk is full. ${room}`);
    expect(unusable(refusal('ENOSPC', { path: '/store' }))?.message).toBe(
      `/store cannot be written: its disk is full. ${room}`,
    );
  });

  it('says of a read-only disk that it is one', () => {
    expect(unusable(refusal('EROFS', { path: '/ro/.taskweave' }))?.message).toBe(
      '/ro/.taskweave cannot be used: its disk is read-only. Give access to it, or copy the experiment to another folder.',
    );
  });

  it('believes that a folder does not exist where it could be made, and leaves other errors alone', () => {
    const path = join(folder, 'none', 'store');
    expect(unusable(refusal('ENOENT', { syscall: 'mkdir', path }))?.message).toBe(
      `${path} cannot be used: it, or its folder, does not exist.`,
    );
    expect(unusable(refusal('ENOENT'))).toBeUndefined();
    expect(unusable(new Error('other'))).toBeUndefined();
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
