/** Tells cells that mean "no value": the empty one and the given texts, compared as bytes. */
export class MissingCells {
  private readonly tokens: readonly Uint8Array[];
  private readonly firstBytes = new Uint8Array(256);

  constructor(texts: readonly string[]) {
    this.tokens = texts.filter((text) => text !== '').map((text) => Buffer.from(text));
    for (const token of this.tokens) this.firstBytes[token[0]] = 1;
  }

  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (start === end) return true;
    if (this.firstBytes[bytes[start]] === 0) return false;
    return this.tokens.some((token) => matches(token, bytes, start, end));
  }
}

function matches(token: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (token.length !== end - start) return false;
  for (let i = 0; i < token.length; i++) if (token[i] !== bytes[start + i]) return false;
  return true;
}
