import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { Column } from '../core/dataset';

/** Hex SHA-256 of the typed columns: names, kinds, dictionaries, values. The same table, the same fingerprint. */
export function fingerprint(columns: readonly Column[]): string {
  const hash = new Fingerprint();
  for (const column of columns) hash.add(column, columnData(column));
  return hash.take();
}

/** The same, a column after the other. */
export class Fingerprint {
  private readonly hash = createHash('sha256');

  /** @param data the column's own: see `columnData` */
  add(
    column: { readonly name: string; readonly kind: Column['kind']; readonly categories?: readonly string[] },
    data: Float64Array | Int32Array,
  ): void {
    this.hash.update(JSON.stringify([column.name, column.kind, data.length, column.categories ?? []]));
    this.hash.update(littleEndian(data));
  }

  take(): string {
    return this.hash.digest('hex');
  }
}

/** The numbers of a column: values, or codes. NaN and -1, where a value is missing, are the mask. */
export function columnData(column: Column): Float64Array | Int32Array {
  return column.kind === 'numeric' ? column.values : column.codes;
}

export function dictionary(column: Column): readonly string[] {
  return column.kind === 'numeric' ? [] : column.categories;
}

/** The bytes of an array, least significant first on any machine; a view of it where that is how they are. */
export function littleEndian(data: Float64Array | Int32Array): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return endianness() === 'LE' ? bytes : swapped(Buffer.from(bytes), data.BYTES_PER_ELEMENT);
}

/** Turns little-endian bytes just read into an array into its numbers, in place. */
export function fromLittleEndian(data: Float64Array | Int32Array): void {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (endianness() !== 'LE') swapped(bytes, data.BYTES_PER_ELEMENT);
}

function swapped(bytes: Buffer, width: number): Buffer {
  return width === 8 ? bytes.swap64() : bytes.swap32();
}
