/**
 * Codes 0, 1, 2, … for distinct texts given as bytes, in order of first appearance. A hash table with open
 * addressing over one growing block of bytes: no string is made for a cell, only one for each distinct text at the end.
 */
export class ByteDictionary {
  private bytes = new Uint8Array(1024);
  private ends = new Int32Array(64);
  private slots = new Int32Array(128).fill(-1);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Code of the text, new if it was not seen before. */
  codeOf(source: Uint8Array, start: number, end: number): number {
    const mask = this.slots.length - 1;
    let slot = hash(source, start, end) & mask;
    for (;;) {
      const code = this.slots[slot];
      if (code < 0) return this.add(source, start, end, slot);
      if (this.equals(code, source, start, end)) return code;
      slot = (slot + 1) & mask;
    }
  }

  /** Texts in order of code; `undefined` in the place of those that are not UTF-8. */
  texts(): (string | undefined)[] {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return Array.from({ length: this.count }, (_, code) => {
      try {
        return decoder.decode(this.bytes.subarray(this.startOf(code), this.ends[code]));
      } catch {
        return undefined;
      }
    });
  }

  private startOf(code: number): number {
    return code === 0 ? 0 : this.ends[code - 1];
  }

  private equals(code: number, source: Uint8Array, start: number, end: number): boolean {
    const from = this.startOf(code);
    if (this.ends[code] - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.bytes[from + i - start] !== source[i]) return false;
    return true;
  }

  private add(source: Uint8Array, start: number, end: number, slot: number): number {
    const code = this.count++;
    const from = this.startOf(code);
    const to = from + end - start;
    if (to > this.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, to));
      larger.set(this.bytes.subarray(0, from));
      this.bytes = larger;
    }
    for (let i = start; i < end; i++) this.bytes[from + i - start] = source[i];
    if (code === this.ends.length) {
      const larger = new Int32Array(2 * code);
      larger.set(this.ends);
      this.ends = larger;
    }
    this.ends[code] = to;
    this.slots[slot] = code;
    if (2 * this.count > this.slots.length) this.rehash();
    return code;
  }

  private rehash(): void {
    const slots = new Int32Array(2 * this.slots.length).fill(-1);
    const mask = slots.length - 1;
    for (let code = 0; code < this.count; code++) {
      let slot = hash(this.bytes, this.startOf(code), this.ends[code]) & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
    this.slots = slots;
  }
}

/** FNV-1a with a final mix, so that the low bits depend on every byte. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let h = 0x811c9dc5;
  for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i], 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return h ^ (h >>> 13);
}
