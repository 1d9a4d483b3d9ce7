import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { cacheFolder } from '../cache-folder';
import { StoreError } from '../errors';

type Sqlite = typeof import('node:sqlite');

/** Raised with every change of the tables: an index of another version is thrown away and built again. */
const INDEX_VERSION = 2;

const SCHEMA = `
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE files(path TEXT PRIMARY KEY, run TEXT NOT NULL, offset INTEGER NOT NULL,
  lines INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE runs(run TEXT PRIMARY KEY, created TEXT NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE run_events(run TEXT, seq INTEGER, kind TEXT NOT NULL, time TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY(run, seq)) WITHOUT ROWID;
CREATE TABLE trials(run TEXT, trial TEXT, plan INTEGER NOT NULL, place INTEGER NOT NULL, kind TEXT NOT NULL,
  name TEXT, scope TEXT, learner TEXT, fold INTEGER, repeat INTEGER, fits INTEGER NOT NULL, label TEXT NOT NULL,
  PRIMARY KEY(run, trial)) WITHOUT ROWID;
CREATE INDEX trials_name ON trials(run, kind, name, scope);
CREATE TABLE attempts(run TEXT, trial TEXT, attempt INTEGER, started TEXT, pid INTEGER, host TEXT, backend TEXT,
  outcome TEXT, cpu REAL, wall REAL, code TEXT, message TEXT, PRIMARY KEY(run, trial, attempt)) WITHOUT ROWID;
CREATE TABLE fitted(run TEXT, trial TEXT, attempt INTEGER, seq INTEGER, configuration INTEGER NOT NULL, task INTEGER,
  lambda REAL, converged INTEGER NOT NULL, active INTEGER, body TEXT NOT NULL,
  PRIMARY KEY(run, trial, attempt, seq)) WITHOUT ROWID;
CREATE TABLE scores(run TEXT, trial TEXT, attempt INTEGER, configuration INTEGER, task INTEGER, split TEXT,
  metrics TEXT NOT NULL, rows INTEGER NOT NULL,
  PRIMARY KEY(run, trial, attempt, configuration, task, split)) WITHOUT ROWID;
CREATE TABLE results(run TEXT, trial TEXT, attempt INTEGER, result TEXT NOT NULL,
  PRIMARY KEY(run, trial, attempt)) WITHOUT ROWID;
CREATE TABLE warnings(run TEXT, trial TEXT, attempt INTEGER, seq INTEGER, message TEXT NOT NULL,
  PRIMARY KEY(run, trial, attempt, seq)) WITHOUT ROWID;
`;

/** Tables whose rows are a run's, in the order of the schema; what they hold follows from the files alone. */
export const RUN_TABLES = [
  'files',
  'runs',
  'run_events',
  'trials',
  'attempts',
  'fitted',
  'scores',
  'results',
  'warnings',
] as const;

/** SQLite's version, or undefined where this Node has none. */
export function sqliteVersion(): string | undefined {
  const sqlite = loadSqlite();
  if (sqlite === undefined) return undefined;
  const database = new sqlite.DatabaseSync(':memory:');
  const row = database.prepare('SELECT sqlite_version() AS version').get();
  database.close();
  return String(row?.version);
}

/**
 * The index of a store: `<cache>/taskweave/index/<hash of the store's real path and this machine's name>.sqlite`. Never
 * in the workspace: a hostile or networked folder must not hand us a database; and never one file for two machines,
 * as write-ahead logging needs shared memory.
 */
export function indexPath(root: string): string {
  const hash = createHash('sha256').update(`${hostname()}\0${root}`).digest('hex');
  return join(cacheFolder(), 'index', `${hash.slice(0, 32)}.sqlite`);
}

/** @throws StoreError `sqlite-missing` */
export function openDatabase(path: string): DatabaseSync {
  const sqlite = loadSqlite();
  if (sqlite === undefined) {
    throw new StoreError(
      'sqlite-missing',
      `This Node (${process.version}) has no SQLite. Use Node 22.13 or newer, or name one in the setting taskweave.nodePath.`,
    );
  }
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  try {
    return prepared(sqlite, path);
  } catch (error) {
    // A cache that is damaged is no cache; the event logs are the truth. A busy one is not damaged.
    if (isBusy(error)) throw error;
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    return prepared(sqlite, path);
  }
}

function prepared(sqlite: Sqlite, path: string): DatabaseSync {
  const database = new sqlite.DatabaseSync(path, { timeout: 10_000 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec('BEGIN IMMEDIATE');
    const version = database.prepare('PRAGMA user_version').get()?.user_version;
    if (version !== INDEX_VERSION) {
      dropTables(database);
      database.exec(`${SCHEMA} PRAGMA user_version = ${INDEX_VERSION};`);
    }
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function dropTables(database: DatabaseSync): void {
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
  for (const { name } of tables) database.exec(`DROP TABLE "${String(name)}"`);
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /database is locked|database table is locked|busy/.test(error.message);
}

/**
 * Not an import: the module is missing in a few Electron builds, and loading it warns that it is experimental, which
 * is no news to the people who see it.
 */
function loadSqlite(): Sqlite | undefined {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite');
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
