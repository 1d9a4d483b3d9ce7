import type { ParsedExperiment, SourceRange } from '../../../core/experiment';

/** An entry of the outline. */
export interface FileSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'section' | 'task' | 'model' | 'sweep' | 'ensemble' | 'property';
  /** From the key to the end of its value. */
  readonly range: SourceRange;
  readonly selection: SourceRange;
  readonly children: readonly FileSymbol[];
}

const KINDS: Readonly<Record<string, FileSymbol['kind']>> = {
  tasks: 'task',
  models: 'model',
  sweeps: 'sweep',
  ensembles: 'ensemble',
};

/** Sections of the file, and the entries of each. */
export function symbolsOf({ raw, locate }: Pick<ParsedExperiment, 'raw' | 'locate'>): readonly FileSymbol[] {
  const symbol = (
    path: readonly string[],
    value: unknown,
    kind: FileSymbol['kind'],
    children: readonly FileSymbol[],
  ): FileSymbol => {
    const selection = locate(path, 'key');
    const { endLine, endColumn } = value === null ? selection : locate(path, 'value');
    return {
      name: path[path.length - 1],
      detail: detailOf(value),
      kind,
      range: { ...selection, endLine, endColumn },
      selection,
      children,
    };
  };
  return entriesOf(raw).map(([section, value]) =>
    symbol(
      [section],
      value,
      'section',
      entriesOf(value).map(([name, own]) => symbol([section, name], own, KINDS[section] ?? 'property', [])),
    ),
  );
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** What a person wants to know of an entry without opening it. */
function detailOf(value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.slice(0, 4).join(', ') + (value.length > 4 ? ', …' : '');
  if (typeof value !== 'object') return String(value);
  const said = ['kind', 'combine', 'target', 'model'].flatMap((key) => {
    const own: unknown = Reflect.get(value, key);
    return typeof own === 'string' ? [own] : [];
  });
  return said.join(' ');
}
