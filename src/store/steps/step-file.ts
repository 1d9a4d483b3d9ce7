import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import * as z from 'zod';
import { isMissing } from '../paths';
import { bucketRows, DEFINITION, HEADER_BYTES, LEVELS, readHeader, type StepGroup } from './format';

const stepGroup: z.ZodType<StepGroup> = z.object({
  configuration: z.int(),
  task: z.int().optional(),
  columns: z.array(
    z.object({
      quantity: z.enum(['objective', 'taskLoss', 'validationLoss', 'penalty', 'learningRate']),
      task: z.int().optional(),
    }),
  ),
});

interface FramePlace {
  /** Of the payload. */
  readonly offset: number;
  /** Row, or bucket of the frame's level. */
  readonly first: number;
  readonly count: number;
  /** Step of the first row. */
  readonly step: number;
}

interface GroupPlaces extends StepGroup {
  /** A list a level, ascending. */
  readonly levels: readonly FramePlace[][];
}

/** Minima and maxima of consecutive stretches of rows; of single rows, both are the row's value. */
export interface Stretches {
  /** Rows of a stretch. */
  readonly size: number;
  /** Step of the first row of each stretch. */
  readonly steps: readonly number[];
  /** A list a wanted column. */
  readonly low: readonly (readonly number[])[];
  readonly high: readonly (readonly number[])[];
  /** Rows recorded in the range. */
  readonly rows: number;
  /** The last row in the range, exact: its step and a value a wanted column. */
  readonly last: { readonly step: number; readonly values: readonly number[] } | undefined;
}

/** Steps from `from` to `to`, both included. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads an attempt's steps while they are written: knows where the frames are, reads on where the file grew, and reads
 * of the columns no finer level of the pyramid than what is asked for.
 */
export class StepFile {
  private readonly places = new Map<number, GroupPlaces>();
  private known = 0;
  /** Seconds from the attempt's start to its last recorded step. */
  lastMono = 0;

  /** @param most bytes that are read of it; absent: all there are */
  constructor(
    private readonly path: string,
    private readonly most = Number.POSITIVE_INFINITY,
  ) {}

  /** Looks for new frames. A missing file has none. */
  refresh(): void {
    this.opened((file) => {
      const size = Math.min(fstatSync(file).size, this.most);
      const header = Buffer.alloc(HEADER_BYTES + 4);
      while (this.known + HEADER_BYTES <= size) {
        const read = readSync(file, header, 0, header.length, this.known);
        const frame = readHeader(new DataView(header.buffer, header.byteOffset, read));
        if (frame === undefined || this.known + HEADER_BYTES + frame.bytes > size) return;
        const offset = this.known + HEADER_BYTES;
        this.known = offset + frame.bytes;
        this.lastMono = frame.mono;
        if (frame.level === DEFINITION) this.define(frame.group, readBytes(file, offset, frame.bytes));
        else {
          const { first, count } = frame;
          const levels = this.places.get(frame.group)?.levels;
          levels?.[frame.level]?.push({ offset, first, count, step: header.readUInt32LE(HEADER_BYTES) });
        }
      }
    });
  }

  /** Groups by their numbers. */
  groups(): ReadonlyMap<number, StepGroup> {
    return this.places;
  }

  /** Rows recorded of a group. */
  rows(group: number): number {
    return rowsAt(this.placesOf(group), 0);
  }

  /** The last recorded step of every group that has any, by the groups' numbers. */
  lastSteps(): ReadonlyMap<number, number> {
    const steps = new Map<number, number>();
    this.opened((file) => {
      for (const [number, { levels }] of this.places) {
        const last = levels[0].at(-1);
        if (last === undefined) continue;
        const bytes = readBytes(file, last.offset + 4 * (last.count - 1), 4);
        if (bytes.length === 4) steps.set(number, bytes.readUInt32LE(0));
      }
    });
    return steps;
  }

  /**
   * Columns of a group as stretches of at most about `most` points: one of a single row, two (its extremes) of several.
   * @param columns indices into the group's columns
   */
  read(group: number, columns: readonly number[], most: number, range?: StepRange): Stretches {
    const places = this.placesOf(group);
    return (
      this.opened((file) => {
        const reader = new ColumnReader(file, places, columns);
        const [from, to] = range ? reader.rowsOf(range) : [0, rowsAt(places, 0)];
        let level = 0;
        while (level < LEVELS && pointsAt(level, to - from) > most) level++;
        return reader.stretches(level, from, to);
      }) ?? {
        size: 1,
        steps: [],
        low: columns.map(() => []),
        high: columns.map(() => []),
        rows: 0,
        last: undefined,
      }
    );
  }

