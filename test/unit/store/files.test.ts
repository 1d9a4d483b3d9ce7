import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SerializedModel } from '../../../src/core/learner/learner';
import {
  appendControl,
  appendMark,
  completedAttempt,
  EventWriter,
  readAttempts,
  readControl,
  readMarks,
  readModel,
  readPredictions,
  writeModel,
  writePredictions,
} from '../../../src/store';
import { plannedRun } from './temporary';

describe('predictions', () => {
  it('are little-endian float32, configuration by configuration, and come back one configuration at a time', () => {
    const { run } = plannedRun();
    const path = run.predictions('aaaaaaaa', 0, 'validation');
    const shape = { configurations: 2, columns: 1, rows: 3 };
    writePredictions(path, { ...shape, values: Float32Array.of(1, 2, Number.NaN, 4, -0.5, 6) });
    expect(readFileSync(path).readFloatLE(4 * 4)).toBe(-0.5);
    expect(readPredictions(path, shape, 1)).toEqual(Float32Array.of(4, -0.5, 6));
    expect(readPredictions(path, shape, 0)).toEqual(Float32Array.of(1, 2, Number.NaN));
    expect(() => readPredictions(path, { ...shape, rows: 4 }, 0)).toThrow(/size/);
  });
});

describe('plans', () => {
  it('are read once for all that ask, and one that is added is found', () => {
    const { store, run } = plannedRun();
    const [plan] = run.plans();
    const [trial] = plan.trials;
    expect(store.run(run.run).spec(trial.id)).toEqual(trial);
    rmSync(run.path('plan', '0.json'));
    expect(store.run(run.run).spec(trial.id)).toEqual(trial);
    run.writePlan(1, { ...plan, trials: [{ ...trial, id: 'dddddddd' }] });
    expect(store.run(run.run).spec('dddddddd').label).toBe(trial.label);
  });
});

describe('models', () => {
  it('come back with the bits they were saved with', () => {
    const { store, run } = plannedRun();
    const model: SerializedModel = {
      format: 'taskweave-model',
      version: 1,
      learner: 'linear',
      header: { penalty: 'lasso', nested: { of: [1, null, 'λ'] } },
      arrays: {
        weights: Float64Array.of(0.1, -1e-300, Math.PI),
        bias: Float32Array.of(1.5),
        features: Int32Array.of(-7, 2 ** 31 - 1),
        mask: Uint8Array.of(0, 255),
        empty: new Float64Array(0),
      },
    };
    const bundle = { parts: [{ tasks: ['a'], configuration: 3, model }] };
    writeModel(run.model('aaaaaaaa', 0), bundle);
    expect(readModel(store.root, run.relative('models', 'aaaaaaaa.0'))).toEqual(bundle);
    writeFileSync(join(run.model('aaaaaaaa', 0), '0.0.bin'), 'short');
    expect(() => readModel(store.root, run.relative('models', 'aaaaaaaa.0'))).toThrow();
  });
});

describe('what people add', () => {
  it('holds by its last line, field by field', () => {
    const { store, run } = plannedRun();
    appendMark(store.root, { run: run.run, star: true, note: 'first' });
    appendMark(store.root, { run: run.run, note: 'second' });
    expect(readMarks(store.root).get(run.run)).toMatchObject({ star: true, note: 'second' });
  });

  it('reaches a coordinator that reads on from where it was', () => {
    const { run } = plannedRun();
    appendControl(run.control(), 'pause');
    const first = readControl(run.control(), 0);
    appendControl(run.control(), 'cancel');
    expect(first.commands.map(({ kind }) => kind)).toEqual(['pause']);
    expect(readControl(run.control(), first.next).commands.map(({ kind }) => kind)).toEqual(['cancel']);
  });
});

describe('the story of a trial', () => {
  it('is that of the highest attempt that completed with its files whole', () => {
    const { run } = plannedRun();
    for (const [attempt, outcome] of [
      [0, 'completed'],
      [1, 'completed'],
      [2, 'failed'],
    ] as const) {
      const writer = EventWriter.exclusive(run.attemptEvents('aaaaaaaa', attempt));
      writer.append({ kind: 'start', pid: 1, host: 'here' });
      const shape = { configurations: 1, columns: 1, rows: 2 };
      writer.append({ kind: 'predictions', file: '', ...shape, split: 'validation' });
      writer.append({ kind: 'end', outcome, cpuSeconds: 1, wallSeconds: 1 });
      writer.close();
      if (attempt !== 1) {
        writePredictions(run.predictions('aaaaaaaa', attempt, 'validation'), {
          ...shape,
          values: Float32Array.of(1, 2),
        });
      }
    }
    const attempts = readAttempts(run, 'aaaaaaaa');
    expect(attempts.map(({ cpuSeconds }) => cpuSeconds)).toEqual([1, 1, 1]);
    expect(completedAttempt(run, attempts, 'aaaaaaaa')?.attempt).toBe(0);
  });
});
