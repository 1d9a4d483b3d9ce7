import { appendFileSync } from 'node:fs';
import * as z from 'zod';
import { parseLine, readLines } from './event-reader';
import { runId } from './ids';
import { resolveInside } from './paths';

/** What people add to runs. The last line about a field of a run is the one that holds. */
export const mark = z.object({
  time: z.string(),
  run: runId,
  star: z.boolean().optional(),
  name: z.string().max(200).optional(),
  note: z.string().max(10_000).optional(),
  tags: z.array(z.string().max(100)).max(100).optional(),
  /** Hidden from lists; its files stay until the store is pruned. */
  deleted: z.boolean().optional(),
});
export type Mark = z.infer<typeof mark>;

export function appendMark(root: string, change: Omit<Mark, 'time'>): void {
  const line = JSON.stringify(mark.parse({ time: new Date().toISOString(), ...change }));
  appendFileSync(resolveInside(root, 'marks.jsonl'), `\n${line}\n`);
}

/** The marks of every run that has any. */
export function readMarks(root: string): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const line of readLines(resolveInside(root, 'marks.jsonl'), 0).lines) {
    const change = parseLine(line, mark);
    if (change !== undefined) marks.set(change.run, { ...marks.get(change.run), ...change });
  }
  return marks;
}
