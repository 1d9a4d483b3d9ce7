/**
 * Decompresses one LZ4 frame (the LZ4 frame format, version 1.6.x), as Arrow files hold them. Checksums are skipped.
 * @throws RangeError when the bytes are no such frame
 */
export function decompressLz4Frame(input: Uint8Array): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 7 || view.getUint32(0, true) !== 0x184d2204) throw new RangeError('no LZ4 frame');
  const flags = input[4];
  const blockChecksum = (flags & 0x10) !== 0;
  const hasSize = (flags & 0x08) !== 0;
  let at = 6 + (hasSize ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0) + 1;
  const output = new Output(hasSize ? Number(view.getBigUint64(6, true)) : 4 * input.length);
  for (;;) {
    if (at + 4 > input.length) throw new RangeError('an LZ4 frame ends too early');
    const header = view.getUint32(at, true);
    at += 4;
    const size = header & 0x7fffffff;
    if (size === 0) return output.take();
    if (at + size > input.length) throw new RangeError('an LZ4 block ends too early');
    const block = input.subarray(at, at + size);
    if (header >>> 31) output.append(block, 0, size);
    else decompressBlock(block, output);
    at += size + (blockChecksum ? 4 : 0);
  }
}

/** Sequences of literals and copies of earlier output, which may be that of an earlier block. */
function decompressBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  const extended = (nibble: number): number => {
    let length = nibble;
    if (nibble === 15) {
      let byte: number;
      do {
        byte = block[at++];
        length += byte;
      } while (byte === 255);
    }
    return length;
  };
  while (at < block.length) {
    const token = block[at++];
    const literals = extended(token >>> 4);
    output.append(block, at, at + literals);
    at += literals;
    if (at >= block.length) return;
    const distance = block[at] | (block[at + 1] << 8);
    at += 2;
    output.repeat(distance, extended(token & 15) + 4);
  }
}

class Output {
  private bytes: Uint8Array;
  private length = 0;

  constructor(expected: number) {
    this.bytes = new Uint8Array(Math.max(64, expected));
  }

  append(from: Uint8Array, start: number, end: number): void {
    if (end > from.length) throw new RangeError('an LZ4 block ends too early');
    this.reserve(end - start);
    this.bytes.set(from.subarray(start, end), this.length);
    this.length += end - start;
  }

  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.length) throw new RangeError('an LZ4 block refers to nothing');
    this.reserve(count);
    // Byte by byte: the copy may overlap what it writes.
    for (let i = 0; i < count; i++, this.length++)
      this.bytes[this.length] = this.bytes[this.length - distance];
  }

  take(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}
