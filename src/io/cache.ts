import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DataError, type Dataset } from '../core/dataset';
import { type ByteSource, fileSource, unreadable } from './byte-source';
import { type ReadOptions, readSource } from './read-table';
import { bytesOf, readTableFiles, readText, writeTableFiles } from './table-files';

/** Raised whenever the same file is read into other columns than before. */
const READER_VERSION = 1;
/** A file changed this shortly before it was looked at may change again within one tick of its clock. */
const CLOCK_TICK_MS = 3000;

/** What is known of a source file: which table it was, when it looked so. */
const sourceEntry = z.strictObject({
  size: z.int(),
  modifiedMs: z.number(),
  lookedAtMs: z.number(),
  content: z.string(),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
});
type SourceEntry = z.infer<typeof sourceEntry>;
type FileState = Pick<SourceEntry, 'size' | 'modifiedMs' | 'lookedAtMs'>;

/**
 * A table from a file, or from the cache when the file is as it was: by size and time of change, and where these
 * tell nothing by its content. What is broken in the cache is made anew; a cache that cannot be written is none.
 * @param options.cacheDir folder that holds `<fingerprint>/` (columns, no statistics) and `sources/`; absent: no cache
 * @param options.mostInMemory numbers of a table of more bytes stay in the cache's file, where there is one
 * @throws DataError, of them `changed-while-reading`; columns that stay in the file throw it too, when they are read
 */
export async function loadDataset(path: string, options: CachedReadOptions): Promise<Dataset> {
  const { cacheDir, mostInMemory } = options;
  if (cacheDir === undefined || !(await usableFolder(cacheDir))) return readSource(fileSource(path), options);
  const state = await stateOf(path);
  const entryPath = join(cacheDir, 'sources', `${await sourceKey(path, options)}.json`);
  const entry = await readEntry(entryPath);
  const content = entry && (looksUnchanged(entry, state) ? entry.content : await contentHash(path));
  if (entry !== undefined && content === entry.content) {
    const cached = await readTableFiles(join(cacheDir, entry.fingerprint), entry.fingerprint, mostInMemory);
    if (cached !== undefined) {
      if (!looksUnchanged(entry, state)) await attempt(() => writeEntry(entryPath, { ...entry, ...state }));
      return cached;
    }
  }
  return readAndKeep(path, options, cacheDir, entryPath, state);
}

interface CachedReadOptions extends ReadOptions {
  readonly cacheDir?: string;
  readonly mostInMemory?: number;
}

async function readAndKeep(
  path: string,
  options: CachedReadOptions,
  cacheDir: string,
  entryPath: string,
  before: FileState,
): Promise<Dataset> {
  const source = hashing(fileSource(path));
  const dataset = await readSource(source, options);
  const after = await stateOf(path);
  if (after.size !== before.size || after.modifiedMs !== before.modifiedMs) {
    throw new DataError('changed-while-reading', 'the file changed while it was read', 'Run again', {
      file: path,
    });
  }
  const kept = await attempt(async () => {
    await keepTable(cacheDir, dataset);
    await writeEntry(entryPath, {
      ...before,
      content: source.hash ?? (await contentHash(path)),
      fingerprint: dataset.fingerprint,
    });
    const { mostInMemory = Number.POSITIVE_INFINITY } = options;
    if (bytesOf(dataset) <= mostInMemory) return undefined;
    return readTableFiles(join(cacheDir, dataset.fingerprint), dataset.fingerprint, mostInMemory);
  });
  return kept ?? dataset;
}

async function keepTable(cacheDir: string, dataset: Dataset): Promise<void> {
  const folder = join(cacheDir, dataset.fingerprint);
  if ((await readTableFiles(folder, dataset.fingerprint)) !== undefined) return;
  const temporary = join(cacheDir, `.tmp-${randomUUID()}`);
  await mkdir(temporary);
  try {
    await writeTableFiles(temporary, dataset);
    // What is there is broken; of a link, this takes the link only.
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    // Already gone, unless something failed or another process put the same table there first.
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Whether a folder of `loadDataset` has the table, so that its numbers need not be in memory. */
export async function isCached(cacheDir: string, fingerprint: string): Promise<boolean> {
  return (await attempt(() => lstat(join(cacheDir, fingerprint)))) !== undefined;
}

/** Bytes that are hashed as they are read; `hash` is that of the last complete reading. */
function hashing(source: ByteSource): ByteSource & { readonly hash: string | undefined } {
  let last: string | undefined;
  return {
    name: source.name,
    size: source.size,
    ...(source.open && { open: source.open }),
    get hash() {
      return last;
    },
    async *chunks() {
      const hash = createHash('sha256');
      for await (const chunk of source.chunks()) {
        hash.update(chunk);
        yield chunk;
      }
      last = hash.digest('hex');
    },
  };
}

async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of fileSource(path).chunks()) hash.update(chunk);
  return hash.digest('hex');
}

function looksUnchanged(entry: SourceEntry, state: FileState): boolean {
  return (
    entry.size === state.size &&
    entry.modifiedMs === state.modifiedMs &&
    entry.lookedAtMs - entry.modifiedMs > CLOCK_TICK_MS
  );
}

/** @throws DataError `unreadable-file` */
async function stateOf(path: string): Promise<FileState> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, modifiedMs: mtimeMs, lookedAtMs: Date.now() };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The same file read with the same options has the same key. */
async function sourceKey(path: string, { missing }: ReadOptions): Promise<string> {
  const parts = [READER_VERSION, await realpath(path), missing.toSorted()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

async function readEntry(path: string): Promise<SourceEntry | undefined> {
  return attempt(async () => sourceEntry.parse(JSON.parse(await readText(path))));
}

async function writeEntry(path: string, entry: SourceEntry): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(entry), { flag: 'wx' });
  await rename(temporary, path);
}

/** Whether the cache's folders are there, or can be made, and are no links to elsewhere. */
async function usableFolder(cacheDir: string): Promise<boolean> {
  const usable = await attempt(async () => {
    for (const folder of [cacheDir, join(cacheDir, 'sources')]) {
      await mkdir(folder, { recursive: true });
      if (!(await lstat(folder)).isDirectory()) return false;
    }
    return true;
  });
  return usable ?? false;
}

/** The cache only saves time: what fails in it is as if it were not there. */
async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch {
    return undefined;
  }
}
