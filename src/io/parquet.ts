import type { AsyncBuffer, FileMetaData, ParquetParsers, SchemaTree } from 'hyparquet';
import { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type Column, DataError } from '../core/dataset';
import type { ByteSource, RandomAccess } from './byte-source';
import { checkNames } from './csv';
import { booleanColumn, numberColumn, type TypedColumn, TypedTexts } from './typed-column';

/** Values as the table keeps them: points in time are seconds since 1970 UTC, and text stays text. */
const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (milliseconds) => Number(milliseconds) / 1e3,
  timestampFromMicroseconds: (microseconds) => Number(microseconds) / 1e6,
  timestampFromNanoseconds: (nanoseconds) => Number(nanoseconds) / 1e9,
  dateFromDays: (days) => days * 86_400,
  jsonFromBytes: (bytes) => new TextDecoder().decode(bytes),
};

/**
 * The columns of a Parquet file, one column of one row group at a time: at no time is more than that decoded. Integers,
 * floats and decimals are numbers (doubles), dates and timestamps seconds since 1970 UTC, booleans boolean; texts are
 * categorical, also those of digits. Null, NaN and the texts in `missing` are missing.
 * @throws DataError `unsupported-format` for nested columns and damaged files
 */
export async function readParquet(
  source: ByteSource,
  missing: readonly string[],
): Promise<readonly Column[]> {
  return withFile(source, async (file, metadata) => {
    const leaves = columnsOf(metadata);
    checkNames(
      leaves.map(({ element }) => element.name),
      source.name,
    );
    const rows = Number(metadata.num_rows);
    if (rows === 0 || leaves.length === 0) {
      throw new DataError('empty-table', 'the file has no rows', 'Give a table with rows', {
        file: source.name,
      });
    }
    const missingTexts = new Set(['', ...missing]);
    const columns: Column[] = [];
    for (const leaf of leaves) {
      const column = columnFor(leaf, rows, missingTexts, source.name);
      let rowStart = 0;
      for (const group of metadata.row_groups) {
        const rowEnd = rowStart + Number(group.num_rows);
        const own = { ...metadata, row_groups: [group], num_rows: group.num_rows };
        const from = rowStart;
        await attempt(source.name, column.name, () =>
          parquetRead({
            file,
            metadata: own,
            columns: [column.name],
            compressors,
            parsers,
            onChunk: (chunk) => column.put(chunk.columnData, from + chunk.rowStart),
          }),
        );
        rowStart = rowEnd;
      }
      columns.push(column.finish(source.name, rows));
    }
    return columns;
  });
}

/** The names of the columns, from the file's footer. */
export async function readParquetNames(source: ByteSource): Promise<readonly string[]> {
  return withFile(source, async (_, metadata) => columnsOf(metadata).map(({ element }) => element.name));
}

async function withFile<T>(
  source: ByteSource,
  read: (file: AsyncBuffer, metadata: FileMetaData) => Promise<T>,
): Promise<T> {
  const access = await source.open?.();
  if (access === undefined) {
    throw new DataError(
      'unsupported-format',
      'Parquet can be read from files only',
      'Give the path of a file',
      {
        file: source.name,
      },
    );
  }
  try {
    const file = asyncBuffer(access);
    const metadata = await attempt(source.name, undefined, () => parquetMetadataAsync(file));
    return await read(file, metadata);
  } finally {
    await access.close();
  }
}

function asyncBuffer({ byteLength, read }: RandomAccess): AsyncBuffer {
  return {
    byteLength,
    slice: async (start, end = byteLength) => {
      const bytes = await read(start, Math.min(end, byteLength) - start);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    },
  };
}

function columnsOf(metadata: FileMetaData): readonly SchemaTree[] {
  return parquetSchema(metadata).children;
}

function columnFor(
  { element, children }: SchemaTree,
  rows: number,
  missing: ReadonlySet<string>,
  file: string,
): TypedColumn {
  const { name, type, repetition_type, logical_type, converted_type } = element;
  const kind = logical_type?.type ?? converted_type;
  if (children.length > 0 || type === undefined || repetition_type === 'REPEATED') {
    throw unsupported(file, name, 'nested values (a list, a map or a structure)');
  }
  if (type === 'BOOLEAN') return booleanColumn(name, rows);
  const isText = type === 'BYTE_ARRAY' && kind !== 'DECIMAL';
  if (
    kind === 'UUID' ||
    (isText && kind !== 'BSON' && kind !== 'VARIANT' && !String(kind).startsWith('GEO'))
  ) {
    return new TypedTexts(name, rows, missing);
  }
  const isNumber =
    ['INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE'].includes(type) || kind === 'DECIMAL' || kind === 'FLOAT16';
  if (isNumber) return numberColumn(name, rows);
  throw unsupported(file, name, `values of type ${String(kind ?? type)}`);
}

function unsupported(file: string, column: string, what: string): DataError {
  return new DataError(
    'unsupported-format',
    `the column has ${what}`,
    'Write the file without it, or flattened',
    {
      file,
      column,
    },
  );
}

async function attempt<T>(file: string, column: string | undefined, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(
      'unsupported-format',
      `this cannot be read as Parquet (${why})`,
      'Write the file anew',
      {
        file,
        ...(column !== undefined && { column }),
      },
    );
  }
}
