import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TrainingCheckpoint } from '../../../src/core/learner';
import { neuralLearner } from '../../../src/core/learner/neural';
import { findCheckpoint, TrialCheckpoints } from '../../../src/jobs/trials/checkpoints';
import { EventWriter, RunFolder, RunStore, readAttempts, StepFile, StepWriter } from '../../../src/store';
import { bits, context, mixedProblem, parameters } from '../neural/support';

const trial = 'a'.repeat(16);
const problem = mixedProblem({ rows: 60, features: 3, seed: 2 });
const configurations = [{ lambda: 0.1, parameters: parameters({ hidden: [4], epochs: 3 }) }];

let root = '';
let now = 0;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'taskweave-checkpoints-')));
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

/** An attempt that an hour passes before every offer of. */
function attemptAt(attempt: number) {
  const run = new RunFolder(RunStore.create(join(root, '.taskweave')), '20260101-000000-abcd');
  mkdirSync(dirname(run.attemptEvents(trial, attempt)), { recursive: true });
  const place = { run, trial, attempt };
  const writer = EventWriter.exclusive(run.attemptEvents(trial, attempt));
  const steps = new StepWriter(run.attemptSteps(trial, attempt));
  const from = findCheckpoint(place);
  writer.append({
    kind: 'start',
    pid: 1,
    host: 'here',
    ...(from && { resumedFrom: { attempt: from.attempt, seq: from.seq } }),
  });
  const checkpoints = new TrialCheckpoints(place, { writer, steps }, from);
  return { run, writer, steps, checkpoints, from };
}

it('keeps what is done and what is under way, over attempts that are lost one after the other', async () => {
  const [model] = await neuralLearner.fit(problem, configurations, {
    ...context(1),
    tensorBackend: () => Promise.resolve({ name: 'cpu' }),
  });
  const step = (task: number, at: number) => ({
    configuration: 0,
    task,
    step: at,
    objective: at,
    taskLosses: [at],
  });
  const state: TrainingCheckpoint = { header: { epoch: 2 }, arrays: { order: Uint32Array.of(3, 1, 2) } };

  const first = attemptAt(0);
  const done = first.checkpoints.begin(neuralLearner);
  if (!('checkpoints' in done)) throw new Error('There was nothing to go on from.');
  expect(done.checkpoints.resume).toBeUndefined();
  // Too soon after the beginning to be worth it.
  done.checkpoints.offer(() => {
    throw new Error('not yet');
  });
  first.steps.append(step(0, 1));
  first.writer.append({ kind: 'warning', message: 'of the first part' });
  first.checkpoints.end([model]);
  const begun = first.checkpoints.begin(neuralLearner);
  first.steps.append(step(1, 1));
  now += 3_600_000;
  if ('checkpoints' in begun) begun.checkpoints.offer(() => state);
  first.steps.append(step(1, 2));
  first.writer.append({ kind: 'warning', message: 'after the checkpoint' });
  first.writer.close();
  first.steps.close();

  for (const attempt of [1, 2]) {
    const next = attemptAt(attempt);
    expect(next.from).toMatchObject({ attempt: 0, parts: [0] });
    const again = next.checkpoints.begin(neuralLearner);
    if (!('models' in again)) throw new Error('The first part was done.');
    expect(again.models.map(bits)).toEqual([bits(model)]);
    const onward = next.checkpoints.begin(neuralLearner);
    if (!('checkpoints' in onward)) throw new Error('The second part was not done.');
    expect(onward.checkpoints.resume).toEqual(state);
    next.writer.close();
    next.steps.close();
    const events = readAttempts(next.run, trial)[attempt].events;
    expect(events.map((event) => (event.kind === 'warning' ? event.message : event.kind))).toEqual([
      'start',
      'of the first part',
    ]);
    const file = new StepFile(next.run.attemptSteps(trial, attempt));
    file.refresh();
    expect([...file.groups()].map(([group, { task }]) => [task, file.rows(group)])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    if (attempt === 2) {
      next.checkpoints.remove();
      expect(findCheckpoint({ run: next.run, trial, attempt: 3 })).toBeUndefined();
      expect(existsSync(next.run.checkpoint(trial, 0, 0))).toBe(false);
    }
  }
});
