import type { SourceRange } from './document';

const PLAIN = /^[\p{L}_][\p{L}\p{N}_.-]*( [\p{L}\p{N}_.-]+)*$/u;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i;
const RESERVED = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

/** `value` as YAML (and, where the text there is in JSON's quotes, as JSON): quoted like what it replaces, or as needed. */
export function written(value: string, text: string, range: SourceRange): string {
  const line = text.split(/\r\n|\r|\n/, range.line)[range.line - 1] ?? '';
  const quote = line[range.column - 1];
  if (quote === '"') return JSON.stringify(value);
  if (quote === "'") return `'${value.replaceAll("'", "''")}'`;
  return quoted(value);
}

/** `value` as a YAML scalar, in quotes only where it would mean something else without. */
export function quoted(value: string): string {
  if (NUMBER.test(value)) return value;
  return PLAIN.test(value) && !RESERVED.has(value.toLowerCase()) ? value : JSON.stringify(value);
}
