import { writeFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** Linux lets somebody without rights over the whole system change one session's share in a tenth of a second. */
const SHARE_PAUSE_MS = 150;
const SHARE_ATTEMPTS = 40;

/**
 * Training gives way to the person: where processors are scarce, a process and those that it starts from now on come after
 * the others. Without others at the processors they are as fast as before. A process that comes later already stays there.
 *
 * @param writeShare how the share of a session is changed, `/proc/<pid>/autogroup` on Linux
 */
export function giveWay(
  pid: number,
  priority: number = constants.priority.PRIORITY_BELOW_NORMAL,
  writeShare: (file: string, share: string) => void = writeFileSync,
): void {
  attempt(() => {
    if (getPriority(pid) < priority) setPriority(pid, priority);
  });
  // Linux shares processors among sessions before it does among processes, and what is detached is a session of its own.
  if (process.platform === 'linux')
    changeShare(() => writeShare(`/proc/${pid}/autogroup`, String(priority)), SHARE_ATTEMPTS);
}

/** A process in a session of its own gives way as much as this one does. */
export function giveWayAlike(pid: number): void {
  const own = getPriority();
  if (own > 0) giveWay(pid, own);
}

function changeShare(change: () => void, attempts: number): void {
  if (attempt(change) === 'EAGAIN' && attempts > 1)
    setTimeout(() => changeShare(change, attempts - 1), SHARE_PAUSE_MS).unref();
}

/** What went wrong costs nothing: the process has ended already, or the system has no such shares. */
function attempt(step: () => void): string | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : undefined;
  }
}
