import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { giveWay } from '../../../src/jobs/priority';

const LATER = constants.priority.PRIORITY_BELOW_NORMAL;
const started: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map(end));
});

describe('a process that gives way', () => {
  it('comes after others, and one that has ended costs nothing', async () => {
    const child = await idle();
    giveWay(child.pid);
    expect(getPriority(child.pid)).toBe(Math.max(LATER, getPriority()));
    await end(child);
    expect(() => giveWay(child.pid)).not.toThrow();
  });

  it('is a session that comes after others, where the system has shares of sessions and lets us change them', async (context) => {
    const [child, probe] = [await idle(), await idle()];
    const refusal = await refusalOfShares(probe.pid);
    if (refusal !== undefined)
      context.skip(`this system does not let us change the share of a session: ${refusal}`);
    giveWay(child.pid);
    await vi.waitFor(() => expect(shareOf(child.pid)).toMatch(` nice ${LATER}`), WAIT);
  });

  it('asks again for a smaller share when the system has just changed another', async () => {
    const asked: string[] = [];
    giveWay(process.pid, getPriority(), (file, share) => {
      asked.push(`${file} ${share}`);
      if (asked.length < 3) throw Object.assign(new Error('try again'), { code: 'EAGAIN' });
    });
    const onLinux = process.platform === 'linux';
    await vi.waitFor(() => expect(asked).toHaveLength(onLinux ? 3 : 0), WAIT);
    if (onLinux) expect(new Set(asked)).toEqual(new Set([`/proc/${process.pid}/autogroup ${getPriority()}`]));
  });

  it('is left as it is by a system that refuses', () => {
    let asked = 0;
    const refuse = () => {
      asked++;
      throw Object.assign(new Error('read-only'), { code: 'EROFS' });
    };
    expect(() => giveWay(process.pid, getPriority(), refuse)).not.toThrow();
    expect(asked).toBe(process.platform === 'linux' ? 1 : 0);
  });
});

const WAIT = { timeout: 20_000, interval: 50 };

async function idle(): Promise<ChildProcess & { pid: number }> {
  // A session of its own, as the product's runs are: the share of the tests' own session stays.
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  started.push(child);
  await once(child, 'spawn');
  return child as ChildProcess & { pid: number };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  await ended;
}

/** Why the share of a session cannot be changed here, asked for without the code that is tested. */
async function refusalOfShares(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'not Linux';
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      writeFileSync(`/proc/${pid}/autogroup`, String(LATER));
      return shareOf(pid).includes(` nice ${LATER}`) ? undefined : `it stays "${shareOf(pid)}"`;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') return message;
      await new Promise((resolve) => setTimeout(resolve, 110));
    }
  }
  return 'always busy';
}

function shareOf(pid: number): string {
  return readFileSync(`/proc/${pid}/autogroup`, 'utf8').trim();
}
