import type { ParsedExperiment, SourceRange } from '../../core/experiment';
import { t } from '../../protocol/l10n';

/** `text` in the place of what stands from `start` to `end` (offsets in UTF-16 units). */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Parsed = Pick<ParsedExperiment, 'locate' | 'draft' | 'raw'>;

/** The edit that adds a base model to the list of an ensemble, in the style of the list; or why there is none. */
export function memberAdded(
  parsed: Parsed,
  text: string,
  ensemble: string,
  model: string,
): TextChange | string {
  const found = listOf(parsed, ensemble);
  if (typeof found === 'string') return found;
  const { members, list } = found;
  if (list === undefined) return t('{0} combines all base models already.', ensemble);
  if (members.includes(model)) return t('{0} is already in {1}.', model, ensemble);
  const last = offsetsOf(text, parsed.locate([...list, members.length - 1], 'value'));
  const before = parsed.locate([...list, members.length - 1], 'value');
  if (isFlow(parsed, text, list)) {
    const quote = /^["']/.exec(text.slice(last.start))?.[0] ?? '';
    return { start: last.end, end: last.end, text: `, ${quote}${nameText(model, quote)}${quote}` };
  }
  const line = lineOf(text, before.line);
  const indent = /^\s*/.exec(line.text)?.[0] ?? '';
  return { start: line.end, end: line.end, text: `\n${indent}- ${nameText(model, '')}` };
}

/** The edit that takes a base model out of an ensemble; or why there is none. */
export function memberRemoved(
  parsed: Parsed,
  text: string,
  ensemble: string,
  model: string,
): TextChange | string {
  const found = listOf(parsed, ensemble);
  if (typeof found === 'string') return found;
  const { members, list } = found;
  const at = members.indexOf(model);
  if (at < 0) return t('{0} is not in {1}.', model, ensemble);
  if (members.length === 1) return t('{0} is the only model of {1}.', model, ensemble);
  if (list === undefined) return restListed(parsed, text, ensemble, members.toSpliced(at, 1));
  const own = parsed.locate([...list, at], 'value');
  const { start, end } = offsetsOf(text, own);
  if (isFlow(parsed, text, list)) {
    // With the comma after it, or before it where it is the last.
    const after = /^\s*,\s*/.exec(text.slice(end))?.[0];
    if (after !== undefined) return { start, end: end + after.length, text: '' };
    const before = /\s*,\s*$/.exec(text.slice(0, start))?.[0] ?? '';
    return { start: start - before.length, end, text: '' };
  }
  const line = lineOf(text, own.line);
  return { start: line.start, end: Math.min(text.length, line.end + 1), text: '' };
}

/** An ensemble of all that is left: what was not written is listed, after what it does with them. */
function restListed(
  { locate, raw }: Parsed,
  text: string,
  ensemble: string,
  rest: readonly string[],
): TextChange | string {
  const place = ['ensembles', ensemble];
  const combine = [...place, 'combine'].reduce<unknown>((value, key) => Reflect.get(Object(value), key), raw);
  if (typeof combine !== 'string')
    return t('{0} combines all base models: list those to keep under `of`.', ensemble);
  const value = locate([...place, 'combine'], 'value');
  const { start, end } = offsetsOf(text, value);
  // JSON quotes all of them.
  const quoted = text[start] === '"';
  const names = rest.map((name) => (quoted ? JSON.stringify(name) : nameText(name, ''))).join(', ');
  const written = `${quoted ? '"of"' : 'of'}: [${names}]`;
  if (isIn(text, locate(place, 'value'), '{')) return { start: end, end, text: `, ${written}` };
  const line = lineOf(text, value.line);
  const indent = /^\s*/.exec(line.text)?.[0] ?? '';
  return { start: line.end, end: line.end, text: `\n${indent}${written}` };
}

function listOf(
  { draft, raw }: Parsed,
  ensemble: string,
): string | { readonly members: readonly string[]; readonly list: readonly string[] | undefined } {
  const spec = draft.ensembles.find(({ name }) => name === ensemble);
  if (spec === undefined) return t('There is no ensemble {0} in the file.', ensemble);
  const list = ['ensembles', ensemble, 'of'];
  const written = list.reduce<unknown>((value, key) => Reflect.get(Object(value), key), raw);
  if (!Array.isArray(written)) return { members: spec.of, list: undefined };
  return { members: written.map(String), list };
}

function isFlow({ locate }: Parsed, text: string, list: readonly string[]): boolean {
  return isIn(text, locate(list, 'value'), '[');
}

/** What stands there begins with a bracket. */
function isIn(text: string, place: SourceRange, bracket: '[' | '{'): boolean {
  return text.startsWith(bracket, offsetsOf(text, place).start);
}

function nameText(name: string, quote: string): string {
  if (quote === '"') return JSON.stringify(name).slice(1, -1);
  if (quote === "'") return name.replaceAll("'", "''");
  return /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name) ? name : JSON.stringify(name);
}

function lineOf(text: string, line: number): { start: number; end: number; text: string } {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  const end = text.indexOf('\n', start);
  const stop = end < 0 ? text.length : end;
  return { start, end: stop, text: text.slice(start, stop) };
}

function offsetsOf(text: string, range: SourceRange): { start: number; end: number } {
  const at = (line: number, column: number) => lineOf(text, line).start + column - 1;
  return { start: at(range.line, range.column), end: at(range.endLine, range.endColumn) };
}
