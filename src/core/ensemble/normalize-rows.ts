/** Rows of class probabilities divided by their sum, all equal where that is 0; a single column is left as it is. */
export function normalizeRows(values: Float64Array, width: number): Float32Array {
  if (width === 1) return Float32Array.from(values);
  const normalized = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += width) {
    let sum = 0;
    for (let k = row; k < row + width; k++) sum += values[k];
    for (let k = row; k < row + width; k++) normalized[k] = sum === 0 ? 1 / width : values[k] / sum;
  }
  return normalized;
}
