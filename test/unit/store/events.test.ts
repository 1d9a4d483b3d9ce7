import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EventWriter, parseLine, readLines, trialEvent, type UnstampedTrialEvent } from '../../../src/store';
import { plannedRun, temporaryFolder } from './temporary';

const warning = (message: string): UnstampedTrialEvent => ({ kind: 'warning', message });

describe('reading events', () => {
  it('waits for the end of a torn last line, and reads it once when it is there', () => {
    const path = join(temporaryFolder(), 'e.jsonl');
    writeFileSync(path, '{"a":1}\n{"b":');
    const first = readLines(path, 0);
    expect(first.lines).toEqual(['{"a":1}']);
    expect(readLines(path, first.next)).toMatchObject({ lines: [], next: first.next });
    appendFileSync(path, '2}\n');
    expect(readLines(path, first.next).lines).toEqual(['{"b":2}']);
  });

  it('reads lines longer than a chunk, and characters of several bytes across chunks', () => {
    const path = join(temporaryFolder(), 'e.jsonl');
    const long = JSON.stringify('λé🧵'.repeat(400_000));
    writeFileSync(path, `${long}\n"x"\n`);
    const { lines, next } = readLines(path, 0);
    expect(lines.length).toBe(2);
    expect(lines[0] === long).toBe(true);
    expect(next).toBe(Buffer.byteLength(long) + 5);
  });

  it('stops at a limit and goes on from there', () => {
    const path = join(temporaryFolder(), 'e.jsonl');
    const lines = Array.from({ length: 200_000 }, (_, i) => `{"line":${i}}`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const read: string[] = [];
    let next = 0;
    for (let rounds = 0; rounds < 100; rounds++) {
      const slice = readLines(path, next, 500_000);
      if (slice.next === next) break;
      read.push(...slice.lines);
      next = slice.next;
    }
    expect(read).toEqual(lines);
  });

  it('skips kinds and versions it does not know', () => {
    const stamp = { v: 1, seq: 0, time: '', mono: 0 };
    expect(parseLine(JSON.stringify({ ...stamp, kind: 'warning', message: 'w' }), trialEvent)).toBeDefined();
    expect(parseLine(JSON.stringify({ ...stamp, kind: 'of the future' }), trialEvent)).toBeUndefined();
    expect(
      parseLine(JSON.stringify({ ...stamp, v: 2, kind: 'warning', message: 'w' }), trialEvent),
    ).toBeUndefined();
    expect(parseLine('{"half', trialEvent)).toBeUndefined();
  });

  it('tells a file that became shorter', () => {
    const path = join(temporaryFolder(), 'e.jsonl');
    writeFileSync(path, '1\n');
    expect(readLines(path, 10).shrunk).toBe(true);
    expect(readLines(path, 2).shrunk).toBe(false);
  });
});

describe('writing events', () => {
  it('numbers and stamps every event', () => {
    const { run } = plannedRun();
    const path = run.attemptEvents('aaaaaaaa', 0);
    const writer = EventWriter.exclusive(path);
    writer.append(warning('one'));
    writer.append(warning('two'));
    writer.close();
    const events = readLines(path, 0).lines.flatMap((line) => parseLine(line, trialEvent) ?? []);
    expect(events.map(({ seq }) => seq)).toEqual([0, 1]);
    expect(events[1].mono).toBeGreaterThanOrEqual(events[0].mono);
    expect(Number.isNaN(Date.parse(events[0].time))).toBe(false);
  });

  it('lets only one process begin an attempt', () => {
    const { run } = plannedRun();
    const path = run.attemptEvents('aaaaaaaa', 0);
    EventWriter.exclusive(path).close();
    expect(() => EventWriter.exclusive(path)).toThrow(/begun by another process/);
  });

  it('closes a line that a killed writer tore, so that only that line is lost', () => {
    const path = join(temporaryFolder(), 'events.jsonl');
    writeFileSync(path, '{"v":1,"seq":0,"ki');
    const writer = EventWriter.continuing(path, 7);
    writer.append({ kind: 'paused' });
    writer.close();
    const { lines } = readLines(path, 0);
    expect(lines.length).toBe(2);
    expect(JSON.parse(lines[1])).toMatchObject({ seq: 7, kind: 'paused' });
  });
});
