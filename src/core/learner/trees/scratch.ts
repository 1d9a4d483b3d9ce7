let buffer = new ArrayBuffer(0);

/**
 * Room for `numbers` float64 that is used again from column to column: what each would take of its own, a machine with
 * large data has many times over before it is collected. What the caller before left in it is lost.
 */
export function scratch(numbers: number): Float64Array<ArrayBuffer> {
  if (buffer.byteLength < 8 * numbers) buffer = new ArrayBuffer(8 * numbers);
  return new Float64Array(buffer, 0, numbers);
}
