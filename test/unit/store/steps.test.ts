import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StepFile, StepWriter } from '../../../src/store';
import { temporaryFolder } from './temporary';

const wave = (step: number) => Math.fround(Math.sin(step / 700) + ((step * 7919) % 101) / 50);

function written(steps: number, every = 1): string {
  const path = join(temporaryFolder(), '0.steps');
  const writer = new StepWriter(path);
  for (let i = 0; i < steps; i++) {
    writer.append({
      configuration: 3,
      step: i * every,
      objective: wave(i),
      taskLosses: [-wave(i), Number.NaN],
    });
  }
  writer.close();
  return path;
}

function open(path: string): StepFile {
  const file = new StepFile(path);
  file.refresh();
  return file;
}

describe('recorded steps', () => {
  it('come back as they were, in float32, with none where nothing was recorded', () => {
    const file = open(written(1000));
    const [[number, group]] = file.groups();
    expect(group).toMatchObject({
      configuration: 3,
      columns: [
        { quantity: 'objective' },
        { quantity: 'taskLoss', task: 0 },
        { quantity: 'taskLoss', task: 1 },
      ],
    });
    const { size, steps, low, high, rows, last } = file.read(number, [0, 2], 2000);
    expect([size, rows]).toEqual([1, 1000]);
    expect(steps).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(low[0]).toEqual(steps.map(wave));
    expect(high[0]).toEqual(low[0]);
    expect(low[1].every(Number.isNaN)).toBe(true);
    expect(last?.step).toBe(999);
    expect(last?.values[0]).toBe(wave(999));
  });

  it('are thinned to stretches whose minima and maxima are those of all their rows, tail included', () => {
    for (const count of [1023, 20_000, 33_333]) {
      const file = open(written(count, 3));
      const { size, steps, low, high, rows } = file.read(0, [0], 300);
      expect(rows).toBe(count);
      expect(steps.length).toBeLessThanOrEqual(301);
      expect(steps.length).toBe(Math.ceil(count / size));
      steps.forEach((step, i) => {
        expect(step).toBe(3 * i * size);
        const all = Array.from({ length: Math.min(size, count - i * size) }, (_, k) => wave(i * size + k));
        expect([low[0][i], high[0][i]]).toEqual([Math.min(...all), Math.max(...all)]);
      });
    }
  });

  it('of a part are read finer, down to single rows', () => {
    const file = open(written(20_000, 2));
    const { size, steps, rows } = file.read(0, [0], 500, { from: 10_001, to: 10_800 });
    expect([size, rows]).toEqual([1, 400]);
    expect([steps[0], steps.at(-1)]).toEqual([10_002, 10_800]);
    const wide = file.read(0, [0], 500, { from: 0, to: 20_000 });
    expect(wide.size).toBeGreaterThan(1);
    expect(wide.rows).toBe(10_001);
  });

  it('are read while the file grows byte by byte, and a frame cut short is waited for', () => {
    const whole = readFileSync(written(600));
    const path = join(temporaryFolder(), 'growing.steps');
    writeFileSync(path, '');
    const file = new StepFile(path);
    let before = 0;
    for (let from = 0; from < whole.length; from += 911) {
      appendFileSync(path, whole.subarray(from, from + 911));
      file.refresh();
      const rows = file.groups().has(0) ? file.rows(0) : 0;
      expect(rows).toBeGreaterThanOrEqual(before);
      if (rows > 0)
        expect(file.read(0, [0], 10_000).low[0]).toEqual(Array.from({ length: rows }, (_, i) => wave(i)));
      before = rows;
    }
    expect(before).toBe(600);
  });

  it('of many configurations lie apart, whatever each records', () => {
    const path = join(temporaryFolder(), 'many.steps');
    const writer = new StepWriter(path);
    for (let step = 0; step < 40; step++) {
      for (let configuration = 0; configuration < 50; configuration++) {
        writer.append({
          configuration,
          task: configuration % 2,
          step,
          taskLosses: [configuration + step / 64],
        });
      }
    }
    writer.rest();
    writer.append({ configuration: 0, step: 0, penalty: 2 });
    writer.close();
    const file = open(path);
    expect(file.groups().size).toBe(51);
    for (const [number, { configuration, task }] of [...file.groups()].slice(0, 50)) {
      expect(task).toBe(configuration % 2);
      expect(file.read(number, [0], 100).low[0]).toEqual(
        Array.from({ length: 40 }, (_, step) => configuration + step / 64),
      );
    }
    expect(file.read(50, [0], 100).low[0]).toEqual([2]);
  });

  it('that never came leave no file, and a missing file has no steps', () => {
    const path = join(temporaryFolder(), 'none.steps');
    new StepWriter(path).close();
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
    expect(open(path).groups().size).toBe(0);
  });

  it('are one process’s to write', () => {
    const path = written(1);
    expect(() => new StepWriter(path).append({ configuration: 0, step: 0, objective: 1 })).toThrow(
      /begun by another/,
    );
  });
});
