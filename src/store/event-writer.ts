import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { StoreError } from './errors';
import { EVENT_VERSION, type RunEvent, type TrialEvent } from './events';
import { hasCode } from './paths';

type Unstamped<E> = E extends unknown ? Omit<E, 'v' | 'seq' | 'time' | 'mono'> : never;
export type UnstampedTrialEvent = Unstamped<TrialEvent>;
export type UnstampedRunEvent = Unstamped<RunEvent>;

/** Bytes and milliseconds after which buffered lines are written: live curves need no more, and a step may take 50 µs. */
const FLUSH_BYTES = 64 * 1024;
const FLUSH_MS = 100;

/**
 * Appends events to one file, one JSON line each, stamped with sequence number and times. Lines are buffered for up
 * to 100 ms of the process's own time (training does not return to the event loop, so the clock is read at each
 * append); `flush` before telling anybody.
 */
export class EventWriter<E extends UnstampedTrialEvent | UnstampedRunEvent> {
  private readonly begun = performance.now();
  private lines: string[] = [];
  private size = 0;
  private flushed = this.begun;

  private constructor(
    private readonly file: number,
    private seq: number,
  ) {}

  /**
   * A new attempt's file. Exactly one process can open it.
   * @throws StoreError `already-exists`
   */
  static exclusive<E extends UnstampedTrialEvent>(path: string): EventWriter<E> {
    try {
      return new EventWriter<E>(openSync(path, 'wx'), 0);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      throw new StoreError('already-exists', `${path} exists: this attempt was begun by another process.`);
    }
  }

  /** Goes on with a file whose writer is gone; a line it tore is closed, so that it harms no line after it. */
  static continuing<E extends UnstampedRunEvent>(path: string, nextSeq: number): EventWriter<E> {
    const file = openSync(path, 'a+');
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 10) writeSync(file, '\n');
    return new EventWriter<E>(file, nextSeq);
  }

  /** Number of the next event. */
  get next(): number {
    return this.seq;
  }

  append(event: E): void {
    const now = performance.now();
    const { kind, ...rest } = event;
    const mono = Math.round(now - this.begun) / 1000;
    const stamp = { v: EVENT_VERSION, seq: this.seq++, kind, time: new Date().toISOString(), mono };
    const line = `${JSON.stringify({ ...stamp, ...rest })}\n`;
    this.lines.push(line);
    this.size += line.length;
    if (this.size >= FLUSH_BYTES || now - this.flushed >= FLUSH_MS) this.flush();
  }

  flush(): void {
    this.flushed = performance.now();
    if (this.lines.length === 0) return;
    const bytes = Buffer.from(this.lines.join(''), 'utf8');
    this.lines = [];
    this.size = 0;
    let done = 0;
    while (done < bytes.length) done += writeSync(this.file, bytes, done);
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }
}
