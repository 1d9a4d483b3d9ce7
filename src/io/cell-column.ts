import { type Column, DataError } from '../core/dataset';
import { ByteDictionary } from './byte-dictionary';
import { GrowingFloat64, GrowingInt32 } from './growing';
import { EXACT, NOT_A_NUMBER, type NumberParser } from './number-parser';
import { textColumn } from './text-column';

/**
 * A column as its cells come in: numbers until a cell is none, then texts. Texts of earlier numbers are had again
 * from the values where these give the very text (`12`, `0.5`); where they do not (`007`, `1.50`) the column is
 * `lost`: the file has to be read once more with the column as text from its first row.
 */
export class CellColumn {
  private numbers: GrowingFloat64 | undefined = new GrowingFloat64();
  private texts: { readonly codes: GrowingInt32; readonly dictionary: ByteDictionary } | undefined;
  private allExact = true;
  private decimalMark: 'point' | 'comma' | undefined;
  private isLost = false;
  private expectedRows = 0;

  /** @param asText a column known to be text */
  constructor(
    readonly name: string,
    private readonly parser: NumberParser,
    asText: boolean,
  ) {
    if (asText) this.becomeText();
  }

  get lost(): boolean {
    return this.isLost;
  }

  /** Makes room for so many rows. */
  reserve(rows: number): void {
    this.expectedRows = rows;
    this.numbers?.reserve(rows);
    this.texts?.codes.reserve(rows);
  }

  addMissing(): void {
    if (this.numbers !== undefined) this.numbers.push(NaN);
    else this.texts?.codes.push(-1);
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.numbers !== undefined) {
      if (this.addNumber(this.numbers, bytes, start, end)) return;
      this.turnToText(this.numbers);
    }
    this.texts?.codes.push(this.texts.dictionary.codeOf(bytes, start, end));
  }

  /**
   * The whole column, in the end; gives the memory up.
   * @throws DataError `infinite-number`, `encoding`
   */
  finish(file: string): Column {
    if (this.texts !== undefined) {
      const { codes, dictionary } = this.texts;
      return textColumn(this.name, this.decoded(dictionary, file), codes.take());
    }
    const values = this.numbers?.take() ?? new Float64Array(0);
    const infinite = values.findIndex((value) => value === Infinity || value === -Infinity);
    if (infinite >= 0) {
      throw new DataError(
        'infinite-number',
        'a number is infinite, or too large for double precision',
        'Correct it, or list its text under `data.missing`',
        { file, row: infinite + 1, column: this.name },
      );
    }
    return { kind: 'numeric', name: this.name, values };
  }

  private addNumber(numbers: GrowingFloat64, bytes: Uint8Array, start: number, end: number): boolean {
    const { parser } = this;
    const form = parser.parse(bytes, start, end);
    if (form === NOT_A_NUMBER) return false;
    if (parser.point || parser.comma) {
      // 1.234 and 1,234 in one column: one of the marks groups thousands, and which one is anybody's guess.
      const mark = parser.point ? 'point' : 'comma';
      if (this.decimalMark !== undefined && this.decimalMark !== mark) return false;
      this.decimalMark = mark;
    }
    if (form !== EXACT) this.allExact = false;
    numbers.push(parser.value);
    return true;
  }

  private turnToText(numbers: GrowingFloat64): void {
    if (!this.allExact) {
      this.isLost = true;
      this.numbers = undefined;
      return;
    }
    const { codes, dictionary } = this.becomeText();
    for (const value of numbers.take()) {
      if (Number.isNaN(value)) {
        codes.push(-1);
        continue;
      }
      const text = Buffer.from(String(value), 'latin1');
      codes.push(dictionary.codeOf(text, 0, text.length));
    }
  }

  private becomeText() {
    this.numbers = undefined;
    this.texts = { codes: new GrowingInt32(), dictionary: new ByteDictionary() };
    this.texts.codes.reserve(this.expectedRows);
    return this.texts;
  }

  private decoded(dictionary: ByteDictionary, file: string): string[] {
    return dictionary.texts().map((text) => {
      if (text !== undefined) return text;
      throw new DataError('encoding', 'a cell is not in UTF-8', 'Save the file as UTF-8', {
        file,
        column: this.name,
      });
    });
  }
}
