/** What a path was solved for: features × rows, and a column of targets a task; no intercepts. */
export interface SquaredProblem {
  readonly X: Float64Array;
  readonly Y: readonly Float64Array[];
}

/**
 * The duality gap by plain loops over the data, as a part of the loss at W = 0; for the lasso `byEntry`, else for the group
 * lasso.
 */
export function relativeGap(
  { X, Y }: SquaredProblem,
  W: Float64Array,
  lambda: number,
  byEntry: boolean,
): number {
  const columns = Y.length;
  const rows = Y[0].length;
  const features = X.length / rows;
  let [squares, residuals, along, size, dual] = [0, 0, 0, 0, 0];
  const R = Y.map((y, c) =>
    y.map((value, i) => {
      let rest = value;
      for (let j = 0; j < features; j++) rest -= X[j * rows + i] * W[j * columns + c];
      squares += value * value;
      residuals += rest * rest;
      along += rest * value;
      return rest;
    }),
  );
  for (let j = 0; j < features; j++) {
    const w = Array.from(W.subarray(j * columns, (j + 1) * columns));
    const v = R.map((r) => r.reduce((sum, value, i) => sum + value * X[j * rows + i], 0) / rows);
    size += byEntry ? w.reduce((sum, one) => sum + Math.abs(one), 0) : Math.hypot(...w);
    dual = Math.max(dual, byEntry ? Math.max(...v.map(Math.abs)) : Math.hypot(...v));
  }
  const scale = Math.min(1, lambda / dual);
  const gap = residuals / 2 + rows * lambda * size - (scale * along - (scale * scale * residuals) / 2);
  return gap / (squares / 2);
}
