import {
  type AsyncRecordBatchFileReader,
  type AsyncRecordBatchStreamReader,
  CompressionType,
  compressionRegistry,
  DataType,
  type Field,
  RecordBatchReader,
  type Vector,
} from 'apache-arrow';
import { compressors } from 'hyparquet-compressors';
import { type Column, DataError } from '../core/dataset';
import type { ByteSource } from './byte-source';
import { checkNames } from './csv';
import { decompressLz4Frame } from './lz4-frame';
import { booleanColumn, numberColumn, type TypedColumn, TypedTexts } from './typed-column';

compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decompressLz4Frame });
compressionRegistry.set(CompressionType.ZSTD, {
  // A copy begins where its memory does, as arrays of wide numbers must.
  decode: (bytes) => (compressors.ZSTD?.(bytes, 0) ?? bytes).slice(),
});

type Reader = AsyncRecordBatchFileReader | AsyncRecordBatchStreamReader;

/** A column being read, and how a vector of a batch goes into it. */
interface Target {
  readonly column: TypedColumn;
  put(vector: Vector, at: number): void;
}

/**
 * The columns of an Arrow IPC file (Feather version 2) or stream, batch by batch; LZ4 and Zstandard compression are
 * read. Types as in Parquet: integers, floats and decimals are numbers (doubles), dates and timestamps seconds since
 * 1970 UTC, booleans boolean; texts, also dictionary-encoded ones, categorical.
 * @throws DataError `unsupported-format` for nested columns and damaged files
 */
export async function readArrow(source: ByteSource, missing: readonly string[]): Promise<readonly Column[]> {
  return withReader(source, async (reader) => {
    const missingTexts = new Set(['', ...missing]);
    const { fields } = reader.schema;
    checkNames(
      fields.map(({ name }) => name),
      source.name,
    );
    const targets = fields.map((field) => targetFor(field, missingTexts, source.name));
    let rows = 0;
    for await (const batch of reader) {
      targets.forEach(({ put }, c) => {
        const vector = batch.getChildAt(c);
        if (vector !== null) put(vector, rows);
      });
      rows += batch.numRows;
    }
    if (rows === 0 || targets.length === 0) {
      throw new DataError('empty-table', 'the file has no rows', 'Give a table with rows', {
        file: source.name,
      });
    }
    return targets.map(({ column }) => column.finish(source.name, rows));
  });
}

/** The names of the columns, from the file's schema. */
export async function readArrowNames(source: ByteSource): Promise<readonly string[]> {
  return withReader(source, async ({ schema }) => schema.fields.map(({ name }) => name));
}

async function withReader<T>(source: ByteSource, read: (reader: Reader) => Promise<T>): Promise<T> {
  const access = await source.open?.();
  try {
    const reader = access
      ? await RecordBatchReader.from(access.handle)
      : await RecordBatchReader.from(copies(source));
    if (!reader.isAsync()) throw new Error('it is no Arrow file or stream');
    await reader.open();
    if (reader.schema === undefined) throw new Error('it has no schema');
    return await read(reader);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(
      'unsupported-format',
      `this cannot be read as Arrow (${why})`,
      'Write the file anew',
      {
        file: source.name,
      },
    );
  } finally {
    await access?.close();
  }
}

/** Chunks that stay valid. */
async function* copies(source: ByteSource): AsyncGenerator<Uint8Array> {
  for await (const chunk of source.chunks()) yield new Uint8Array(chunk);
}

function targetFor({ name, type }: Field, missing: ReadonlySet<string>, file: string): Target {
  const of = DataType.isDictionary(type) ? type.dictionary : type;
  if (isText(of)) {
    const column = new TypedTexts(name, 0, missing);
    return { column, put: (vector, at) => putTexts(column, vector, at) };
  }
  const column = DataType.isBool(of) ? booleanColumn(name, 0) : numberFor(name, of);
  if (column !== undefined) return { column, put: (vector, at) => putValues(column, vector, at) };
  throw new DataError(
    'unsupported-format',
    `the column has values of type ${String(of)}`,
    'Write the file without it, or flattened',
    { file, column: name },
  );
}

function isText(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type);
}

function numberFor(name: string, type: DataType): TypedColumn | undefined {
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isTime(type) || DataType.isDuration(type)) {
    return numberColumn(name, 0);
  }
  if (DataType.isNull(type)) return numberColumn(name, 0);
  // Whatever its unit, the library gives a point in time in milliseconds.
  if (DataType.isDate(type) || DataType.isTimestamp(type)) {
    return numberColumn(name, 0, (value) => Number(value) / 1000);
  }
  if (DataType.isDecimal(type)) {
    const scale = 10 ** type.scale;
    return numberColumn(name, 0, (value) => wideInteger(value) / scale);
  }
  return undefined;
}

/** A little-endian two's complement integer of 32-bit words. */
function wideInteger(words: unknown): number {
  if (!(words instanceof Uint32Array || words instanceof Int32Array)) return Number(words);
  let value = 0n;
  for (let i = words.length - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[i] >>> 0);
  return Number(BigInt.asIntN(32 * words.length, value));
}

function putValues(column: TypedColumn, vector: Vector, at: number): void {
  let offset = at;
  for (const data of vector.data) {
    const values: unknown = data.values;
    const plain = data.nullCount === 0 && (values instanceof Float64Array || values instanceof Int32Array);
    if (
      plain &&
      !DataType.isDictionary(data.type) &&
      (DataType.isFloat(data.type) || DataType.isInt(data.type))
    ) {
      column.put(values.subarray(0, data.length), offset);
      offset += data.length;
      continue;
    }
    column.put(cells(vector, offset - at, data.length), offset);
    offset += data.length;
  }
}

function putTexts(column: TypedTexts, vector: Vector, at: number): void {
  let offset = at;
  for (const data of vector.data) {
    const { dictionary } = data;
    if (dictionary === undefined) {
      column.put(cells(vector, offset - at, data.length), offset);
    } else {
      const texts = Array.from({ length: dictionary.length }, (_, j): string | null => dictionary.get(j));
      const codes = Int32Array.from({ length: data.length }, (_, i) =>
        data.getValid(i) ? Number(data.values[i]) : -1,
      );
      column.putCodes(codes, texts, offset);
    }
    offset += data.length;
  }
}

function cells(vector: Vector, from: number, length: number): unknown[] {
  const values = new Array<unknown>(length);
  for (let i = 0; i < length; i++) values[i] = vector.get(from + i);
  return values;
}
