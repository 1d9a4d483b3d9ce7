const FIRST_CHUNK = 256;
const LARGEST_CHUNK = 65536;

/**
 * A typed array whose length is not known beforehand: a list of chunks, so that growing copies nothing and a table
 * of many columns and few rows stays small; or, where the length can be guessed, one chunk of that length.
 */
abstract class Growing<A extends Float64Array | Int32Array> {
  private chunks: A[] = [];
  private chunk: A;
  private used = 0;
  private full = 0;

  constructor() {
    this.chunk = this.make(FIRST_CHUNK);
  }

  protected abstract make(length: number): A;
  protected abstract firstOf(array: A, length: number): A;

  get length(): number {
    return this.full + this.used;
  }

  push(value: number): void {
    if (this.used === this.chunk.length) this.grow();
    this.chunk[this.used++] = value;
  }

  /** Appends `value` until there are `length` values. */
  padTo(length: number, value: number): void {
    while (this.length < length) this.push(value);
  }

  /** Makes room for so many values at once. What is never written to never becomes resident memory. */
  reserve(length: number): void {
    if (length <= this.length) return;
    const larger = this.make(length);
    const values = this.take();
    larger.set(values);
    this.chunk = larger;
    this.used = values.length;
    this.full = 0;
  }

  /** All values in one array. The chunks are given up; nothing may be pushed afterwards. */
  take(): A {
    const last = this.firstOf(this.chunk, this.used);
    if (this.chunks.length === 0) return last;
    const values = this.make(this.length);
    let offset = 0;
    for (const chunk of [...this.chunks, last]) {
      values.set(chunk, offset);
      offset += chunk.length;
    }
    this.chunks = [];
    return values;
  }

  private grow(): void {
    this.chunks.push(this.chunk);
    this.full += this.chunk.length;
    this.chunk = this.make(Math.min(LARGEST_CHUNK, this.chunk.length * 2));
    this.used = 0;
  }
}

export class GrowingFloat64 extends Growing<Float64Array> {
  protected override make(length: number): Float64Array {
    return new Float64Array(length);
  }

  protected override firstOf(array: Float64Array, length: number): Float64Array {
    return array.subarray(0, length);
  }
}

export class GrowingInt32 extends Growing<Int32Array> {
  protected override make(length: number): Int32Array {
    return new Int32Array(length);
  }

  protected override firstOf(array: Int32Array, length: number): Int32Array {
    return array.subarray(0, length);
  }
}
