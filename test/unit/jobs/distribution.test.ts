import { afterEach, describe, expect, it } from 'vitest';
import { Librarian } from '../../../src/jobs/queries';
import { EventWriter, StepWriter } from '../../../src/store';
import { FIT, PLAN, record, temporaryStore } from '../store/temporary';

const librarians: Librarian[] = [];
afterEach(() => {
  for (const librarian of librarians.splice(0)) librarian.close();
});

const TASKS = 9;
const loss = (task: number, fold: number, step: number) => task + fold / 4 + 1 / (step + 1);

/** Two folds of nine tasks; the last task has no labels in the second. */
function recorded(steps: number) {
  const store = temporaryStore();
  const tasks = Array.from({ length: TASKS }, (_, t) => ({ ...record().tasks[0], id: `t${t}` }));
  const run = store.createRun({ ...record(), tasks });
  const fits = ['aaaaaaaa', 'bbbbbbbb'].map((id, fold) => ({ ...FIT, id, fold }));
  run.writePlan(0, { ...PLAN, trials: fits });
  fits.forEach((fit, fold) => {
    run.beginTrial(fit.id);
    const writer = EventWriter.exclusive(run.attemptEvents(fit.id, 0));
    writer.append({ kind: 'start', pid: 1, host: 'here' });
    writer.close();
    const file = new StepWriter(run.attemptSteps(fit.id, 0));
    for (let step = 0; step < steps; step++) {
      const taskLosses = tasks.map((_, t) => (t === 8 && fold === 1 ? Number.NaN : loss(t, fold, step)));
      file.append({ configuration: 0, step, taskLosses });
    }
    file.close();
  });
  const librarian = new Librarian();
  librarians.push(librarian);
  return librarian.answer<'distribution'>({
    kind: 'distribution',
    store: store.root,
    run: run.run,
    model: 'linear',
    scope: 'joint',
    configuration: 0,
    quantity: 'taskLoss',
    maxPoints: 100,
  });
}

describe('the distribution of losses over tasks', () => {
  it('has the quantiles of the tasks’ means over folds, and the extremes over all', () => {
    const { steps, low, high, quantiles, tasks, total } = recorded(5);
    expect([tasks, total]).toEqual([TASKS, 5]);
    expect(steps).toEqual([0, 1, 2, 3, 4]);
    for (const step of steps) {
      expect(low[step]).toBeCloseTo(loss(0, 0, step), 6);
      expect(high[step]).toBeCloseTo(loss(8, 0, step), 6);
      const mean = (t: number) => (t === 8 ? loss(8, 0, step) : (loss(t, 0, step) + loss(t, 1, step)) / 2);
      expect(quantiles.map(({ q }) => q)).toEqual([0.1, 0.25, 0.5, 0.75, 0.9]);
      // Nine tasks: the quartiles are the third, fifth and seventh; the tenth lies 0.8 of the way to the second.
      expect(quantiles[1].values[step]).toBeCloseTo(mean(2), 6);
      expect(quantiles[2].values[step]).toBeCloseTo(mean(4), 6);
      expect(quantiles[3].values[step]).toBeCloseTo(mean(6), 6);
      expect(quantiles[0].values[step]).toBeCloseTo(mean(0) + 0.8 * (mean(1) - mean(0)), 6);
    }
  });

  it('keeps the outermost values of every stretch where steps are thinned, and says where each task ends', () => {
    const { steps, low, high, total, ends } = recorded(5000);
    expect(total).toBe(5000);
    expect(steps.length).toBeLessThanOrEqual(101);
    expect(Math.max(...high)).toBeCloseTo(loss(8, 0, 0), 6);
    expect(Math.min(...low)).toBeCloseTo(loss(0, 0, 4999), 6);
    expect(ends[3].last).toBeCloseTo((loss(3, 0, 4999) + loss(3, 1, 4999)) / 2, 6);
    expect(ends.map(({ task }) => task)).toEqual(Array.from({ length: TASKS }, (_, t) => `t${t}`));
  });
});
