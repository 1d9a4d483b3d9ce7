import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isMissing } from './paths';

const CHUNK = 1 << 20;

export interface LinesRead {
  /** Complete lines, in order, without their ends. */
  readonly lines: readonly string[];
  /** Byte after the last complete line: where to read on. */
  readonly next: number;
  /** The file is shorter than where reading was to go on: it is another file now. */
  readonly shrunk: boolean;
}

/**
 * Complete lines of a growing file from a byte on; a last line without its end is left for the next time. The file is
 * opened anew each time, as shared folders (NFS) promise freshness only then. A missing file has no lines.
 * @param limit stop after about this many bytes
 */
export function readLines(path: string, offset: number, limit = Number.POSITIVE_INFINITY): LinesRead {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (isMissing(error)) return { lines: [], next: offset, shrunk: offset > 0 };
    throw error;
  }
  try {
    return readFrom(file, offset, limit);
  } finally {
    closeSync(file);
  }
}

function readFrom(file: number, offset: number, limit: number): LinesRead {
  const lines: string[] = [];
  let next = offset;
  let pending: Buffer[] = [];
  let position = offset;
  const { size } = fstatSync(file);
  if (size < offset) return { lines, next: offset, shrunk: true };
  while (next - offset < limit && position < size) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - position));
    const count = readSync(file, chunk, 0, chunk.length, position);
    if (count === 0) break;
    position += count;
    const read = chunk.subarray(0, count);
    const end = read.lastIndexOf(10);
    if (end < 0) {
      pending.push(read);
      continue;
    }
    const complete = Buffer.concat([...pending, read.subarray(0, end)]);
    pending = end + 1 < count ? [read.subarray(end + 1)] : [];
    next += complete.length + 1;
    for (const line of complete.toString('utf8').split('\n')) if (line !== '') lines.push(line);
  }
  return { lines, next, shrunk: false };
}

/** One line as a value, or `undefined` where it is torn or not of the schema's kinds: such lines are kept and skipped. */
export function parseLine<T>(
  line: string,
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
