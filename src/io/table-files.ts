import { constants } from 'node:fs';
import { type FileHandle, lstat, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Column, Dataset } from '../core/dataset';
import { ColumnFile, FiledColumn } from './column-file';
import { columnData, dictionary, Fingerprint, fingerprint, littleEndian } from './fingerprint';

const HEADER = 'header.json';
const COLUMNS = 'columns.bin';
/** One call reads or writes at most this; the system's own limit is 2 GiB. */
const PIECE_BYTES = 1 << 26;

const columnHeader = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('numeric'), name: z.string() }),
  z.strictObject({ kind: z.literal('categorical'), name: z.string(), categories: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal('boolean'),
    name: z.string(),
    categories: z.tuple([z.string(), z.string()]),
  }),
]);
const tableHeader = z.strictObject({
  version: z.literal(1),
  fingerprint: z.string(),
  rowCount: z.int().nonnegative(),
  /** In the order of their numbers in the other file: float64 values, or int32 codes. */
  columns: z.array(columnHeader),
});
type ColumnHeader = z.infer<typeof columnHeader>;
type TableHeader = z.infer<typeof tableHeader>;

/**
 * Writes a table into an existing folder: `header.json` (names, kinds, dictionaries) and `columns.bin` (the numbers
 * of the columns one after the other, little-endian; NaN and -1 where a value is missing).
 */
export async function writeTableFiles(folder: string, dataset: Dataset): Promise<void> {
  const header: z.infer<typeof tableHeader> = {
    version: 1,
    fingerprint: dataset.fingerprint,
    rowCount: dataset.rowCount,
    columns: dataset.columns.map(headerOf),
  };
  await writeFile(join(folder, HEADER), JSON.stringify(header), { flag: 'wx' });
  const file = await open(join(folder, COLUMNS), 'wx');
  try {
    for (const column of dataset.columns) await writeAll(file, littleEndian(columnData(column)));
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * The table in a folder, provided that it is whole and has the fingerprint: anything else, links among it, gives
 * `undefined`.
 * @param mostInMemory of a table of more bytes, numbers stay in the file and are read when they are looked at
 */
export async function readTableFiles(
  folder: string,
  expected: string,
  mostInMemory = Number.POSITIVE_INFINITY,
): Promise<Dataset | undefined> {
  try {
    if (!(await lstat(folder)).isDirectory()) return undefined;
    const header = tableHeader.parse(JSON.parse(await readText(join(folder, HEADER))));
    const { rowCount } = header;
    const file = new ColumnFile(join(folder, COLUMNS));
    const bytes = rowCount * header.columns.reduce((sum, column) => sum + widthOf(column), 0);
    const staysOpen = bytes > mostInMemory;
    try {
      // Before anything of that size is allocated.
      if (file.size !== bytes || header.fingerprint !== expected) return undefined;
      const columns = staysOpen ? filedColumns(file, header) : readColumns(file, header);
      return columns && { rowCount, columns, fingerprint: expected };
    } finally {
      if (!staysOpen) file.close();
    }
  } catch {
    return undefined;
  }
}

function readColumns(file: ColumnFile, { columns, rowCount, fingerprint: expected }: TableHeader) {
  let position = 0;
  const read = columns.map((column): Column => {
    const at = position;
    position += rowCount * widthOf(column);
    if (column.kind !== 'numeric') return { ...column, codes: readCodes(file, at, column, rowCount) };
    const values = new Float64Array(rowCount);
    file.read(at, values);
    return { ...column, values };
  });
  return fingerprint(read) === expected ? read : undefined;
}

/** Numbers are looked at once, for the fingerprint, and stay in the file. */
function filedColumns(file: ColumnFile, { columns, rowCount, fingerprint: expected }: TableHeader) {
  const hash = new Fingerprint();
  const room = new Float64Array(rowCount);
  let position = 0;
  const filed = columns.map((column): Column => {
    const at = position;
    position += rowCount * widthOf(column);
    if (column.kind === 'numeric') {
      file.read(at, room);
      hash.add(column, room);
      return new FiledColumn(column.name, rowCount, file, at);
    }
    const codes = readCodes(file, at, column, rowCount);
    hash.add(column, codes);
    return { ...column, codes };
  });
  return hash.take() === expected ? filed : undefined;
}

/** @throws Error when a code is none of the column's */
function readCodes(
  file: ColumnFile,
  position: number,
  { categories }: Exclude<ColumnHeader, { kind: 'numeric' }>,
  rowCount: number,
): Int32Array {
  const codes = new Int32Array(rowCount);
  file.read(position, codes);
  const { length } = categories;
  if (!codes.every((code) => code >= -1 && code < length)) throw new Error('a code has no category');
  return codes;
}

/** Bytes of a number. */
function widthOf({ kind }: Pick<Column, 'kind'>): number {
  return kind === 'numeric' ? 8 : 4;
}

/** Of the columns in memory, and in their file. */
export function bytesOf({ columns, rowCount }: Dataset): number {
  return rowCount * columns.reduce((sum, column) => sum + widthOf(column), 0);
}

/** The text of a file that is no link. */
export async function readText(path: string): Promise<string> {
  const file = await openPlain(path);
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function openPlain(path: string): Promise<FileHandle> {
  // Windows has no O_NOFOLLOW; there the check before has to do.
  if (!(await lstat(path)).isFile()) throw new Error(`${path} is not a plain file`);
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
}

function headerOf(column: Column): ColumnHeader {
  const { name, kind } = column;
  if (kind === 'numeric') return { kind, name };
  const categories = dictionary(column);
  if (kind === 'categorical') return { kind, name, categories: [...categories] };
  return { kind, name, categories: [categories[0], categories[1]] };
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, Math.min(PIECE_BYTES, bytes.length - at), null);
    at += bytesWritten;
  }
}
