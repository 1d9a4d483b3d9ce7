import { type Column, DataError } from '../core/dataset';
import { type ByteSource, textChunks } from './byte-source';
import { CellColumn } from './cell-column';
import { CsvScanner } from './csv-scanner';
import { MissingCells } from './missing-cells';
import { NumberParser } from './number-parser';

const CANDIDATES: readonly string[] = [',', ';', '\t', '|'];
/** A header longer than this is a quote that is never closed. */
const LONGEST_HEADER = 1 << 26;
/** Rows may get shorter after the first chunk, from which their number is guessed. */
const SPARE_ROOM = 1.05;

/** The header of a delimited text. */
export interface CsvHeader {
  readonly names: readonly string[];
  readonly separator: string;
}

/**
 * The header, and with it the separator: of comma, semicolon, tab and bar the most frequent in the header outside
 * quotes. A `.tsv` or `.tab` file is separated by tabs when its header has one.
 * @throws DataError `empty-table`, `empty-column-name`, `duplicate-column-name`, `encoding`, `unsupported-format`
 */
export async function readCsvHeader(source: ByteSource): Promise<CsvHeader> {
  const head = await headOf(source);
  const separator = sniff(head, /\.(tsv|tab)$/i.test(source.name));
  const names: string[] = [];
  const scanner = new CsvScanner(
    separator.charCodeAt(0),
    {
      cell: (bytes, start, end) => names.push(decodeName(bytes.subarray(start, end), source.name)),
      endRow: (line) => checkNames(names, source.name, line),
    },
    source.name,
  );
  scanner.push(head);
  scanner.end();
  if (names.length === 0) {
    throw new DataError('empty-table', 'the file is empty', 'Give a table with a header row', {
      file: source.name,
    });
  }
  return { names, separator };
}

/**
 * The columns of a delimited text. A column is numeric when all its cells are numbers or missing; `true`/`false` and
 * `yes`/`no` make it boolean, anything else categorical; without any value it is numeric. With `;` as separator a
 * column may have a decimal comma. An empty cell is missing, and so are the texts in `missing`.
 * Memory: the typed columns, the distinct texts, and a chunk.
 * @throws DataError
 */
export async function readCsv(source: ByteSource, missing: readonly string[]): Promise<readonly Column[]> {
  const header = await readCsvHeader(source);
  const first = await readCells(
    source,
    header,
    missing,
    header.names.map(() => 'unknown'),
  );
  const lost = first.map((column) => column.lost);
  const second = lost.includes(true)
    ? await readCells(
        source,
        header,
        missing,
        lost.map((again) => (again ? 'text' : 'known')),
      )
    : [];
  return first.map((column, i) => (lost[i] ? second[i] : column).finish(source.name));
}

/** How a pass reads a column: find out what it is, read it as text, or pass it over. */
type Reading = 'unknown' | 'text' | 'known';

async function readCells(
  source: ByteSource,
  { names, separator }: CsvHeader,
  missing: readonly string[],
  readings: readonly Reading[],
): Promise<CellColumn[]> {
  const parser = new NumberParser(separator === ';');
  const columns = names.map((name, i) => new CellColumn(name, parser, readings[i] === 'text'));
  const skipped = Uint8Array.from(readings, (reading) => (reading === 'known' ? 1 : 0));
  const missingCells = new MissingCells(missing);
  let inHeader = true;
  let cell = 0;
  let rows = 0;
  const sink = {
    cell(bytes: Uint8Array, start: number, end: number): void {
      if (!inHeader && cell < columns.length && skipped[cell] === 0) {
        if (missingCells.has(bytes, start, end)) columns[cell].addMissing();
        else columns[cell].add(bytes, start, end);
      }
      cell++;
    },
    endRow(line: number): void {
      if (cell !== columns.length) {
        throw new DataError(
          'ragged-row',
          `this row has ${count(cell)}, the header has ${columns.length}`,
          `Separate cells by ${separator === '\t' ? 'a tab' : `'${separator}'`}, and put cells that contain it in quotes`,
          { file: source.name, line },
        );
      }
      if (inHeader) inHeader = false;
      else rows++;
      cell = 0;
    },
  };
  const scanner = new CsvScanner(separator.charCodeAt(0), sink, source.name);
  const size = await source.size?.();
  let bytes = 0;
  for await (const chunk of textChunks(source)) {
    scanner.push(chunk);
    if (bytes === 0 && size !== undefined && chunk.length < size) {
      const expected = Math.ceil((rows * size * SPARE_ROOM) / chunk.length);
      columns.forEach((column, i) => {
        if (skipped[i] === 0) column.reserve(expected);
      });
    }
    bytes += chunk.length;
  }
  scanner.end();
  return columns;
}

/** The bytes up to the end of the first row that has any cell, without byte order mark. */
async function headOf(source: ByteSource): Promise<Uint8Array> {
  let head = Buffer.alloc(0);
  for await (const chunk of textChunks(source)) {
    head = Buffer.concat([head, chunk]);
    const end = endOfHeader(head);
    if (end >= 0) return head.subarray(0, end);
    if (head.length > LONGEST_HEADER) {
      throw new DataError('quote', 'the header row does not end', 'Close the quote in it', {
        file: source.name,
        line: 1,
      });
    }
  }
  return head;
}

/** Where the first row that is not blank ends; -1 when these bytes do not tell. */
function endOfHeader(bytes: Uint8Array): number {
  let blank = true;
  for (const { byte, at, quoted } of outsideAndIn(bytes)) {
    if (!quoted && (byte === 10 || byte === 13) && !blank) return at;
    if (byte > 32) blank = false;
  }
  return -1;
}

function sniff(head: Uint8Array, tabs: boolean): string {
  const counts = new Map<number, number>();
  for (const { byte, quoted } of outsideAndIn(head)) {
    if (!quoted) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  }
  const frequency = (separator: string) => counts.get(separator.charCodeAt(0)) ?? 0;
  if (tabs && frequency('\t') > 0) return '\t';
  return CANDIDATES.reduce((best, candidate) => (frequency(candidate) > frequency(best) ? candidate : best));
}

/** Every byte, and whether it is inside quotes; a quote opens only where a cell begins, whatever separates cells. */
function* outsideAndIn(bytes: Uint8Array) {
  let quoted = false;
  let atStart = true;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 34 && (quoted || atStart)) {
      // A doubled quote closes and opens again at once: `atStart` lets it.
      quoted = !quoted;
      atStart = true;
    } else {
      yield { byte, at, quoted };
      if (!quoted)
        atStart = byte === 32 ? atStart : byte < 32 || CANDIDATES.includes(String.fromCharCode(byte));
    }
  }
}

function decodeName(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).trim();
  } catch {
    throw new DataError('encoding', 'a column name is not in UTF-8', 'Save the file as UTF-8', {
      file,
      line: 1,
    });
  }
}

/** @throws DataError `empty-column-name`, `duplicate-column-name` */
export function checkNames(names: readonly string[], file: string, line?: number): void {
  const seen = new Map<string, number>();
  names.forEach((name, i) => {
    if (name === '') {
      throw new DataError(
        'empty-column-name',
        `the header has no name for column ${i + 1}`,
        'Name it (pandas writes row numbers so, unless told `index=False`)',
        { file, line },
      );
    }
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      throw new DataError(
        'duplicate-column-name',
        `columns ${earlier + 1} and ${i + 1} have the same name`,
        'Give every column a name of its own',
        { file, line, column: name },
      );
    }
    seen.set(name, i);
  });
}

function count(cells: number): string {
  return cells === 1 ? '1 cell' : `${cells} cells`;
}
