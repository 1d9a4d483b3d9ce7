import type { Column, Dataset } from '../../../src/core/dataset';
import type { ByteSource } from '../../../src/io/byte-source';
import { readSource } from '../../../src/io/read-table';

/** The bytes in chunks of at most `size`, each in memory that is overwritten when the next one is asked for. */
export function bytesSource(content: string | Uint8Array, name = 'table.csv', size = 1 << 20): ByteSource {
  const bytes = Buffer.from(content);
  return {
    name,
    async *chunks() {
      const buffer = Buffer.alloc(size);
      for (let at = 0; at < bytes.length; at += size) {
        const length = bytes.copy(buffer, 0, at, at + size);
        yield buffer.subarray(0, length);
        buffer.fill('#');
      }
    },
  };
}

/** The bytes in two chunks, cut at a place. */
export function cutSource(content: string, at: number, name = 'table.csv'): ByteSource {
  const bytes = Buffer.from(content);
  return {
    name,
    async *chunks() {
      yield bytes.subarray(0, at);
      yield bytes.subarray(at);
    },
  };
}

export function read(
  content: string | Uint8Array,
  name?: string,
  missing = ['', 'NA', '?'],
): Promise<Dataset> {
  return readSource(bytesSource(content, name), { missing });
}

/** A table as people see it: kind and cells of every column, null where missing. */
export function shown({
  columns,
}: Dataset): Record<string, readonly [string, ...(string | number | null)[]]> {
  return Object.fromEntries(columns.map((column) => [column.name, [column.kind, ...cells(column)]]));
}

function cells(column: Column): (string | number | null)[] {
  return column.kind === 'numeric'
    ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
    : Array.from(column.codes, (code) => (code < 0 ? null : column.categories[code]));
}
