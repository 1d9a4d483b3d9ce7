const FIRST_CHUNK = 256;
const LARGEST_CHUNK = 65536;

/**
 * A typed array whose length is not known beforehand: a list of chunks, so that growing copies nothing and a table
 * of many columns and few rows stays small.
 */
class Growing<A extends Float64Array | Int32Array> {
  private chunks: A[] = [];
  private chunk: A;
  private used = 0;
  private full = 0;

  constructor(private readonly make: (length: number) => A) {
    this.chunk = make(FIRST_CHUNK);
  }

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

  /** All values in one array. The chunks are given up; nothing may be pushed afterwards. */
  take(): A {
    const all = this.make(this.length);
    let offset = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, offset);
      offset += chunk.length;
    }
    all.set(this.chunk.subarray(0, this.used), offset);
    this.chunks = [];
    return all;
  }

  private grow(): void {
    this.chunks.push(this.chunk);
    this.full += this.chunk.length;
    this.chunk = this.make(Math.min(LARGEST_CHUNK, this.chunk.length * 2));
    this.used = 0;
  }
}

export class GrowingFloat64 extends Growing<Float64Array> {
  constructor() {
    super((length) => new Float64Array(length));
  }
}

export class GrowingInt32 extends Growing<Int32Array> {
  constructor() {
    super((length) => new Int32Array(length));
  }
}
