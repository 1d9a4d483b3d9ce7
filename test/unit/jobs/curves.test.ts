import { afterEach, describe, expect, it } from 'vitest';
import { Librarian } from '../../../src/jobs/queries';
import { EventWriter, StepWriter } from '../../../src/store';
import { plannedRun } from '../store/temporary';

const librarians: Librarian[] = [];
afterEach(() => {
  for (const librarian of librarians.splice(0)) librarian.close();
});

/** A run with one fit whose second configuration recorded so many steps. */
function recorded(steps: number, value: (step: number) => number) {
  const { store, run } = plannedRun();
  const writer = EventWriter.exclusive(run.attemptEvents('aaaaaaaa', 0));
  writer.append({ kind: 'start', pid: 1, host: 'here' });
  const file = new StepWriter(run.attemptSteps('aaaaaaaa', 0));
  for (let step = 0; step < steps; step++) {
    file.append({ configuration: 1, step, taskLosses: [value(step)], penalty: 2 });
  }
  file.flush();
  writer.flush();
  const librarian = new Librarian();
  librarians.push(librarian);
  const ask = (maxPoints: number, range?: { from: number; to: number }) =>
    librarian.answer<'curves'>({
      kind: 'curves',
      store: store.root,
      run: run.run,
      quantities: ['taskLoss'],
      maxPoints,
      ...(range && { range }),
    }).curves;
  return { ask, file, librarian, store, run };
}

describe('the curves of a run', () => {
  it('name their model, fold, configuration with its λ, and task', () => {
    const { ask } = recorded(3, (step) => step / 4);
    expect(ask(0)).toEqual([
      {
        model: 'linear',
        scope: 'joint',
        trial: 'aaaaaaaa',
        fold: 0,
        configuration: 1,
        lambda: 0.1,
        task: 'a',
        quantity: 'taskLoss',
        steps: [0, 1, 2],
        values: [0, 0.25, 0.5],
        total: 3,
      },
    ]);
  });

  it('are known by their configurations, whatever is asked for of them', () => {
    const { librarian, store, run } = recorded(3, (step) => step / 4);
    const ask = { kind: 'curves', store: store.root, run: run.run, maxPoints: 1 } as const;
    const none = { curves: [], recorded: [1] };
    expect(librarian.answer<'curves'>({ ...ask, quantities: [] })).toEqual(none);
    expect(librarian.answer<'curves'>({ ...ask, configuration: 0 })).toEqual(none);
    expect(librarian.answer<'curves'>({ ...ask, model: 'another' }).recorded).toEqual([]);
  });

  it('are thinned to what is asked for, with every spike and the last value in them', () => {
    const spikes = new Map([
      [4321, 99],
      [87_650, -99],
    ]);
    const { ask } = recorded(100_003, (step) => spikes.get(step) ?? Math.fround(Math.sin(step / 5000)));
    const [{ steps, values, total }] = ask(800);
    expect(total).toBe(100_003);
    expect(steps.length).toBeLessThanOrEqual(801);
    expect(steps.length).toBeGreaterThan(200);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(Math.max(...values.map(Number))).toBe(99);
    expect(Math.min(...values.map(Number))).toBe(-99);
    expect(steps[values.indexOf(99)] - 4321).toBeLessThan(1024);
    expect(steps.at(-1)).toBe(100_002);
    expect(values.at(-1)).toBe(Math.fround(Math.sin(100_002 / 5000)));
    const [zoomed] = ask(800, { from: 4300, to: 4350 });
    expect(zoomed.steps).toEqual(Array.from({ length: 51 }, (_, i) => 4300 + i));
    expect(zoomed.values[21]).toBe(99);
  });

  it('go on while the fit goes on', () => {
    const { ask, file } = recorded(10, () => 1);
    expect(ask(0)[0].total).toBe(10);
    file.append({ configuration: 1, step: 10, taskLosses: [Number.NaN], penalty: 2 });
    file.close();
    expect(ask(0)[0].values.slice(-2)).toEqual([1, null]);
  });
});
