import type { ColumnSummary, DatasetSummary } from '../../../src/core/dataset';
import type { Diagnostic, SourceRange } from '../../../src/core/experiment';

/** The experiment of the product's documentation. */
export const EXAMPLE = `data: { source: penguins.csv, test: 0.2, folds: 5, seed: 42 }      # wide: one column a task
tasks:
  species: { target: species }                                     # type inferred (multiclass), can be stated
  sex:     { target: sex }
  mass:    { target: body_mass_g }
models:
  linear:  { kind: linear, penalty: group-lasso, lambda: { points: 20 } }
  net:     { kind: neural, architecture: shared-bottom, hidden: [64, 32], lambda: [0.0001, 0.001, 0.01] }
  forest:  { kind: forest, trees: 200 }
ensembles:
  average:  { combine: mean, of: [linear, net, forest] }
  weighted: { combine: weighted }
`;

/** `line:column code`, with the range's end where asked. */
export function places(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

/** The text that a diagnostic's range covers, which has to be on one line. */
export function covered(text: string, { line, column, endLine, endColumn }: SourceRange): string {
  if (line !== endLine) throw new Error('The range spans lines.');
  return text.split('\n')[line - 1].slice(column - 1, endColumn - 1);
}

/** The text with a diagnostic's quick fix applied. */
export function fixed(text: string, diagnostic: Diagnostic): string {
  const lines = text.split('\n');
  const { line, column, endColumn, replacement = '' } = diagnostic;
  const old = lines[line - 1];
  lines[line - 1] = old.slice(0, column - 1) + replacement + old.slice(endColumn - 1);
  return lines.join('\n');
}

export function only<T>(items: readonly T[]): T {
  if (items.length !== 1)
    throw new Error(`One item was expected, not ${items.length}: ${JSON.stringify(items)}`);
  return items[0];
}

export function numeric(name: string, about: Partial<ColumnSummary> = {}): ColumnSummary {
  return {
    name,
    kind: 'numeric',
    missing: 0,
    distinct: 90,
    range: { min: 0.5, max: 12.25, mean: 5, integer: false },
    ...about,
  };
}

/** A column of categories with their row counts, boolean when asked. */
export function categorical(
  name: string,
  counts: Readonly<Record<string, number>>,
  about: Partial<ColumnSummary> = {},
): ColumnSummary {
  const categories = Object.entries(counts).map(([value, rows]) => ({ value, rows }));
  return {
    name,
    kind: 'categorical',
    missing: 0,
    distinct: categories.filter(({ rows }) => rows > 0).length,
    categories,
    ...about,
  };
}

export function table(rowCount: number, ...columns: ColumnSummary[]): DatasetSummary {
  return { rowCount, fingerprint: 'f'.repeat(64), columns };
}