  private placesOf(group: number): GroupPlaces {
    const places = this.places.get(group);
    if (places === undefined) throw new RangeError(`There is no group ${group} in ${this.path}.`);
    return places;
  }

  private define(group: number, bytes: Buffer): void {
    const definition = stepGroup.safeParse(JSON.parse(bytes.toString('utf8')));
    if (!definition.success) return;
    this.places.set(group, {
      ...definition.data,
      levels: Array.from({ length: LEVELS + 1 }, () => []),
    });
  }

  private opened<T>(body: (file: number) => T): T | undefined {
    let file: number;
    try {
      file = openSync(this.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    try {
      return body(file);
    } finally {
      closeSync(file);
    }
  }
}

class ColumnReader {
  constructor(
    private readonly file: number,
    private readonly places: GroupPlaces,
    private readonly columns: readonly number[],
  ) {}

  /** Rows [from, to) whose steps are in the range. */
  rowsOf({ from, to }: StepRange): [number, number] {
    return [this.firstRow((step) => step >= from), this.firstRow((step) => step > to)];
  }

  stretches(level: number, from: number, to: number): Stretches {
    const size = bucketRows(level);
    const steps: number[] = [];
    const low: number[][] = this.columns.map(() => []);
    const high: number[][] = this.columns.map(() => []);
    let open = -1;
    this.visit(level, from, to, (row, step, lows, highs) => {
      const bucket = Math.floor(row / size);
      if (bucket !== open) {
        open = bucket;
        steps.push(step);
        for (let c = 0; c < this.columns.length; c++) {
          low[c].push(lows[c]);
          high[c].push(highs[c]);
        }
        return;
      }
      const at = steps.length - 1;
      for (let c = 0; c < this.columns.length; c++) {
        if (!(low[c][at] <= lows[c]) && !Number.isNaN(lows[c])) low[c][at] = lows[c];
        if (!(high[c][at] >= highs[c]) && !Number.isNaN(highs[c])) high[c][at] = highs[c];
      }
    });
    return { size, steps, low, high, rows: Math.max(0, to - from), last: this.row(to - 1, from) };
  }

  /** The buckets of a level, and where they end what finer levels have; ascending. */
  private visit(
    level: number,
    from: number,
    to: number,
    take: (row: number, step: number, low: readonly number[], high: readonly number[]) => void,
  ): void {
    const size = bucketRows(level);
    const width = level === 0 ? 1 : 2;
    const all = this.places.columns.length;
    let done = from;
    for (const { offset, first, count } of this.places.levels[level]) {
      const begin = Math.max(0, Math.floor(from / size) - first);
      const end = Math.min(count, Math.ceil(to / size) - first);
      done = Math.max(done, Math.min(to, (first + count) * size));
      if (begin >= end) continue;
      const payload = readBytes(this.file, offset, 4 * count * (1 + width * all));
      for (let i = begin; i < end; i++) {
        const at = (column: number) => payload.readFloatLE(4 * (count * (1 + column) + i));
        const low = this.columns.map((c) => at(width * c));
        const high = width === 1 ? low : this.columns.map((c) => at(2 * c + 1));
        take((first + i) * size, payload.readUInt32LE(4 * i), low, high);
      }
    }
    if (level > 0 && done < to) this.visit(level - 1, done, to, take);
  }

  private row(row: number, from: number): Stretches['last'] {
    if (row < from) return undefined;
    let last: Stretches['last'];
    this.visit(0, row, row + 1, (_, step, values) => {
      last = { step, values };
    });
    return last;
  }

  /** First row whose step fulfils a condition that all later rows fulfil too. */
  private firstRow(fulfils: (step: number) => boolean): number {
    const [frames] = this.places.levels;
    let frame = frames.findIndex(({ step }) => fulfils(step));
    if (frame === 0) return 0;
    if (frame < 0) frame = frames.length;
    const before = frames[frame - 1];
    if (before === undefined) return 0;
    const steps = readBytes(this.file, before.offset, 4 * before.count);
    for (let i = 0; i < before.count; i++) {
      if (fulfils(steps.readUInt32LE(4 * i))) return before.first + i;
    }
    return before.first + before.count;
  }
}

function pointsAt(level: number, rows: number): number {
  return level === 0 ? rows : (2 * rows) / bucketRows(level);
}

function rowsAt({ levels }: GroupPlaces, level: number): number {
  const last = levels[level].at(-1);
  return last === undefined ? 0 : last.first + last.count;
}

function readBytes(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const count = readSync(file, bytes, done, length - done, offset + done);
    if (count === 0) return bytes.subarray(0, done);
    done += count;
  }
  return bytes;
}
