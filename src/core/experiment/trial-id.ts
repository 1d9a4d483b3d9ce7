import { sha256 } from '../sha256';

/** Hex digits of a digest: 128 bits, so that two pieces of work never share one by chance. */
const DIGITS = 32;

/** Stable hex digest of plain data: the same content gives the same digest, whatever the order of its keys. */
export function digest(value: unknown): string {
  return sha256(canonical(value)).slice(0, DIGITS);
}

/** JSON with keys in code-unit order; undefined members left out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}
