import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDataset, readTable } from '../../../src/io';
import { shown } from './bytes';

const TABLE = 'x,colour,flag\n1.5,red,true\n,blue,\n-3,?,false\n';
const SHOWN = {
  x: ['numeric', 1.5, null, -3],
  colour: ['categorical', 'red', 'blue', null],
  flag: ['boolean', 'true', null, 'false'],
};
const missing = ['', 'NA', '?'];

let folder: string;
let source: string;
let cacheDir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taskweave-cache-'));
  source = join(folder, 'table.csv');
  cacheDir = join(folder, '.taskweave', 'cache');
  write(TABLE, 60);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the source file as if it had been changed some seconds ago. */
function write(content: string, secondsAgo: number): void {
  writeFileSync(source, content);
  const time = Date.now() / 1000 - secondsAgo;
  utimesSync(source, time, time);
}

const load = () => loadDataset(source, { missing, cacheDir });
const tableFolders = () => readdirSync(cacheDir).filter((name) => name !== 'sources');
const columnsFile = () => join(cacheDir, tableFolders()[0], 'columns.bin');

/** Changes the source behind the cache's back, so that only the cache can still know the table. */
function hideChange(): void {
  const { atime, mtime } = statSync(source);
  writeFileSync(source, TABLE.replace('1.5', '9.5'));
  utimesSync(source, atime, mtime);
}

describe('the data cache', () => {
  it('gives back the same table as the file', async () => {
    const fresh = await load();
    expect(tableFolders()).toEqual([fresh.fingerprint]);
    hideChange();
    const cached = await load();
    expect(shown(cached)).toEqual(SHOWN);
    expect(cached).toEqual(fresh);
    expect(cached).toEqual(await readTable(writeBack(), { missing }));
  });

  it('holds the columns as little-endian numbers one after the other', async () => {
    await load();
    const bytes = readFileSync(columnsFile());
    expect(bytes.length).toBe(3 * (8 + 4 + 4));
    expect([bytes.readDoubleLE(0), bytes.readDoubleLE(8), bytes.readDoubleLE(16)]).toEqual([1.5, NaN, -3]);
    expect([bytes.readInt32LE(24), bytes.readInt32LE(28), bytes.readInt32LE(32)]).toEqual([1, 0, -1]);
  });

  it('reads a changed file anew', async () => {
    await load();
    write(TABLE.replace('1.5', '2.5'), 30);
    expect(shown(await load()).x).toEqual(['numeric', 2.5, null, -3]);
    write(`${TABLE}4,red,true\n`, 30);
    expect((await load()).rowCount).toBe(4);
  });

  it('notices a change of the same length within one tick of the clock', async () => {
    write(TABLE, 0);
    await load();
    hideChange();
    expect(shown(await load()).x).toEqual(['numeric', 9.5, null, -3]);
  });

  it('knows a file that was only touched by its content', async () => {
    const { fingerprint } = await load();
    const before = statSync(columnsFile());
    write(TABLE, 10);
    expect((await load()).fingerprint).toBe(fingerprint);
    expect(statSync(columnsFile()).ino).toBe(before.ino);
  });

  it('keeps tables read with other missing texts apart', async () => {
    await load();
    expect(shown(await loadDataset(source, { missing: [], cacheDir })).colour).toEqual([
      'categorical',
      'red',
      'blue',
      '?',
    ]);
    expect(shown(await load())).toEqual(SHOWN);
  });

  it.each([
    ['columns changed', () => writeFileSync(columnsFile(), Buffer.alloc(48))],
    ['columns cut short', () => writeFileSync(columnsFile(), Buffer.alloc(5))],
    ['columns gone', () => rmSync(columnsFile())],
    ['header broken', () => writeFileSync(join(columnsFile(), '../header.json'), '{')],
    ['entry broken', () => corruptEntry('{"fingerprint": "../../x"}')],
  ])('is rebuilt when broken: %s', async (_, corrupt) => {
    await load();
    corrupt();
    expect(shown(await load())).toEqual(SHOWN);
    hideChange();
    expect(shown(await load()), 'from the cache again').toEqual(SHOWN);
  });

  it('follows no link', async () => {
    const { fingerprint } = await load();
    const elsewhere = mkdtempSync(join(tmpdir(), 'taskweave-elsewhere-'));
    try {
      rmSync(join(cacheDir, fingerprint), { recursive: true });
      symlinkSync(elsewhere, join(cacheDir, fingerprint));
      expect(shown(await load())).toEqual(SHOWN);
      rmSync(cacheDir, { recursive: true });
      symlinkSync(elsewhere, cacheDir);
      expect(shown(await load())).toEqual(SHOWN);
      expect(readdirSync(elsewhere)).toEqual([]);
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  it('is done without where it cannot be written', async () => {
    writeFileSync(join(folder, '.taskweave'), 'a file in the way');
    expect(shown(await load())).toEqual(SHOWN);
  });

  it('is shared by readers that start at once', async () => {
    const tables = await Promise.all(Array.from({ length: 6 }, load));
    for (const table of tables) expect(shown(table)).toEqual(SHOWN);
    expect(tableFolders().length).toBe(1);
  });

  it('says so when there is no such file', async () => {
    rmSync(source);
    const expected = expect.objectContaining({ name: 'DataError', code: 'unreadable-file' });
    await expect(load()).rejects.toThrowError(expected);
    await expect(readTable(source, { missing })).rejects.toThrowError(expected);
    await expect(readTable(folder, { missing })).rejects.toThrowError(expected);
    // As it is written, and as it comes out taken for a path of the file's folder.
    for (const address of ['https://example.org/t.csv', join(folder, 'https://example.org/t.csv')]) {
      await expect(readTable(address, { missing })).rejects.toThrowError(
        /only local files are read.*Download it/,
      );
    }
  });
});

function writeBack(): string {
  write(TABLE, 60);
  return source;
}

function corruptEntry(content: string): void {
  const entries = join(cacheDir, 'sources');
  for (const name of readdirSync(entries)) writeFileSync(join(entries, name), content);
}
