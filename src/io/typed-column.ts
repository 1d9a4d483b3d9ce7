import { type Column, DataError } from '../core/dataset';
import { textColumn } from './text-column';

/** A column of a file whose columns have types, filled from its row groups or batches in order. */
export interface TypedColumn {
  readonly name: string;
  /** Puts values from row `at` on; null, undefined and NaN are missing. */
  put(values: ArrayLike<unknown>, at: number): void;
  /** The whole column of so many rows. @throws DataError `infinite-number` */
  finish(file: string, rows: number): Column;
}

/**
 * Numbers, of whatever type the file has them in.
 * @param expected rows, where they are known; else 0
 * @param numberOf of a value that is not missing
 */
export function numberColumn(
  name: string,
  expected: number,
  numberOf: (value: unknown) => number = Number,
): TypedColumn {
  let values = new Float64Array(expected).fill(Number.NaN);
  return {
    name,
    put: (chunk, at) => {
      if (at + chunk.length > values.length) {
        const larger = new Float64Array(roomFor(at + chunk.length)).fill(Number.NaN);
        larger.set(values);
        values = larger;
      }
      for (let i = 0; i < chunk.length; i++) {
        const value = chunk[i];
        if (value !== null && value !== undefined) values[at + i] = numberOf(value);
      }
    },
    finish: (file, rows) => {
      const infinite = values.findIndex((value) => value === Infinity || value === -Infinity);
      if (infinite < 0) return { kind: 'numeric', name, values: exactly(values, rows) };
      throw new DataError(
        'infinite-number',
        'a number is infinite',
        'Correct it, or make it a missing value',
        {
          file,
          row: infinite + 1,
          column: name,
        },
      );
    },
  };
}

export function booleanColumn(name: string, expected: number): TypedColumn {
  const codes = new Codes(expected);
  return {
    name,
    put: (chunk, at) => {
      codes.reserve(at + chunk.length);
      for (let i = 0; i < chunk.length; i++) {
        const value = chunk[i];
        if (value !== null && value !== undefined) codes.values[at + i] = value ? 1 : 0;
      }
    },
    finish: (_, rows) => ({
      kind: 'boolean',
      name,
      codes: exactly(codes.values, rows),
      categories: ['false', 'true'],
    }),
  };
}

/** Texts, coded as they come: one string is kept for each distinct text. */
export class TypedTexts implements TypedColumn {
  private readonly codes: Codes;
  private readonly codeOfText = new Map<string, number>();

  constructor(
    readonly name: string,
    expected: number,
    private readonly missing: ReadonlySet<string>,
  ) {
    this.codes = new Codes(expected);
  }

  put(chunk: ArrayLike<unknown>, at: number): void {
    this.codes.reserve(at + chunk.length);
    for (let i = 0; i < chunk.length; i++) {
      const value = chunk[i];
      if (value !== null && value !== undefined) this.codes.values[at + i] = this.codeOf(String(value));
    }
  }

  /** Puts values that are given as codes of a dictionary; -1 is missing. */
  putCodes(codes: Int32Array, dictionary: readonly (string | null)[], at: number): void {
    this.codes.reserve(at + codes.length);
    const own = Int32Array.from(dictionary, (text) => (text === null ? -1 : this.codeOf(text)));
    for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) this.codes.values[at + i] = own[codes[i]];
  }

  finish(_file: string, rows: number): Column {
    return textColumn(this.name, [...this.codeOfText.keys()], exactly(this.codes.values, rows));
  }

  private codeOf(text: string): number {
    const known = this.codeOfText.get(text);
    if (known !== undefined) return known;
    if (this.missing.has(text)) return -1;
    const code = this.codeOfText.size;
    this.codeOfText.set(text, code);
    return code;
  }
}

/** Codes of a column, all missing at first, in memory that grows. */
class Codes {
  values: Int32Array<ArrayBuffer>;

  constructor(expected: number) {
    this.values = new Int32Array(expected).fill(-1);
  }

  reserve(length: number): void {
    if (length <= this.values.length) return;
    const larger = new Int32Array(roomFor(length)).fill(-1);
    larger.set(this.values);
    this.values = larger;
  }
}

function roomFor(length: number): number {
  return Math.ceil(1.5 * length);
}

/** The first entries in memory of their own: what is longer was only room to grow. */
function exactly<A extends { readonly length: number; slice(start: number, end: number): A }>(
  values: A,
  rows: number,
): A {
  return values.length === rows ? values : values.slice(0, rows);
}
