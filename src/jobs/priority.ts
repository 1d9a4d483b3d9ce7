import { writeFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/**
 * Training gives way to the person: where processors are scarce, a process and those that it starts from now on come after
 * the others. Without others at the processors they are as fast as before.
 */
export function giveWay(pid: number, priority: number = constants.priority.PRIORITY_BELOW_NORMAL): void {
  try {
    setPriority(pid, priority);
    // Linux shares processors among sessions before it does among processes, and what is detached is a session of its own.
    if (process.platform === 'linux') writeFileSync(`/proc/${pid}/autogroup`, String(priority));
  } catch {
    // It has ended already, or the system has no such shares: nothing depends on it.
  }
}

/** A process in a session of its own gives way as much as this one does. */
export function giveWayAlike(pid: number): void {
  const own = getPriority();
  if (own > 0) giveWay(pid, own);
}
