import { extname } from 'node:path';
import type { Column, Dataset } from '../core/dataset';
import { type ByteSource, fileSource } from './byte-source';
import { readCsv, readCsvHeader } from './csv';
import { fingerprint } from './fingerprint';
import { readJson, readJsonNames } from './json';

export interface ReadOptions {
  /** Texts of cells that mean "no value"; the empty cell always does. */
  readonly missing: readonly string[];
}

/** How a kind of file is read: by the ending of its name. */
interface Format {
  readonly endings: readonly string[];
  columns(source: ByteSource, missing: readonly string[]): Promise<readonly Column[]>;
  names(source: ByteSource): Promise<readonly string[]>;
}

const JSON_RECORDS: Format = {
  endings: ['.json', '.jsonl', '.ndjson'],
  columns: readJson,
  names: readJsonNames,
};
// Libraries that no process loads before it meets such a file.
const PARQUET: Format = {
  endings: ['.parquet', '.pq'],
  columns: async (source, missing) => (await import('./parquet')).readParquet(source, missing),
  names: async (source) => (await import('./parquet')).readParquetNames(source),
};
const ARROW: Format = {
  endings: ['.arrow', '.feather', '.ipc', '.arrows'],
  columns: async (source, missing) => (await import('./arrow')).readArrow(source, missing),
  names: async (source) => (await import('./arrow')).readArrowNames(source),
};
const DELIMITED: Format = {
  endings: [],
  columns: readCsv,
  names: async (source) => (await readCsvHeader(source)).names,
};

/**
 * A table from a file: JSON records for `.json`, `.jsonl` and `.ndjson`, Parquet for `.parquet` and `.pq`, Arrow IPC for
 * `.arrow`, `.feather`, `.ipc` and `.arrows`, else delimited text.
 * @throws DataError
 */
export async function readTable(path: string, options: ReadOptions): Promise<Dataset> {
  return readSource(fileSource(path), options);
}

/** As `readTable`, from bytes wherever they come from; `source.name` says what they are. */
export async function readSource(source: ByteSource, { missing }: ReadOptions): Promise<Dataset> {
  const columns = await formatOf(source.name).columns(source, missing);
  const first = columns[0];
  return {
    rowCount: first.kind === 'numeric' ? first.values.length : first.codes.length,
    columns,
    fingerprint: fingerprint(columns),
  };
}

/**
 * The names of a table's columns without reading it: its header, its footer, or the keys of the first 1,000 records.
 * @throws DataError
 */
export async function readColumnNames(path: string): Promise<readonly string[]> {
  return formatOf(path).names(fileSource(path));
}

function formatOf(name: string): Format {
  const ending = extname(name).toLowerCase();
  return [JSON_RECORDS, PARQUET, ARROW].find(({ endings }) => endings.includes(ending)) ?? DELIMITED;
}
