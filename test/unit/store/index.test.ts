import { fork } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import esbuild from 'esbuild';
import { describe, expect, it } from 'vitest';
import {
  EventWriter,
  type RunFolder,
  StepWriter,
  StoreIndex,
  type UnstampedTrialEvent,
} from '../../../src/store';
import { plannedRun, record, temporaryFolder } from './temporary';

const fitted = (configuration: number): UnstampedTrialEvent => ({
  kind: 'fitted',
  configuration,
  lambda: 1 / (configuration + 1),
  convergence: { converged: true, iterations: 3, criterion: 'duality gap' },
  sharedParameters: 4,
  privateParameters: 0,
});

function writeAttempt(run: RunFolder, attempt: number, fits: number): void {
  const writer = EventWriter.exclusive(run.attemptEvents('aaaaaaaa', attempt));
  writer.append({ kind: 'start', pid: 1, host: 'here' });
  for (let i = 0; i < fits; i++) writer.append(fitted(i));
  writer.append({
    kind: 'score',
    configuration: 0,
    task: 0,
    split: 'validation',
    metrics: { r2: 0.5 },
    rows: 5,
  });
  writer.append({ kind: 'warning', message: 'take care' });
  writer.append({ kind: 'result', result: { anything: [1, 2] } });
  writer.append({ kind: 'end', outcome: 'completed', cpuSeconds: 1, wallSeconds: 2 });
  writer.close();
}

