import { describe, expect, it } from 'vitest';
import type { Plan, TrialSpec } from '../../../src/core/experiment/trial';
import { trainedPart } from '../../../src/jobs/trained-part';
import { TrialBoard } from '../../../src/jobs/trial-board';
import {
  alikeOf,
  EventWriter,
  estimateSecondsLeft,
  type RunFolder,
  StepFile,
  StepWriter,
} from '../../../src/store';
import { FIT, PLAN, record, temporaryStore } from '../store/temporary';

const fits: TrialSpec[] = ['aaaaaaa0', 'aaaaaaa1'].map((id, fold) => ({ ...FIT, id, fold }) as TrialSpec);
const key = { model: 'linear', scope: 'joint' } as const;
const select: TrialSpec = {
  id: 'aaaaaaa2',
  kind: 'select',
  after: ['aaaaaaa0', 'aaaaaaa1'],
  label: 'selection',
  key,
  fits: ['aaaaaaa0', 'aaaaaaa1'],
  rule: 'best',
  per: 'model',
};
const report: TrialSpec = {
  id: 'aaaaaaa3',
  kind: 'report',
  after: ['aaaaaaa0', 'aaaaaaa1', 'aaaaaaa2'],
  label: 'report',
  models: [],
  ensembles: [],
  seed: 1,
};
const plan: Plan = { ...PLAN, trials: [...fits, select, report] };

function run(): RunFolder {
  const folder = temporaryStore().createRun(record());
  folder.writePlan(0, plan);
  for (const { id } of plan.trials) folder.beginTrial(id);
  return folder;
}

function attempt(folder: RunFolder, trial: string, number: number, outcome?: 'completed' | 'failed'): void {
  const writer = EventWriter.exclusive(folder.attemptEvents(trial, number));
  writer.append({ kind: 'start', pid: 1, host: 'here' });
  if (outcome) writer.append({ kind: 'end', outcome, cpuSeconds: 1, wallSeconds: 2 });
  writer.close();
}

const ready = (board: TrialBoard) => board.ready().map(({ spec }) => spec.id);

describe('the trials of a run', () => {
  it('are ready once all they read has completed', () => {
    const board = TrialBoard.of(run(), [plan]);
    expect(ready(board)).toEqual(['aaaaaaa0', 'aaaaaaa1']);
    board.get('aaaaaaa0').state = 'completed';
    board.get('aaaaaaa1').state = 'running';
    expect(ready(board)).toEqual([]);
    board.get('aaaaaaa1').state = 'completed';
    expect(ready(board)).toEqual(['aaaaaaa2']);
  });

  it('are skipped where one they read failed, and the report takes what there is', () => {
    const board = TrialBoard.of(run(), [plan]);
    board.get('aaaaaaa0').state = 'failed';
    board.get('aaaaaaa1').state = 'completed';
    expect(board.skipUnreachable().map(({ spec }) => spec.id)).toEqual(['aaaaaaa2']);
    expect(ready(board)).toEqual(['aaaaaaa3']);
  });

  it('that completed are not done again on resume; lost and failed ones are', () => {
    const folder = run();
    attempt(folder, 'aaaaaaa0', 0);
    attempt(folder, 'aaaaaaa0', 1, 'completed');
    attempt(folder, 'aaaaaaa1', 0, 'failed');
    const board = TrialBoard.of(folder, [plan]);
    expect(board.get('aaaaaaa0')).toMatchObject({ state: 'completed', seconds: 2 });
    expect(ready(board)).toEqual(['aaaaaaa1']);
  });

  it('are reported on again when others can still add to the report', () => {
    const folder = run();
    for (const id of ['aaaaaaa0', 'aaaaaaa1', 'aaaaaaa2', 'aaaaaaa3']) attempt(folder, id, 0, 'completed');
    expect(TrialBoard.of(folder, [plan]).isSettled).toBe(true);
    const partial = run();
    attempt(partial, 'aaaaaaa0', 0, 'completed');
    attempt(partial, 'aaaaaaa3', 0, 'completed');
    expect(TrialBoard.of(partial, [plan]).get('aaaaaaa3').state).toBe('waiting');
  });
});

