import { type ParsedExperiment, type Path, parseExperiment } from '../../../core/experiment';

/** What is being written at the cursor: a key of the map at `path`, or the value at `path`. */
export interface Cursor {
  readonly kind: 'key' | 'value';
  readonly path: Path;
  /** The file's content with the placeholder at the cursor. */
  readonly raw: unknown;
  /** Offsets of the word at the cursor, without its quotes. */
  readonly start: number;
  readonly end: number;
  /** The quote the word is in; empty: none. */
  readonly quote: '' | '"' | "'";
  /** A colon stands after the word already. */
  readonly hasColon: boolean;
}

/** Stands for the word at the cursor while the text around it is parsed. */
export const PLACEHOLDER = 'tw\u2038cursor';

const BEFORE = /[^\s[\]{},:"'#]*$/;
const AFTER = /^[^\s[\]{},:"'#]*/;

/**
 * What may be written at an offset. The text is parsed with a placeholder in the place of the word there, once as a
 * value and once as a key: what makes fewer mistakes is meant, both where neither makes more.
 */
export function cursorsAt(text: string, offset: number): readonly Cursor[] {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const quote = openQuote(before);
  if (quote === '' && /(^|\s)#/.test(before)) return [];
  const start =
    quote === ''
      ? offset - (BEFORE.exec(before)?.[0].length ?? 0)
      : lineStart + before.lastIndexOf(quote) + 1;
  const rest = text.slice(offset).split('\n', 1)[0];
  const closing = quote === '' ? -1 : rest.indexOf(quote);
  const end = offset + (closing >= 0 ? closing : (AFTER.exec(rest)?.[0].length ?? 0));
  const hasColon = /^["']?\s*:/.test(text.slice(end));
  const close = quote !== '' && closing < 0 ? quote : '';
  const value = parsed(text, start, end, `${PLACEHOLDER}${close}`);
  const variants = hasColon
    ? [value]
    : [value, parsed(text, start, end, quote === '' ? `${PLACEHOLDER}: ` : `${PLACEHOLDER}${close}`)];
  const fewest = Math.min(...variants.map(({ mistakes }) => mistakes));
  const found = variants
    .filter(({ mistakes }) => mistakes === fewest)
    .flatMap(({ raw }) => {
      const place = placeIn(raw, []);
      return place ? [{ ...place, raw, start, end, quote, hasColon }] : [];
    });
  return found.filter(
    (one, i) =>
      found.findIndex(({ kind, path }) => kind === one.kind && path.join('\n') === one.path.join('\n')) === i,
  );
}

function parsed(text: string, start: number, end: number, word: string) {
  const { raw, diagnostics } = parseExperiment(text.slice(0, start) + word + text.slice(end));
  return { raw, mistakes: diagnostics.filter(({ code }) => code === 'yaml-syntax').length };
}

function openQuote(before: string): Cursor['quote'] {
  let open: Cursor['quote'] = '';
  for (let i = 0; i < before.length; i++) {
    const char = before[i];
    if (open === '' && (char === '"' || char === "'") && /[\s[{,:]|^$/.test(before[i - 1] ?? '')) open = char;
    else if (char === open && before[i - 1] !== '\\') open = '';
  }
  return open;
}

function placeIn(value: unknown, path: Path): Pick<Cursor, 'kind' | 'path'> | undefined {
  if (value === PLACEHOLDER) return { kind: 'value', path };
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      const place = placeIn(item, [...path, i]);
      if (place) return place;
    }
    return undefined;
  }
  for (const [key, item] of Object.entries(value)) {
    if (key === PLACEHOLDER) return { kind: 'key', path };
    const place = placeIn(item, [...path, key]);
    if (place) return place;
  }
  return undefined;
}

/** A key or a plain value of the file, where it stands. */
export interface Element {
  readonly path: Path;
  readonly part: 'key' | 'value';
}

/** The key or plain value at a place (line and column from 1). */
export function elementAt(
  { raw, locate }: Pick<ParsedExperiment, 'raw' | 'locate'>,
  line: number,
  column: number,
): Element | undefined {
  return elements(raw, []).find(({ path, part }) => {
    const at = locate(path, part);
    return at.line === line && at.endLine === line && at.column <= column && column <= at.endColumn;
  });
}

function elements(value: unknown, path: Path): Element[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => {
      const own = [...path, i];
      return isPlain(item) ? [{ path: own, part: 'value' as const }] : elements(item, own);
    });
  }
  if (isPlain(value)) return [];
  return Object.entries(value ?? {}).flatMap(([key, item]) => {
    const own = [...path, key];
    const below = isPlain(item) ? [{ path: own, part: 'value' as const }] : elements(item, own);
    return [{ path: own, part: 'key' as const }, ...(item === null ? [] : below)];
  });
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
