import { DataError } from '../core/dataset';

const QUOTE = 34;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;

/** Takes cells as they are found. The bytes are only there during the call. */
export interface CellSink {
  /** @param quoted whether the cell was in quotes; its spaces are then its own */
  cell(bytes: Uint8Array, start: number, end: number, quoted: boolean): void;
  /** @param line on which the row began, from 1 */
  endRow(line: number): void;
}

/** At the start of a cell, or among the spaces before it. */
const START = 0;
const PLAIN = 1;
const QUOTED = 2;
/** After a quote inside quotes: the first of a doubled one, or the end. */
const CLOSING = 3;
type State = typeof START | typeof PLAIN | typeof QUOTED | typeof CLOSING;

/**
 * Cuts bytes into cells (RFC 4180 and its usual kin): cells in quotes may hold separators, newlines and doubled
 * quotes; lines end with LF, CRLF or CR; empty lines are skipped. A quote inside an unquoted cell is itself.
 * Chunks may end anywhere, inside a character or between two quotes.
 */
export class CsvScanner {
  private state: State = START;
  private line = 1;
  private rowLine = 1;
  private cells = 0;
  private wasQuoted = false;
  private afterReturn = false;
  /** The part of the current cell that came with earlier chunks, or before a doubled quote. */
  private held = new Uint8Array(256);
  private heldLength = 0;

  constructor(
    private readonly separator: number,
    private readonly sink: CellSink,
    private readonly file?: string,
  ) {}

  push(chunk: Uint8Array): void {
    const { separator } = this;
    /** Where the part of the current cell that is not held begins. */
    let from = 0;
    let i = 0;
    while (i < chunk.length) {
      const byte = chunk[i];
      const ends = byte === separator || byte === NEWLINE || byte === RETURN;
      if (this.state === QUOTED) {
        if (byte === QUOTE) {
          this.hold(chunk, from, i);
          this.state = CLOSING;
        } else if (byte === NEWLINE || byte === RETURN) {
          this.countLine(byte);
          i++;
          continue;
        }
        this.afterReturn = false;
      } else if (this.state === CLOSING && byte === QUOTE) {
        this.state = QUOTED;
        from = i;
      } else if (this.state === START && byte === QUOTE) {
        this.state = QUOTED;
        this.wasQuoted = true;
        this.afterReturn = false;
        this.heldLength = 0;
        from = i + 1;
      } else if (ends) {
        if (byte !== NEWLINE || !this.afterReturn) this.endCell(chunk, from, i, byte);
        this.afterReturn = byte === RETURN;
        from = i + 1;
      } else if (this.state === CLOSING) {
        if (byte !== SPACE) this.refuseAfterQuote();
      } else if (byte !== SPACE) {
        this.state = PLAIN;
        this.afterReturn = false;
        i = endOfPlain(chunk, i, separator);
        continue;
      } else {
        this.afterReturn = false;
      }
      i++;
    }
    if (this.state !== CLOSING) this.hold(chunk, from, chunk.length);
  }

  /** @throws DataError `quote` when a quoted cell is still open */
  end(): void {
    if (this.state === QUOTED) {
      throw new DataError(
        'quote',
        'a quoted cell of the row that begins here is never closed',
        'Close the quote, or double a quote that is part of the text',
        { file: this.file, line: this.rowLine },
      );
    }
    const begun = this.cells > 0 || this.heldLength > 0 || this.wasQuoted;
    if (begun) this.endCell(this.held, 0, 0, NEWLINE);
  }

  /** @param by the byte that ends the cell: the separator, or a newline that ends the row too */
  private endCell(chunk: Uint8Array, from: number, to: number, by: number): void {
    const { wasQuoted } = this;
    let bytes = chunk;
    let start = from;
    let end = to;
    if (wasQuoted || this.heldLength > 0) {
      if (!wasQuoted) this.hold(chunk, from, to);
      bytes = this.held;
      start = 0;
      end = this.heldLength;
    }
    if (!wasQuoted) {
      while (start < end && isBlank(bytes[start])) start++;
      while (start < end && isBlank(bytes[end - 1])) end--;
    }
    this.state = START;
    this.heldLength = 0;
    this.wasQuoted = false;
    if (by === this.separator) {
      this.cells++;
      this.sink.cell(bytes, start, end, wasQuoted);
      return;
    }
    const emptyLine = this.cells === 0 && start === end && !wasQuoted;
    if (!emptyLine) {
      this.sink.cell(bytes, start, end, wasQuoted);
      this.sink.endRow(this.rowLine);
    }
    this.cells = 0;
    this.line++;
    this.rowLine = this.line;
  }

  private hold(bytes: Uint8Array, from: number, to: number): void {
    const length = this.heldLength + to - from;
    if (length > this.held.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.held.subarray(0, this.heldLength));
      this.held = larger;
    }
    this.held.set(bytes.subarray(from, to), this.heldLength);
    this.heldLength = length;
  }

  /** CRLF counts once. */
  private countLine(byte: number): void {
    if (byte === RETURN || !this.afterReturn) this.line++;
    this.afterReturn = byte === RETURN;
  }

  private refuseAfterQuote(): never {
    throw new DataError(
      'quote',
      'text follows the closing quote of a cell',
      'Put the whole cell in quotes, and double a quote that is part of the text',
      { file: this.file, line: this.line },
    );
  }
}

/** The hot loop: the first byte from `at` on that ends an unquoted cell. */
function endOfPlain(chunk: Uint8Array, at: number, separator: number): number {
  let i = at;
  while (i < chunk.length) {
    const byte = chunk[i];
    if (byte === separator || byte === NEWLINE || byte === RETURN) break;
    i++;
  }
  return i;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === 9;
}
