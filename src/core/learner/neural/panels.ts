import type { Parameter } from './blueprint';

/** Index within a parameter's panels of row i and column j. */
export function panelIndex({ rows }: Pick<Parameter, 'rows'>, i: number, j: number): number {
  return (j >> 3) * rows * 8 + i * 8 + (j & 7);
}

/** Row-major (rows × columns) values of a parameter, from the net's flat vector. */
export function unpack(parameter: Parameter, vector: Float32Array): Float32Array {
  const { rows, columns, offset } = parameter;
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      values[i * columns + j] = vector[offset + panelIndex(parameter, i, j)];
    }
  }
  return values;
}

/** Puts row-major values into the net's flat vector; padding stays. */
export function pack(parameter: Parameter, values: ArrayLike<number>, vector: Float32Array): void {
  const { rows, columns, offset } = parameter;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      vector[offset + panelIndex(parameter, i, j)] = values[i * columns + j];
    }
  }
}
