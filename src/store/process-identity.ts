import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Something that tells a process from a later one with the same pid: boot and start tick where /proc has them, else
 * what `ps` says it started at. Undefined when the process is not there, or nothing on this platform tells.
 */
export function processStart(pid: number): string | undefined {
  if (process.platform === 'linux') return startFromProc(pid);
  if (process.platform === 'win32') return undefined;
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 5000,
    });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** A zombie counts as gone: it can hold nothing any more. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return process.platform !== 'linux' || statOf(pid)?.[0] !== 'Z';
}

function startFromProc(pid: number): string | undefined {
  const tick = statOf(pid)?.[19];
  if (tick === undefined) return undefined;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${tick}`;
}

/** Fields of /proc/<pid>/stat from the third (state) on; the second is a name that may hold spaces and parentheses. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
