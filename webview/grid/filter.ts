import { t } from '../../src/protocol/l10n';
import { type CellValue, type GridColumn, textOf } from './columns';

const OPERATORS = ['<=', '>=', '!=', '<', '>', '=', ':'] as const;
type Operator = (typeof OPERATORS)[number];

interface Condition {
  readonly column: string;
  readonly operator: Operator;
  readonly value: string;
}

export interface Filter {
  /** Words that some shown column has to contain. */
  readonly words: readonly string[];
  readonly conditions: readonly Condition[];
  /** What cannot be understood, and why; the rest applies. */
  readonly mistakes: readonly string[];
}

/**
 * What is typed in the filter: words, and conditions such as `model:net`, `λ<0.1`, `R²>=0.5` or `"log loss"<0.3`. `:` is
 * “contains”, `=` and `!=` are exact; `<` and its kin compare numbers. Names of columns by id or label, case apart.
 */
export function parseFilter<R>(text: string, columns: readonly GridColumn<R>[]): Filter {
  const words: string[] = [];
  const conditions: Condition[] = [];
  const mistakes: string[] = [];
  for (const token of tokensOf(text)) {
    const at = operatorAt(token);
    if (at === undefined) {
      words.push(token.replaceAll('"', '').toLowerCase());
      continue;
    }
    const name = token.slice(0, at.from).replaceAll('"', '').toLowerCase();
    const value = token.slice(at.from + at.operator.length).replaceAll('"', '');
    const column = columns.find(({ id, label }) => id.toLowerCase() === name || label.toLowerCase() === name);
    if (column === undefined) mistakes.push(t('there is no column “{0}”', name));
    else if (isOrder(at.operator) && (value === '' || Number.isNaN(Number(value))))
      mistakes.push(t('“{0} {1}” needs a number', name, at.operator));
    else conditions.push({ column: column.id, operator: at.operator, value });
  }
  return { words, conditions, mistakes };
}

/** @param columns those that words are looked for in, and conditions name */
export function passes<R>(row: R, { words, conditions }: Filter, columns: readonly GridColumn<R>[]): boolean {
  for (const { column: id, operator, value } of conditions) {
    const column = columns.find((one) => one.id === id);
    if (column && !holds(column.value(row), textOf(column, row), operator, value)) return false;
  }
  if (words.length === 0) return true;
  const all = columns.map((column) => textOf(column, row).toLowerCase());
  return words.every((word) => all.some((text) => text.includes(word)));
}

function holds(value: CellValue, text: string, operator: Operator, wanted: string): boolean {
  const lower = wanted.toLowerCase();
  const isEqual =
    typeof value === 'number' && wanted !== '' ? value === Number(wanted) : text.toLowerCase() === lower;
  switch (operator) {
    case ':':
      return text.toLowerCase().includes(lower);
    case '=':
      return isEqual;
    case '!=':
      return !isEqual;
    case '<':
      return typeof value === 'number' && value < Number(wanted);
    case '<=':
      return typeof value === 'number' && value <= Number(wanted);
    case '>':
      return typeof value === 'number' && value > Number(wanted);
    case '>=':
      return typeof value === 'number' && value >= Number(wanted);
  }
}

function isOrder(operator: Operator): boolean {
  return operator.startsWith('<') || operator.startsWith('>');
}

/** Split at spaces outside quotes. */
function tokensOf(text: string): readonly string[] {
  return text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

function operatorAt(token: string): { readonly from: number; readonly operator: Operator } | undefined {
  let isQuoted = false;
  for (let i = 0; i < token.length; i++) {
    if (token[i] === '"') isQuoted = !isQuoted;
    const operator = isQuoted ? undefined : OPERATORS.find((one) => token.startsWith(one, i));
    if (operator !== undefined && i > 0) return { from: i, operator };
  }
  return undefined;
}
