import type { Path } from '../../../core/experiment';
import { t } from '../../../protocol/l10n';
import { type Cursor, PLACEHOLDER } from './cursor';
import { namedAt } from './names';
import { choicesAt, keysOf, valuesOf } from './schema-choices';

/** One thing that may be written at the cursor. */
export interface Suggestion {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'column' | 'model' | 'task';
  readonly text: string;
  /** Offsets of what it replaces. */
  readonly start: number;
  readonly end: number;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** Shown before the others. */
  readonly first?: boolean;
  /** Another suggestion follows at once. */
  readonly more?: boolean;
}

export interface Names {
  readonly columns: readonly string[];
  readonly models: readonly string[];
  readonly tasks: readonly string[];
  /** Hyperparameters of a base model, λ among them. */
  parameters(model: string): readonly string[];
}

export interface CompletionInput {
  readonly cursors: readonly Cursor[];
  readonly names: Names;
  /** Another extension completes what the schema knows. */
  readonly namesOnly: boolean;
  readonly json: boolean;
}

/** What may be written at the cursor: keys and values of the schema, columns of the data, names of the file. */
export function suggestions(input: CompletionInput): readonly Suggestion[] {
  const all = input.cursors.flatMap((cursor) =>
    cursor.kind === 'key' ? keySuggestions(cursor, input) : valueSuggestions(cursor, input),
  );
  return all.filter((one, i) => all.findIndex(({ label }) => label === one.label) === i);
}

function keySuggestions(cursor: Cursor, { names, namesOnly, json }: CompletionInput): readonly Suggestion[] {
  const present = Object.keys(Object(at(cursor.raw, cursor.path)));
  const free = (key: string) => !present.includes(key);
  const { path } = cursor;
  const own = (label: string, kind: Suggestion['kind'], rest: Partial<Suggestion> = {}): Suggestion => ({
    label,
    kind,
    text: keyText(cursor, label, json),
    start: cursor.start,
    end: cursor.end,
    ...rest,
  });
  if (path.length === 1 && path[0] === 'tasks' && !json && cursor.quote === '' && !cursor.hasColon) {
    return names.columns.filter(free).map((column) =>
      own(column, 'column', {
        text: `${scalar(column)}: { target: ${scalar(column)} }`,
        detail: t('a task with this column as its target'),
      }),
    );
  }
  if (path.length === 3 && path[0] === 'sweeps' && path[2] === 'over') {
    const model = at(cursor.raw, ['sweeps', path[1], 'model']);
    return names
      .parameters(String(model))
      .filter(free)
      .map((key) => own(key, 'key', { detail: t('hyperparameter of {0}', String(model)) }));
  }
  if (namesOnly) return [];
  return keysOf(choicesAt(path, cursor.raw))
    .filter(({ key }) => free(key))
    .map(({ key, schema, isRequired }) => {
      const values = valuesOf(choicesAt([...path, key], cursor.raw));
      return own(key, 'key', {
        detail: isRequired ? t('required') : undefined,
        documentation: documentation(schema.description, schema.default),
        first: isRequired,
        more: values.length > 0 || namedAt([...path, key]) !== undefined,
      });
    });
}

function valueSuggestions(
  cursor: Cursor,
  { names, namesOnly, json }: CompletionInput,
): readonly Suggestion[] {
  const parent = at(cursor.raw, cursor.path.slice(0, -1));
  const siblings = Array.isArray(parent) ? parent.map(String) : [];
  const own = (label: string, kind: Suggestion['kind'], documentation?: string): Suggestion => ({
    label,
    kind,
    text: valueText(cursor, label, json && kind !== 'value'),
    start: cursor.start,
    end: cursor.end,
    documentation,
  });
  const named = namedAt(cursor.path);
  if (named === 'column') return unused(names.columns, siblings).map((column) => own(column, 'column'));
  if (named === 'model') return unused(names.models, siblings).map((model) => own(model, 'model'));
  if (named === 'task') return unused(names.tasks, siblings).map((task) => own(task, 'task'));
  if (namesOnly) return [];
  return valuesOf(choicesAt(cursor.path, cursor.raw))
    .filter(({ value }) => !siblings.includes(value))
    .map(({ value, description }) => ({
      ...own(value, 'value', documentation(description)),
      text: valueText(cursor, value, json && !/^(true|false)$/.test(value)),
    }));
}

function unused(names: readonly string[], siblings: readonly string[]): readonly string[] {
  return names.filter((name) => !siblings.includes(name));
}

function keyText({ quote, hasColon }: Cursor, key: string, json: boolean): string {
  if (hasColon) return quote === '' ? scalar(key) : key;
  if (quote !== '') return `${key}${quote}: `.replace(/: $/, '');
  return json ? `${JSON.stringify(key)}: ` : `${scalar(key)}: `;
}

function valueText({ quote }: Cursor, value: string, quoted: boolean): string {
  if (quote === '"') return JSON.stringify(value).slice(1, -1);
  if (quote === "'") return value.replaceAll("'", "''");
  return quoted ? JSON.stringify(value) : scalar(value);
}

/** As YAML without quotes where that means the same. */
function scalar(value: string): string {
  const isPlain = /^[\p{L}_][\p{L}\p{N}_.-]*( [\p{L}\p{N}_.-]+)*$/u.test(value);
  return isPlain || /^(true|false|\d+)$/.test(value) ? value : JSON.stringify(value);
}

/** Markdown on a key or value. */
export function documentation(description: string | undefined, fallback?: unknown): string | undefined {
  const isWorthy =
    fallback !== undefined && JSON.stringify(fallback) !== '{}' && JSON.stringify(fallback) !== '[]';
  const lines = [
    description && t(description),
    isWorthy && t('Default: {0}', `\`${JSON.stringify(fallback)}\``),
  ];
  return lines.filter(Boolean).join('\n\n') || undefined;
}

function at(raw: unknown, path: Path): unknown {
  const value = path.reduce<unknown>((one, step) => Reflect.get(Object(one), step), raw);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== PLACEHOLDER));
}
