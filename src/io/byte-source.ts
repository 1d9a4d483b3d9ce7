import { type FileHandle, open, stat } from 'node:fs/promises';
import { DataError } from '../core/dataset';

const CHUNK_BYTES = 1 << 20;

/** Bytes that can be read from the start more than once. */
export interface ByteSource {
  /** For messages. */
  readonly name: string;
  /** Number of bytes, where it is known beforehand. */
  size?(): Promise<number>;
  /** A chunk is only valid until the next one is asked for. */
  chunks(): AsyncIterable<Uint8Array>;
  /** Where any part of the bytes can be read; absent: only from the start. Whoever opens it closes it. */
  open?(): Promise<RandomAccess>;
}

export interface RandomAccess {
  /** For libraries that read by themselves. */
  readonly handle: FileHandle;
  readonly byteLength: number;
  /** Exactly so many bytes from `start`, in memory of their own. @throws DataError `unreadable-file` at the end */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** A file, read in pieces of 1 MiB into one buffer. */
export function fileSource(path: string): ByteSource {
  return {
    name: path,
    size: async () => (await stat(path)).size,
    async *chunks() {
      const file = await openForReading(path);
      try {
        const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
        for (;;) {
          const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null);
          if (bytesRead === 0) return;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await file.close();
      }
    },
    open: async () => {
      const file = await openForReading(path);
      return {
        handle: file,
        byteLength: (await file.stat()).size,
        read: (start, length) => readPart(file, path, start, length),
        close: () => file.close(),
      };
    },
  };
}

async function readPart(
  file: FileHandle,
  path: string,
  start: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, start + at);
    if (bytesRead === 0) {
      throw new DataError('unreadable-file', 'the file is shorter than it says', 'Write the file anew', {
        file: path,
      });
    }
    at += bytesRead;
  }
  return bytes;
}

/** @throws DataError `unreadable-file` */
async function openForReading(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new DataError('unreadable-file', 'this is not a file', 'Give the path of a table', { file: path });
}

export function unreadable(path: string, error: unknown): DataError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' && ADDRESS.test(path)) {
    return new DataError(
      'unreadable-file',
      'this is an address on the network, and only local files are read',
      'Download it first, and give the path of the file',
      { file: path },
    );
  }
  if (code === 'ENOENT') {
    return new DataError('unreadable-file', 'there is no such file', 'Check the path and its spelling', {
      file: path,
    });
  }
  return new DataError(
    'unreadable-file',
    `the file cannot be read (${error instanceof Error ? error.message : String(error)})`,
    'Check that it may be read',
    { file: path },
  );
}

/** `https://…`, alone or after a folder that it was taken to be in, where one of the slashes is gone. */
const ADDRESS = /(^|[\\/])(https?|ftp|s3|gs|hdfs|abfss?):[\\/]/i;

/**
 * The chunks of a text in UTF-8, without byte order mark (which may itself come in pieces).
 * @throws DataError `encoding`, `unsupported-format` for what is certainly no such text
 */
export async function* textChunks(source: ByteSource): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of source.chunks()) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < LONGEST_MAGIC) continue;
    refuseForeignFormats(head, source.name);
    yield head.subarray(byteOrderMark(head));
    head = undefined;
  }
  if (head === undefined || head.length === 0) return;
  refuseForeignFormats(head, source.name);
  yield head.subarray(byteOrderMark(head));
}

function refuseForeignFormats(head: Uint8Array, file: string): void {
  const starts = (...bytes: readonly number[]) => bytes.every((byte, i) => head[i] === byte);
  if ((starts(0xff, 0xfe) || starts(0xfe, 0xff)) && head.length >= 2) {
    throw new DataError('encoding', 'the file is in UTF-16', 'Save it as UTF-8', { file });
  }
  const format = FORMATS.find(({ magic }) => starts(...magic))?.name;
  if (format !== undefined) {
    const remedy =
      format === 'Parquet' || format === 'Arrow' ? `Give it the ending .${format.toLowerCase()}` : SAVE;
    throw new DataError('unsupported-format', `the file is ${format}`, remedy, { file });
  }
  if (head.subarray(0, 4096).includes(0)) {
    throw new DataError('unsupported-format', 'the file is binary, not text', SAVE, { file });
  }
}

const SAVE = 'Save the table as CSV, TSV, JSON, Parquet or Arrow';

const FORMATS = [
  { name: 'Parquet', magic: [0x50, 0x41, 0x52, 0x31] },
  { name: 'a zip archive or an Excel workbook', magic: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'an Excel workbook', magic: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: 'compressed with gzip', magic: [0x1f, 0x8b] },
  { name: 'Arrow', magic: [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31] },
] as const;
const LONGEST_MAGIC = Math.max(...FORMATS.map(({ magic }) => magic.length));

/** The length of a UTF-8 byte order mark at the start, 3 or 0. */
function byteOrderMark(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}
