import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { describe, expect, it } from 'vitest';
import { giveWay } from '../../../src/jobs/priority';

describe('a process that gives way', () => {
  it('comes after others, and one that has ended costs nothing', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const ended = once(child, 'exit');
    giveWay(pid);
    expect(getPriority(pid)).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
    if (process.platform === 'linux' && existsSync(`/proc/${pid}/autogroup`))
      expect(readFileSync(`/proc/${pid}/autogroup`, 'utf8')).toMatch(/ nice 10$/m);
    child.stdin.end();
    await ended;
    expect(() => giveWay(pid)).not.toThrow();
  });
});
