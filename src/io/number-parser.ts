const ZERO = 48;
const NINE = 57;
const POINT = 46;
const COMMA = 44;
const PLUS = 43;
const MINUS = 45;
const LOWER_E = 101;
const UPPER_E = 69;
/** Integers below this, and powers of ten up to 22, are exact doubles: one division rounds their quotient correctly. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const SPECIAL = /^([+-]?)(nan|inf|infinity)$/i;

/** What a cell is. `EXACT`: its text is certainly what `String(value)` gives, so that it can be had again. */
export const NOT_A_NUMBER = 0;
const INEXACT = 1;
export const EXACT = 2;
export type NumberForm = typeof NOT_A_NUMBER | typeof INEXACT | typeof EXACT;

/**
 * Reads numbers from bytes: sign, digits with a decimal mark, exponent; `nan` (value NaN) and `inf` in any case. No
 * thousands separators, no hexadecimal. Correctly rounded.
 */
export class NumberParser {
  /** Value of the last number read. */
  value = 0;
  /** Whether the last number had a decimal point, and a decimal comma. */
  point = false;
  comma = false;

  /** @param decimalComma also take a comma as decimal mark */
  constructor(private readonly decimalComma: boolean) {}

  parse(bytes: Uint8Array, start: number, end: number): NumberForm {
    this.point = false;
    this.comma = false;
    let i = start;
    const negative = bytes[i] === MINUS;
    if (negative || bytes[i] === PLUS) i++;
    const first = i;
    let mantissa = 0;
    let significant = 0;
    let digits = 0;
    let decimals = 0;
    let marked = false;
    for (; i < end; i++) {
      const byte = bytes[i];
      if (byte >= ZERO && byte <= NINE) {
        digits++;
        if (significant > 0 || byte !== ZERO) significant++;
        if (significant <= EXACT_DIGITS) mantissa = mantissa * 10 + (byte - ZERO);
        if (marked) decimals++;
      } else if (!marked && (byte === POINT || (byte === COMMA && this.decimalComma))) {
        marked = true;
        if (byte === COMMA) this.comma = true;
        else this.point = true;
      } else {
        break;
      }
    }
    if (digits === 0) return this.parseSpecial(bytes, start, end);
    if (i < end) {
      if (!isExponent(bytes, i, end)) return NOT_A_NUMBER;
      return this.parseText(bytes, start, end);
    }
    if (significant > EXACT_DIGITS || decimals >= POWERS.length) return this.parseText(bytes, start, end);
    const magnitude = decimals === 0 ? mantissa : mantissa / POWERS[decimals];
    this.value = negative ? -magnitude : magnitude;
    const plain =
      bytes[start] !== PLUS &&
      !this.comma &&
      (bytes[first] !== ZERO || digits - decimals === 1) &&
      digits > decimals &&
      (marked ? decimals > 0 && bytes[end - 1] !== ZERO && magnitude >= 1e-6 : !(negative && mantissa === 0));
    return plain ? EXACT : INEXACT;
  }

  private parseText(bytes: Uint8Array, start: number, end: number): NumberForm {
    const text = asciiText(bytes, start, end);
    this.value = Number(this.comma ? text.replace(',', '.') : text);
    return INEXACT;
  }

  private parseSpecial(bytes: Uint8Array, start: number, end: number): NumberForm {
    if (end - start > 9 || end - start < 3) return NOT_A_NUMBER;
    const match = SPECIAL.exec(asciiText(bytes, start, end));
    if (match === null) return NOT_A_NUMBER;
    this.value = match[2].toLowerCase() === 'nan' ? NaN : match[1] === '-' ? -Infinity : Infinity;
    return INEXACT;
  }
}

function isExponent(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== LOWER_E && bytes[at] !== UPPER_E) return false;
  let i = at + 1;
  if (bytes[i] === PLUS || bytes[i] === MINUS) i++;
  if (i >= end) return false;
  for (; i < end; i++) if (bytes[i] < ZERO || bytes[i] > NINE) return false;
  return true;
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
