import { constants } from 'node:fs';
import { type FileHandle, lstat, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Column, Dataset } from '../core/dataset';
import { columnData, dictionary, fingerprint, fromLittleEndian, littleEndian } from './fingerprint';

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
 */
export async function readTableFiles(folder: string, expected: string): Promise<Dataset | undefined> {
  try {
    if (!(await lstat(folder)).isDirectory()) return undefined;
    const header = tableHeader.parse(JSON.parse(await readText(join(folder, HEADER))));
    const file = await openPlain(join(folder, COLUMNS));
    try {
      const width = header.columns.reduce((sum, { kind }) => sum + (kind === 'numeric' ? 8 : 4), 0);
      // Before anything of that size is allocated.
      if ((await file.stat()).size !== width * header.rowCount) return undefined;
      const columns: Column[] = [];
      for (const column of header.columns) columns.push(await readColumn(file, column, header.rowCount));
      if (header.fingerprint !== expected || fingerprint(columns) !== expected) return undefined;
      return { rowCount: header.rowCount, columns, fingerprint: expected };
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
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

async function readColumn(file: FileHandle, header: ColumnHeader, rowCount: number): Promise<Column> {
  if (header.kind === 'numeric') {
    return { ...header, values: await readNumbers(file, new Float64Array(rowCount)) };
  }
  const codes = await readNumbers(file, new Int32Array(rowCount));
  const { length } = header.categories;
  if (!codes.every((code) => code >= -1 && code < length)) throw new Error('a code has no category');
  return { ...header, codes };
}

async function readNumbers<A extends Float64Array | Int32Array>(file: FileHandle, numbers: A): Promise<A> {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(PIECE_BYTES, bytes.length - at), null);
    if (bytesRead === 0) throw new Error('the file is too short');
    at += bytesRead;
  }
  fromLittleEndian(numbers);
  return numbers;
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, Math.min(PIECE_BYTES, bytes.length - at), null);
    at += bytesWritten;
  }
}