describe('the index', () => {
  it('takes in a growing file piece by piece and holds what one reading of the whole holds', () => {
    const { store, run } = plannedRun();
    writeAttempt(run, 0, 50);
    const path = run.attemptEvents('aaaaaaaa', 0);
    const bytes = readFileSync(path);
    writeFileSync(path, '');
    const index = new StoreIndex(store);
    for (let from = 0; from < bytes.length; from += 997) {
      appendFileSync(path, bytes.subarray(from, from + 997));
      index.ingest(run);
    }
    const pieces = index.dump();
    index.rebuild();
    expect(index.dump()).toEqual(pieces);
    expect(pieces.fitted.length).toBe(50);
    expect(pieces.attempts[0]).toMatchObject({ outcome: 'completed', cpu: 1 });
    index.close();
  });

  it('takes nothing in twice, however often it is asked and by whomever', () => {
    const { store, run } = plannedRun();
    writeAttempt(run, 0, 10);
    const one = new StoreIndex(store);
    const other = new StoreIndex(store);
    one.ingest(run);
    other.ingest(run);
    one.ingest(run);
    const path = run.relative('trials', 'aaaaaaaa', '0.jsonl');
    expect(one.get('SELECT lines FROM files WHERE path = ?', path)?.lines).toBe(15);
    const before = one.changes();
    expect(other.ingest(run)).toBe(false);
    expect(one.changes()).toBe(before);
    one.close();
    other.close();
  });

  it('tells that there are more steps to draw, though it holds none of them', () => {
    const { store, run } = plannedRun();
    writeAttempt(run, 0, 1);
    const index = new StoreIndex(store);
    index.ingest(run);
    const before = index.changeOf(run.run);
    const steps = new StepWriter(run.attemptSteps('aaaaaaaa', 0));
    steps.append({ configuration: 0, step: 1, objective: 2 });
    steps.flush();
    expect(index.ingest(run)).toBe(true);
    expect(index.changeOf(run.run)).not.toBe(before);
    expect(index.ingest(run)).toBe(false);
    steps.close();
    index.close();
  });

  it('counts every event once when ingesters are killed in the middle of their work', async () => {
    const { store, run } = plannedRun();
    writeAttempt(run, 0, 60_000);
    const path = run.relative('trials', 'aaaaaaaa', '0.jsonl');
    const bundle = join(temporaryFolder(), 'ingest.cjs');
    process.env.TASKWEAVE_CACHE_DIR = join(store.root, '..', 'index-cache');
    await bundleIngester(bundle);
    const seen: number[] = [];
    for (const [commit, when] of [
      [4, 'before'],
      [2, 'after'],
      [2, 'before'],
      [2, 'after'],
    ] as const) {
      const signal = await ingestAndDie(bundle, [store.root, run.run, String(commit), when]);
      expect(signal).toBe('SIGKILL');
      const index = new StoreIndex(store);
      const lines = Number(index.get('SELECT lines FROM files WHERE path = ?', path)?.lines ?? 0);
      const fits = Number(index.get('SELECT COUNT(*) AS n FROM fitted')?.n);
      expect(fits).toBe(Math.min(60_000, Math.max(0, lines - 1)));
      seen.push(lines);
      index.close();
    }
    const index = new StoreIndex(store);
    index.ingest(run);
    expect(index.get('SELECT lines FROM files WHERE path = ?', path)?.lines).toBe(60_005);
    expect(index.get('SELECT COUNT(*) AS n FROM fitted')?.n).toBe(60_000);
    index.close();
    const [, first] = seen;
    expect(seen[0]).toBe(0);
    expect(first).toBeGreaterThan(0);
    expect(seen[2]).toBe(first);
    expect(seen[3]).toBeGreaterThan(first);
  });

  it('keeps and skips what it does not know, and survives a file that is replaced by a shorter one', () => {
    const { store, run } = plannedRun();
    writeAttempt(run, 0, 20);
    const path = run.attemptEvents('aaaaaaaa', 0);
    appendFileSync(path, '{"v":1,"seq":99,"time":"","mono":0,"kind":"novelty"}\nnot json\n');
    const index = new StoreIndex(store);
    index.ingest(run);
    expect(index.dump().fitted.length).toBe(20);
    truncateSync(path, 400);
    index.ingest(run);
    const shorter = index.dump();
    index.rebuild();
    expect(index.dump()).toEqual(shorter);
    expect(shorter.fitted.length).toBeLessThan(20);
    index.close();
  });

  it('forgets runs whose folder is gone, and leaves out one that is damaged', () => {
    const { store, run } = plannedRun();
    const second = store.createRun(record('20260102-030406-abcdef'));
    writeFileSync(second.path('run.json'), 'damaged');
    const index = new StoreIndex(store);
    index.refresh();
    expect(index.all('SELECT run FROM runs')).toEqual([{ run: run.run }]);
    rmSync(run.path(), { recursive: true });
    index.refresh();
    expect(index.all('SELECT run FROM runs')).toEqual([]);
    index.close();
  });

  it('is built again when the file is no database', () => {
    const { store, run } = plannedRun();
    const index = new StoreIndex(store);
    index.close();
    writeFileSync(index.path, 'this is no database, it only looks like a file of some length'.repeat(100));
    const again = new StoreIndex(store);
    again.ingest(run);
    expect(again.all('SELECT run FROM runs').length).toBe(1);
    again.close();
  });
});

async function bundleIngester(outfile: string): Promise<void> {
  const source = `
    import { DatabaseSync } from 'node:sqlite';
    import { RunStore, StoreIndex } from './src/store';
    const [store, run, fatal, when] = process.argv.slice(2);
    const { exec } = DatabaseSync.prototype;
    let commits = 0;
    DatabaseSync.prototype.exec = function (sql) {
      const isFatal = sql === 'COMMIT' && ++commits === Number(fatal);
      if (isFatal && when === 'before') process.kill(process.pid, 'SIGKILL');
      exec.call(this, sql);
      if (isFatal) process.kill(process.pid, 'SIGKILL');
    };
    new StoreIndex(RunStore.open(store)).ingest(RunStore.open(store).run(run));`;
  await esbuild.build({
    stdin: { contents: source, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'silent',
  });
}

/** Ingests in a process of its own, which is killed at the given commit, before or after it. */
function ingestAndDie(bundle: string, args: readonly string[]): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => {
    fork(bundle, args).once('exit', (_, signal) => resolve(signal));
  });
}
