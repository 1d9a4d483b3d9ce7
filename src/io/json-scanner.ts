import { DataError } from '../core/dataset';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COMMA = 44;
const NEWLINE = 10;
/** A record longer than this is a table in another shape, or broken. */
const LONGEST_RECORD = 1 << 28;

/**
 * Cuts an array of objects, or objects one after the other (NDJSON), into the texts of the objects, so that a large
 * file is never parsed whole. Chunks may end anywhere.
 */
export class JsonScanner {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private inArray: 'before' | 'inside' | 'after' | 'never' = 'before';
  private needsComma = false;
  private line = 1;
  private recordLine = 1;
  private readonly pieces: Uint8Array[] = [];
  private piecesLength = 0;

  /** @param record called with the text of each object and the line it begins on */
  constructor(
    private readonly record: (text: string, line: number) => void,
    private readonly file: string,
  ) {}

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte === NEWLINE) this.line++;
      if (this.depth === 0) {
        if (byte <= 32) continue;
        if (byte === OPEN_BRACE) {
          this.beginRecord();
          from = i;
        } else this.punctuation(byte);
      } else if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inString = false;
      } else if (byte === QUOTE) this.inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.depth--;
        if (this.depth === 0) this.endRecord(chunk.subarray(from, i + 1));
      }
    }
    // A copy: the chunk is only there during the call.
    if (this.depth > 0) this.hold(new Uint8Array(chunk.subarray(from)));
  }

  end(): void {
    if (this.depth > 0) this.refuse('the record that begins here is never closed', this.recordLine);
    if (this.inArray === 'inside') this.refuse('the array of records is never closed', this.line);
  }

  private beginRecord(): void {
    if (this.inArray === 'after' || (this.needsComma && this.inArray === 'inside')) {
      this.refuse('a comma is missing before this record', this.line);
    }
    if (this.inArray === 'before') this.inArray = 'never';
    this.depth = 1;
    this.recordLine = this.line;
  }

  private endRecord(last: Uint8Array): void {
    this.hold(last);
    const bytes = this.pieces.length === 1 ? last : Buffer.concat(this.pieces);
    this.pieces.length = 0;
    this.piecesLength = 0;
    this.needsComma = true;
    this.record(this.decode(bytes), this.recordLine);
  }

  private punctuation(byte: number): void {
    if (byte === OPEN_BRACKET && this.inArray === 'before') this.inArray = 'inside';
    else if (byte === CLOSE_BRACKET && this.inArray === 'inside') this.inArray = 'after';
    else if (byte === COMMA && this.inArray === 'inside' && this.needsComma) this.needsComma = false;
    else this.refuse('a record is not an object, or stands outside the array', this.line);
  }

  private hold(bytes: Uint8Array): void {
    this.pieces.push(bytes);
    this.piecesLength += bytes.length;
    if (this.piecesLength > LONGEST_RECORD) {
      this.refuse('the record that begins here is too long for a row of a table', this.recordLine);
    }
  }

  private decode(bytes: Uint8Array): string {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new DataError('encoding', 'a record is not in UTF-8', 'Save the file as UTF-8', {
        file: this.file,
        line: this.recordLine,
      });
    }
  }

  private refuse(problem: string, line: number): never {
    throw new DataError(
      'json',
      problem,
      'Write an array of objects, or one object a line, with a value (or null) for every column',
      { file: this.file, line },
    );
  }
}
