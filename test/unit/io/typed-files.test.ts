import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/core/dataset';
import { readColumnNames, readTable } from '../../../src/io';
import { decompressLz4Frame } from '../../../src/io/lz4-frame';
import { shown } from './bytes';

// Written by pyarrow 25 from one table of seven rows in row groups (batches) of three, with a null in every column.
const fixtures = join(__dirname, 'fixtures');
const options = { missing: ['', 'NA', '?'] };
const read = (name: string): Promise<Dataset> => readTable(join(fixtures, name), options);

const DAY = 86_400;
const EXPECTED = {
  count: ['numeric', 1, null, -3, 4e9, 5, 6, 7],
  small: ['numeric', 1, 2, null, -4, 5, 6, 7],
  size: ['numeric', 1.5, null, null, -2.25, 1e-3, 7, 8],
  single: ['numeric', 0.5, 1, null, 2, 3, 4, 5],
  price: ['numeric', 1.25, null, -3.5, 12345678.99, 0.01, 2, 3],
  flag: ['boolean', 'true', null, 'false', 'true', 'true', 'false', 'false'],
  name: ['categorical', 'b', 'a', null, null, null, 'ü', 'b'],
  kind: ['categorical', 'x', 'y', null, 'x', 'y', 'z', 'x'],
  day: ['numeric', DAY, null, 18321 * DAY, -DAY, 10957 * DAY, 10958 * DAY, 10959 * DAY],
  time: ['numeric', 1.5, null, ...[0, 1, 2, 3, 4].map((day) => (19723 + day) * DAY)],
};

const FILES = [
  'typed-snappy.parquet',
  'typed-zstd.parquet',
  'typed-lz4.parquet',
  'typed-lz4.feather',
  'typed-zstd.feather',
  'typed.arrows',
];

describe('Parquet and Arrow', () => {
  it.each(FILES)('%s has its columns typed, nulls missing', async (name) => {
    const table = await read(name);
    expect(table.rowCount).toBe(7);
    expect(shown(table)).toEqual(EXPECTED);
  });

  it('are one table, whatever the file', async () => {
    const fingerprints = new Set<string>();
    for (const name of FILES) fingerprints.add((await read(name)).fingerprint);
    expect(fingerprints.size).toBe(1);
  });

  it.each(FILES)('%s tells its columns without being read', async (name) => {
    expect(await readColumnNames(join(fixtures, name))).toEqual(Object.keys(EXPECTED));
  });

  it.each(['nested.parquet', 'nested.arrow'])('%s is refused for the column that is nested', async (name) => {
    await expect(read(name)).rejects.toMatchObject({
      code: 'unsupported-format',
      place: { column: 'tags' },
      message: expect.stringContaining("column 'tags'"),
    });
  });
});

describe('broken files', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskweave-typed-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['cut.parquet', 'typed-zstd.parquet'],
    ['cut.feather', 'typed-lz4.feather'],
  ])('%s is said to be unreadable, and where', async (name, of) => {
    const path = join(folder, name);
    writeFileSync(path, readFileSync(join(fixtures, of)).subarray(0, 900));
    await expect(readTable(path, options)).rejects.toMatchObject({
      code: 'unsupported-format',
      place: { file: path },
    });
  });

  it('Parquet under a text name is told by its first bytes, with the ending it needs', async () => {
    const path = join(folder, 'table.csv');
    copyFileSync(join(fixtures, 'typed-zstd.parquet'), path);
    await expect(readTable(path, options)).rejects.toThrow(/Parquet.*\.parquet/);
  });

  it('a file that is not there is said to be missing', async () => {
    await expect(readTable(join(folder, 'none.parquet'), options)).rejects.toMatchObject({
      code: 'unreadable-file',
    });
  });
});

describe('LZ4 frames', () => {
  /** Literals 'ab', then a copy of 8 from 2 back; then a stored block; ends with an empty block. */
  const FRAME = [
    ...[0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82],
    ...[7, 0, 0, 0, 0x24, 0x61, 0x62, 2, 0, 0x10, 0x63],
    ...[2, 0, 0, 0x80, 0x64, 0x65],
    ...[0, 0, 0, 0],
  ];

  it('repeat what they refer to, also where it overlaps itself', () => {
    expect(Buffer.from(decompressLz4Frame(Uint8Array.from(FRAME))).toString()).toBe(
      'ababababab' + 'c' + 'de',
    );
  });

  it('that are cut or refer to nothing are refused', () => {
    expect(() => decompressLz4Frame(Uint8Array.from(FRAME.slice(0, 15)))).toThrow(RangeError);
    const astray = FRAME.with(14, 9);
    expect(() => decompressLz4Frame(Uint8Array.from(astray))).toThrow(RangeError);
  });
});
