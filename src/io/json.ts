import { type Column, DataError } from '../core/dataset';
import { type ByteSource, textChunks } from './byte-source';
import { checkNames } from './csv';
import { GrowingFloat64, GrowingInt32 } from './growing';
import { JsonScanner } from './json-scanner';
import { textColumn } from './text-column';

/** Records looked at for the names of the columns when only these are wanted. */
const RECORDS_FOR_NAMES = 1000;

/**
 * The columns of JSON records: an array of objects, or one object after the other. Columns are the keys in order of
 * first appearance; a key that a record lacks, null and the texts in `missing` are missing. Numbers make a numeric
 * column, booleans a boolean one, strings (also those of digits) or a mixture a categorical one.
 * @throws DataError
 */
export async function readJson(source: ByteSource, missing: readonly string[]): Promise<readonly Column[]> {
  const columns = new Map<string, JsonColumn>();
  const missingTexts = new Set(['', ...missing]);
  let row = 0;
  await eachRecord(source, (record, line) => {
    for (const [key, value] of Object.entries(record)) {
      let column = columns.get(key);
      if (column === undefined) {
        column = new JsonColumn(key);
        columns.set(key, column);
      }
      const absent = value === null || (typeof value === 'string' && missingTexts.has(value));
      if (!absent) column.set(row, scalar(value, key, source.name, line));
    }
    row++;
    return true;
  });
  if (columns.size === 0) {
    throw new DataError('empty-table', 'the file has no records', 'Give an array of objects', {
      file: source.name,
    });
  }
  checkNames([...columns.keys()], source.name);
  return Array.from(columns.values(), (column) => column.finish(row));
}

/** Keys of the first records, in order of first appearance. */
export async function readJsonNames(source: ByteSource): Promise<readonly string[]> {
  const names = new Set<string>();
  let records = 0;
  await eachRecord(source, (record) => {
    for (const key of Object.keys(record)) names.add(key);
    records++;
    return records < RECORDS_FOR_NAMES;
  });
  return [...names];
}

async function eachRecord(
  source: ByteSource,
  visit: (record: object, line: number) => boolean,
): Promise<void> {
  let going = true;
  const scanner = new JsonScanner((text, line) => {
    if (going) going = visit(parseRecord(text, line, source.name), line);
  }, source.name);
  for await (const chunk of textChunks(source)) {
    scanner.push(chunk);
    if (!going) return;
  }
  scanner.end();
}

function parseRecord(text: string, line: number, file: string): object {
  try {
    const record: unknown = JSON.parse(text);
    if (typeof record === 'object' && record !== null) return record;
  } catch (error) {
    throw new DataError(
      'json',
      `the record that begins here is not valid JSON (${error instanceof Error ? error.message : 'unknown'})`,
      'Correct it',
      { file, line },
    );
  }
  throw new DataError('json', 'a record is not an object', 'Write an array of objects', { file, line });
}

function scalar(value: unknown, column: string, file: string, line: number): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new DataError(
    'nested-value',
    'a value is an object or a list',
    'Give numbers, texts, booleans or null; put the parts of a nested value in columns of their own',
    { file, line, column },
  );
}

/** Numbers until a value is none, then texts. */
class JsonColumn {
  private numbers: GrowingFloat64 | undefined = new GrowingFloat64();
  private readonly codes = new GrowingInt32();
  private readonly codeOf = new Map<string, number>();

  constructor(private readonly name: string) {}

  set(row: number, value: string | number | boolean): void {
    if (this.numbers !== undefined && typeof value === 'number') {
      this.numbers.padTo(row, NaN);
      this.numbers.push(value);
      return;
    }
    if (this.numbers !== undefined) {
      const earlier = this.numbers.take();
      this.numbers = undefined;
      earlier.forEach((number, i) => {
        if (!Number.isNaN(number)) this.setText(i, String(number));
      });
    }
    this.setText(row, String(value));
  }

  finish(rows: number): Column {
    if (this.numbers !== undefined) {
      this.numbers.padTo(rows, NaN);
      return { kind: 'numeric', name: this.name, values: this.numbers.take() };
    }
    this.codes.padTo(rows, -1);
    return textColumn(this.name, [...this.codeOf.keys()], this.codes.take());
  }

  private setText(row: number, text: string): void {
    let code = this.codeOf.get(text);
    if (code === undefined) {
      code = this.codeOf.size;
      this.codeOf.set(text, code);
    }
    this.codes.padTo(row, -1);
    this.codes.push(code);
  }
}
