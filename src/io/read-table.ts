import { extname } from 'node:path';
import type { Dataset } from '../core/dataset';
import { type ByteSource, fileSource } from './byte-source';
import { readCsv, readCsvHeader } from './csv';
import { fingerprint } from './fingerprint';
import { readJson, readJsonNames } from './json';

export interface ReadOptions {
  /** Texts of cells that mean "no value"; the empty cell always does. */
  readonly missing: readonly string[];
}

/**
 * A table from a file: JSON records for `.json`, `.jsonl` and `.ndjson`, else delimited text.
 * @throws DataError
 */
export async function readTable(path: string, options: ReadOptions): Promise<Dataset> {
  return readSource(fileSource(path), options);
}

/** As `readTable`, from bytes wherever they come from; `source.name` says what they are. */
export async function readSource(source: ByteSource, { missing }: ReadOptions): Promise<Dataset> {
  const columns = await (isJson(source.name) ? readJson(source, missing) : readCsv(source, missing));
  const first = columns[0];
  return {
    rowCount: first.kind === 'numeric' ? first.values.length : first.codes.length,
    columns,
    fingerprint: fingerprint(columns),
  };
}

/**
 * The names of a table's columns without reading it: its header, or the keys of the first 1,000 records.
 * @throws DataError
 */
export async function readColumnNames(path: string): Promise<readonly string[]> {
  const source = fileSource(path);
  return isJson(path) ? readJsonNames(source) : (await readCsvHeader(source)).names;
}

function isJson(name: string): boolean {
  return ['.json', '.jsonl', '.ndjson'].includes(extname(name).toLowerCase());
}
