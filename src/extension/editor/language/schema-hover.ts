import type { ParsedExperiment, SourceRange } from '../../../core/experiment';
import { documentation } from './completion';
import { elementAt } from './cursor';
import { choicesAt, valuesOf } from './schema-choices';

/** What the schema says about the key (or the value of the choices) at a place (line and column from 1). */
export function schemaHover(
  parsed: Pick<ParsedExperiment, 'raw' | 'locate'>,
  line: number,
  column: number,
): { readonly text: string; readonly range: SourceRange } | undefined {
  const element = elementAt(parsed, line, column);
  if (element === undefined) return undefined;
  const { path, part } = element;
  const choices = choicesAt(path, parsed.raw);
  if (part === 'value' && valuesOf(choices).length === 0) return undefined;
  const text = documentation(choices[0]?.description, choices[0]?.schema.default);
  return text === undefined ? undefined : { text, range: parsed.locate(path, part) };
}
