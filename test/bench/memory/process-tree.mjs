// What a process and its children use (Linux: /proc).
import { readdirSync, readFileSync } from 'node:fs';

export function treeOf(root) {
  const children = new Map();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const parent = read(`/proc/${pid}/stat`).match(/\) \S (\d+)/)?.[1];
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(pid)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** Bytes: pages of its own, and its share of those it shares. */
export function memoryOf(pid) {
  return 1024 * Number(read(`/proc/${pid}/smaps_rollup`).match(/^Pss:\s+(\d+)/m)?.[1] ?? 0);
}

/** CPU seconds of one process, in its user code and in the kernel for it. */
export function cpuOf(pid) {
  const [user, system] = read(`/proc/${pid}/stat`).split(') ').at(-1).split(' ').slice(11, 13);
  return (Number(user ?? 0) + Number(system ?? 0)) / 100;
}

/** Empty where the process is gone. */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
