import type { PlotBand, PlotSpec, Value } from './spec';

/** Lists over one common x: what a canvas plot draws. */
export interface Aligned {
  readonly x: readonly number[];
  /** Series first, in order; then the high and the low line of each band. */
  readonly y: readonly (readonly Value[])[];
}

interface Line {
  readonly x: readonly number[];
  readonly y: readonly Value[];
}

/** Series and bands over the union of their x, with `null` where one has no point. Values a log axis cannot show are null. */
export function align(spec: PlotSpec): Aligned {
  const lines: Line[] = [...spec.series, ...(spec.bands ?? []).flatMap(linesOf)];
  const x = unionOf(lines, spec.logX === true);
  const y = lines.map((line) => over(x, line, spec.logY === true));
  return { x, y };
}

function linesOf({ x, low, high }: PlotBand): readonly Line[] {
  return [
    { x, y: high },
    { x, y: low },
  ];
}

function unionOf(lines: readonly Line[], log: boolean): readonly number[] {
  const [first] = lines;
  if (first === undefined) return [];
  const shared = lines.every(({ x }) => x === first.x || isSame(x, first.x));
  const all = shared ? [...first.x] : [...new Set(lines.flatMap(({ x }) => x))];
  if (!shared) all.sort((a, b) => a - b);
  return log ? all.filter((value) => value > 0) : all;
}

function over(x: readonly number[], line: Line, log: boolean): readonly Value[] {
  const shown = (value: Value | undefined) =>
    value === undefined || value === null || !Number.isFinite(value) || (log && value <= 0) ? null : value;
  if (line.x.length === x.length && isSame(line.x, x)) return log ? line.y.map(shown) : line.y;
  const values: Value[] = new Array(x.length).fill(null);
  let at = 0;
  for (let i = 0; i < line.x.length; i++) {
    while (at < x.length && x[at] < line.x[i]) at++;
    if (x[at] === line.x[i]) values[at] = shown(line.y[i]);
  }
  return values;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
