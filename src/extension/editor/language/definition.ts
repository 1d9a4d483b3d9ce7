import type { ParsedExperiment, Path, SourceRange } from '../../../core/experiment';
import { elementAt } from './cursor';
import { namedAt } from './names';

/** Where a name of the file is made: in the file itself, or a column of a table, or a table. */
export type Definition =
  | { readonly kind: 'here'; readonly range: SourceRange }
  | { readonly kind: 'column'; readonly source: string; readonly column: string }
  | { readonly kind: 'file'; readonly source: string };

/** What the name at a place (line and column from 1) stands for. */
export function definitionAt(
  parsed: Pick<ParsedExperiment, 'raw' | 'locate' | 'draft'>,
  line: number,
  column: number,
): Definition | undefined {
  const element = elementAt(parsed, line, column);
  if (element === undefined || element.part === 'key') return undefined;
  const { path } = element;
  const name = String(path.reduce<unknown>((value, step) => Reflect.get(Object(value), step), parsed.raw));
  switch (namedAt(path)) {
    case 'model':
      return inFile(parsed, ['models', name]);
    case 'task':
      return inFile(parsed, ['tasks', name]);
    case 'file':
      return { kind: 'file', source: name };
    case 'column': {
      const task = path[0] === 'tasks' ? parsed.draft.tasks.find(({ id }) => id === path[1]) : undefined;
      const source = task?.source ?? parsed.draft.data.source;
      return source === undefined ? undefined : { kind: 'column', source, column: name };
    }
    default:
      return undefined;
  }
}

function inFile(
  { raw, locate }: Pick<ParsedExperiment, 'raw' | 'locate'>,
  path: Path,
): Definition | undefined {
  const exists = path.every(
    (_, i) =>
      Reflect.get(
        Object(path.slice(0, i).reduce<unknown>((value, step) => Reflect.get(Object(value), step), raw)),
        path[i],
      ) !== undefined,
  );
  return exists ? { kind: 'here', range: locate(path, 'key') } : undefined;
}
