import { appendFileSync } from 'node:fs';
import * as z from 'zod';
import { liveCoordinator } from './coordinator-lock';
import { parseLine, readLines } from './event-reader';
import { runId } from './ids';
import { RunFolder, type RunStore } from './store';

const base = { time: z.string(), run: runId };

/**
 * Lines of `queue.jsonl`: which runs of the store are at work, and in what order others wait. Their order in the file is what
 * counts, as no two clocks agree.
 */
const queueEntry = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('works') }),
  /** Behind all that wait already. */
  z.object({ ...base, kind: z.literal('waits') }),
  /** To the place of another that waits, and before it; null: behind all. */
  z.object({ ...base, kind: z.literal('moves'), before: runId.nullable() }),
  /** It is paused and has nothing at hand: others may work. */
  z.object({ ...base, kind: z.literal('rests') }),
  /** Its coordinator ends. */
  z.object({ ...base, kind: z.literal('leaves') }),
]);
export type QueueEntry = z.infer<typeof queueEntry>;

type Untimed<E> = E extends unknown ? Omit<E, 'time'> : never;

/** Runs that have a live coordinator, which neither waits nor rests; and those that wait, the next one first. */
export interface QueueState {
  readonly working: readonly string[];
  readonly waiting: readonly string[];
}

/**
 * The runs of a store, as far as they are in each other's way. A run whose coordinator is dead is in nobody's way, whatever the
 * file says of it: a coordinator has its run's lock before it writes here.
 */
export class Queue {
  private readonly working = new Set<string>();
  private line: readonly string[] = [];
  private offset = 0;

  constructor(private readonly store: RunStore) {}

  /** Several entries stand together: no other's come between them. */
  append(...entries: readonly Untimed<QueueEntry>[]): void {
    const time = new Date().toISOString();
    const lines = entries.map((entry) => JSON.stringify({ time, ...entry }));
    // Begins with an end of line, in case a writer before was killed in the middle of one.
    appendFileSync(this.store.path('queue.jsonl'), `\n${lines.join('\n')}\n`);
  }

  /** What was written since the last reading. */
  read(): readonly QueueEntry[] {
    const { lines, next, shrunk } = readLines(this.store.path('queue.jsonl'), this.offset);
    if (shrunk) return this.readAnew();
    this.offset = next;
    const entries = lines.flatMap((line) => parseLine(line, queueEntry) ?? []);
    for (const entry of entries) this.take(entry);
    return entries;
  }

  /** As of the last reading, those whose coordinators live now. */
  state(): QueueState {
    return {
      working: [...this.working].filter((run) => this.isAlive(run)),
      waiting: this.line.filter((run) => this.isAlive(run)),
    };
  }

  /** Whether a run waits, its coordinator alive or not. */
  isWaiting(run: string): boolean {
    return this.line.includes(run);
  }

  /** Whether some run is to be waited for by one that waits; by one that does not wait yet, where it is in no line. */
  isAnyBefore(run?: string): boolean {
    const place = run === undefined ? -1 : this.line.indexOf(run);
    const ahead = place < 0 ? this.line : this.line.slice(0, place);
    return [...this.working, ...ahead].some((other) => other !== run && this.isAlive(other));
  }

  private take(entry: QueueEntry): void {
    const { kind, run } = entry;
    if (kind === 'moves') {
      this.line = moved(this.line, run, entry.before);
      return;
    }
    this.working.delete(run);
    this.line = this.line.filter((other) => other !== run);
    if (kind === 'works') this.working.add(run);
    if (kind === 'waits') this.line = [...this.line, run];
  }

  private readAnew(): readonly QueueEntry[] {
    this.working.clear();
    this.line = [];
    this.offset = 0;
    return this.read();
  }

  private isAlive(run: string): boolean {
    return liveCoordinator(this.store.root, new RunFolder(this.store, run).lock()) !== undefined;
  }
}

/** Unchanged where either has left the line meanwhile. */
function moved(line: readonly string[], run: string, before: string | null): readonly string[] {
  if (!line.includes(run) || before === run) return line;
  const others = line.filter((other) => other !== run);
  const place = before === null ? others.length : others.indexOf(before);
  return place < 0 ? line : others.toSpliced(place, 0, run);
}