describe('the time left', () => {
  const done = { state: 'done', weight: 2, isTraining: true } as const;
  const running = { state: 'running', weight: 2, isTraining: true } as const;
  const waiting = { state: 'waiting', weight: 2, isTraining: true, seconds: 0 } as const;
  /** Counting classes, which is done at once and tells nothing of a net. */
  const constant = { ...done, groups: ['constant'], seconds: 0.01 };
  const net = { groups: ['net'] };

  it('is what like trials took, shared among the workers', () => {
    const trials = [
      { ...done, groups: ['slow'], seconds: 20 },
      { ...done, groups: ['fast'], seconds: 2 },
      { ...waiting, groups: ['slow'] },
      { ...running, groups: ['slow'], seconds: 5 },
      { ...waiting, groups: ['fast'], weight: 4 },
    ];
    expect(estimateSecondsLeft(trials, 1)).toBe(20 + 15 + 4);
    expect(estimateSecondsLeft(trials, 2)).toBe(20);
  });

  it('is unknown while nothing is done', () => {
    expect(estimateSecondsLeft([{ ...running, groups: ['a'], weight: 1, seconds: 3 }], 1)).toBeNull();
  });

  it('of trials unlike all that are done is unknown at first, then as long again as they have taken', () => {
    const left = (seconds: number) =>
      estimateSecondsLeft([constant, { ...running, ...net, seconds }, { ...waiting, ...net }], 1);
    expect(left(1)).toBeNull();
    expect(left(10)).toBe(10 + 20);
  });

  it('is unknown while a training waits that is like nothing seen, though others are known', () => {
    const trials = [constant, { ...waiting, groups: ['constant'] }, { ...waiting, ...net }];
    expect(estimateSecondsLeft(trials, 1)).toBeNull();
  });

  it('goes by how far those at work are, for them and for their like', () => {
    const quarter = { ...running, ...net, seconds: 6, part: 0.25 };
    expect(estimateSecondsLeft([constant, quarter], 1)).toBeCloseTo(18, 10);
    expect(estimateSecondsLeft([quarter, { ...waiting, ...net }], 1)).toBeCloseTo(18 + 24, 10);
    const beginning = { ...quarter, seconds: 0.2, part: 0.01 };
    expect(estimateSecondsLeft([constant, beginning], 1)).toBeNull();
  });

  it('of a refit, or of a baseline, is that of its model’s fits until one of its own is done', () => {
    const fit = { ...done, groups: ['fit net joint'], seconds: 20 };
    const refit = { ...waiting, groups: alikeOf('refit', 'net', 'joint'), weight: 1 };
    const twin = { ...waiting, groups: alikeOf('fit', 'net', 'single-task') };
    expect(estimateSecondsLeft([constant, fit, refit, twin], 1)).toBe(10 + 20);
    const ownDone = { ...done, groups: ['fit net single-task'], seconds: 8 };
    expect(estimateSecondsLeft([constant, fit, ownDone, refit, twin], 1)).toBe(10 + 8);
  });

  it('of what is no training is what the others took, and no reason to be silent', () => {
    const report = { ...waiting, groups: ['report'], weight: 1, isTraining: false };
    expect(estimateSecondsLeft([{ ...done, groups: ['a'], seconds: 4 }, report], 1)).toBe(2);
  });

  it('is not nothing while something goes on for longer than its like', () => {
    const late = { ...running, groups: ['a'], seconds: 40 };
    expect(estimateSecondsLeft([{ ...done, groups: ['a'], seconds: 20 }, late], 1)).toBe(4);
  });

  it('is nothing when all is done', () => {
    expect(estimateSecondsLeft([{ ...done, groups: ['a'], seconds: 1 }], 1)).toBe(0);
  });
});

describe('the part of a trial that is done', () => {
  const epochs = [10, 40];
  const spec: TrialSpec = {
    ...FIT,
    learner: 'neural',
    configurations: [epochs.map((count) => ({ parameters: { epochs: count } }))],
  } as TrialSpec;

  /** How far a fit of two nets is that has recorded so many epochs of each. */
  function part(
    of: TrialSpec,
    recorded: readonly number[],
    { fitted = 0, attempt: number = 0 } = {},
  ): number | undefined {
    const folder = run();
    folder.beginTrial(of.id);
    const path = folder.attemptSteps(of.id, number);
    const writer = new StepWriter(path);
    recorded.forEach((count, configuration) => {
      for (let step = 1; step <= count; step++) writer.append({ configuration, step, taskLosses: [1] });
    });
    writer.flush();
    const steps = new StepFile(path);
    steps.refresh();
    return trainedPart(folder, of, number, steps, fitted);
  }

  it('is the mean over its configurations of the epochs they are through', () => {
    expect(part(spec, [5, 10])).toBeCloseTo((0.5 + 0.25) / 2, 12);
    expect(part(spec, [10, 40])).toBe(1);
    expect(part(spec, [10])).toBe(0.5);
  });

  it('is at least that of the configurations that it says are fitted', () => {
    expect(part(spec, [3, 0], { fitted: 1 })).toBe(0.5);
  });

  it('is not known before anything is recorded, nor of what does not know its length', () => {
    expect(part(spec, [])).toBeUndefined();
    expect(part({ ...FIT, learner: 'linear' } as TrialSpec, [100, 50])).toBeUndefined();
    expect(part(select, [1])).toBeUndefined();
  });

  it('is not told of an attempt that may have found some of it done', () => {
    expect(part(spec, [5, 10], { attempt: 1 })).toBeUndefined();
  });
});
