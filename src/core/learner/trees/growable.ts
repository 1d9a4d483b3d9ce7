type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array;

/** A typed array that grows as numbers are appended. */
export class Growable<T extends Numbers> {
  length = 0;
  private numbers: T;

  constructor(private readonly make: (length: number) => T) {
    this.numbers = make(1024);
  }

  /** What was appended, and space to grow after it; another array once it has grown. */
  get view(): T {
    return this.numbers;
  }

  push(value: number): void {
    this.reserve(this.length + 1);
    this.numbers[this.length++] = value;
  }

  append(values: ArrayLike<number>): void {
    this.reserve(this.length + values.length);
    this.numbers.set(values, this.length);
    this.length += values.length;
  }

  /** A copy of exactly what was appended. */
  toArray(): T {
    const exact = this.make(this.length);
    exact.set(this.numbers.subarray(0, this.length));
    return exact;
  }

  private reserve(length: number): void {
    if (length <= this.numbers.length) return;
    const larger = this.make(Math.max(length, 2 * this.numbers.length));
    larger.set(this.numbers);
    this.numbers = larger;
  }
}
