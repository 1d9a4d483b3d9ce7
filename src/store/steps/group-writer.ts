import { bucketRows, LEVELS } from './format';

/** Rows (buckets) a frame holds at most. */
const FRAME_ROWS = 256;
/** Buckets of a level that are written together: the more, the fewer frames; the fewer, the shorter the tail. */
const FRAME_BUCKETS = 16;

/** A frame's content, ready to be written. */
export interface Frame {
  readonly level: number;
  readonly first: number;
  readonly steps: Uint32Array;
  /** Rows: a list a column. Buckets: minima and maxima of the first column, of the second, … */
  readonly values: readonly Float32Array[];
}

/**
 * The columns of one group while they grow: rows not written yet, and the buckets of each level being filled. A group
 * of few rows stays small: there may be a hundred thousand of them (tasks learned alone × configurations).
 */
export class GroupWriter {
  private steps = new Uint32Array(4);
  private rows: Float32Array;
  private readonly levels: LevelWriter[];
  private written = 0;
  private count = 0;

  /** @param width number of columns */
  constructor(private readonly width: number) {
    this.rows = new Float32Array(this.steps.length * width);
    this.levels = [new LevelWriter(1, width)];
  }

  get isDirty(): boolean {
    return this.count > 0;
  }

  get isFull(): boolean {
    return this.count === FRAME_ROWS;
  }

  /** @param values one a column, NaN for none */
  append(step: number, values: ArrayLike<number>): void {
    if (this.count === this.steps.length) {
      this.steps = grown(this.steps, new Uint32Array(2 * this.count));
      this.rows = grown(this.rows, new Float32Array(2 * this.rows.length));
    }
    this.steps[this.count] = step;
    this.rows.set(values, this.count * this.width);
    this.count++;
  }

  /** Everything that has not been handed out yet: the rows, then the buckets they completed. */
  takeFrames(): readonly Frame[] {
    const frames: Frame[] = [];
    if (this.count === 0) return frames;
    const { width, count, written: first } = this;
    const values = Array.from({ length: width }, (_, c) =>
      Float32Array.from({ length: count }, (_, r) => this.rows[r * width + c]),
    );
    frames.push({ level: 0, first, steps: this.steps.slice(0, count), values });
    for (let r = 0; r < count; r++) this.fold(r, frames);
    this.written += count;
    this.count = 0;
    return frames;
  }

  private fold(row: number, frames: Frame[]): void {
    const { levels, width } = this;
    levels[0].addRow(this.steps[row], this.rows.subarray(row * width, (row + 1) * width));
    for (let i = 0; i < levels.length && levels[i].closeBucket(); i++) {
      if (i + 1 < LEVELS) {
        levels[i + 1] ??= new LevelWriter(i + 2, width);
        levels[i + 1].addBucket(levels[i]);
      }
      const frame = levels[i].takeFrame();
      if (frame) frames.push(frame);
    }
  }
}

/** Buckets of one level: of each, the minima of the columns, then their maxima. */
class LevelWriter {
  private steps = new Uint32Array(1);
  private values: Float32Array;
  private readonly size: number;
  private first = 0;
  private buckets = 0;
  /** Rows in the bucket being filled. */
  private filled = 0;

  constructor(
    private readonly level: number,
    private readonly width: number,
  ) {
    this.size = bucketRows(level);
    this.values = new Float32Array(2 * width);
  }

  addRow(step: number, row: Float32Array): void {
    this.widen(step, row, row);
    this.filled++;
  }

  /** Takes in the bucket that the finer level has just closed. */
  addBucket(finer: LevelWriter): void {
    const at = finer.buckets - 1;
    const { width } = this;
    const from = at * 2 * width;
    this.widen(
      finer.steps[at],
      finer.values.subarray(from, from + width),
      finer.values.subarray(from + width, from + 2 * width),
    );
    this.filled += finer.size;
  }

  /** @returns whether the bucket at hand is complete, and closed with this */
  closeBucket(): boolean {
    if (this.filled < this.size) return false;
    this.filled = 0;
    this.buckets++;
    return true;
  }

  takeFrame(): Frame | undefined {
    if (this.buckets < FRAME_BUCKETS) return undefined;
    const { level, first, width, buckets } = this;
    const values = Array.from({ length: 2 * width }, (_, i) => {
      const from = (i % 2) * width + (i >> 1);
      return Float32Array.from({ length: buckets }, (_, b) => this.values[b * 2 * width + from]);
    });
    const frame = { level, first, steps: this.steps.slice(0, buckets), values };
    this.first += buckets;
    this.buckets = 0;
    return frame;
  }

  private widen(step: number, low: Float32Array, high: Float32Array): void {
    const { width, buckets } = this;
    if (buckets === this.steps.length) {
      this.steps = grown(this.steps, new Uint32Array(2 * buckets));
      this.values = grown(this.values, new Float32Array(2 * this.values.length));
    }
    const from = buckets * 2 * width;
    if (this.filled === 0) {
      this.steps[buckets] = step;
      this.values.set(low, from);
      this.values.set(high, from + width);
      return;
    }
    for (let c = 0; c < width; c++) {
      const at = from + c;
      if (!(this.values[at] <= low[c]) && !Number.isNaN(low[c])) this.values[at] = low[c];
      if (!(this.values[at + width] >= high[c]) && !Number.isNaN(high[c])) this.values[at + width] = high[c];
    }
  }
}

function grown<A extends Uint32Array | Float32Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
