import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Directory of the real data sets, found by walking up; undefined where this checkout has none beside it. */
export const sharedData = findSharedData();

function findSharedData(): string | undefined {
  for (let directory = import.meta.dirname; ; directory = dirname(directory)) {
    const candidate = join(directory, 'shared', 'data');
    if (existsSync(join(candidate, 'oracles.json'))) return candidate;
    if (dirname(directory) === directory) return undefined;
  }
}

export interface Standardised {
  readonly n: number;
  /** Row-major n × features, n × tasks; both z-scored with the population standard deviation. */
  readonly X: Float64Array;
  readonly Y: Float64Array;
  readonly features: number;
  readonly tasks: number;
}

/** A table without quoted or missing cells: features, then targets named `y_…`. */
export function readStandardised(directory: string, name: string): Standardised {
  const [header, ...lines] = readFileSync(join(directory, `${name}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/);
  const names = header.split(',');
  const rows = lines.map((line) => line.split(',').map(Number));
  const inputs = names.flatMap((column, index) => (column.startsWith('y_') ? [] : [index]));
  const targets = names.flatMap((column, index) => (column.startsWith('y_') ? [index] : []));
  return {
    n: rows.length,
    X: zscore(rows, inputs),
    Y: zscore(rows, targets),
    features: inputs.length,
    tasks: targets.length,
  };
}

function zscore(rows: readonly number[][], columns: readonly number[]): Float64Array {
  const out = new Float64Array(rows.length * columns.length);
  columns.forEach((column, j) => {
    const values = rows.map((row) => row[column]);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    values.forEach((value, i) => {
      out[i * columns.length + j] = (value - mean) / (sd || 1);
    });
  });
  return out;
}
