import { describe, expect, it } from 'vitest';
import type { Plan, TrialSpec } from '../../../src/core/experiment/trial';
import { TrialBoard } from '../../../src/jobs/trial-board';
import { EventWriter, estimateSecondsLeft, type RunFolder } from '../../../src/store';
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
  const done = { state: 'done', weight: 2 } as const;

  it('is what like trials took, shared among the workers', () => {
    const trials = [
      { ...done, group: 'slow', seconds: 20 },
      { ...done, group: 'fast', seconds: 2 },
      { group: 'slow', state: 'waiting', weight: 2, seconds: 0 },
      { group: 'slow', state: 'running', weight: 2, seconds: 5 },
      { group: 'fast', state: 'waiting', weight: 4, seconds: 0 },
    ] as const;
    expect(estimateSecondsLeft(trials, 1)).toBe(20 + 15 + 4);
    expect(estimateSecondsLeft(trials, 2)).toBe(20);
  });

  it('is unknown while nothing is done', () => {
    expect(estimateSecondsLeft([{ group: 'a', state: 'running', weight: 1, seconds: 3 }], 1)).toBeNull();
  });

  it('of trials unlike all that are done is unknown at first, then as long again as they have taken', () => {
    const left = (seconds: number) =>
      estimateSecondsLeft(
        [
          { ...done, group: 'constant', seconds: 0.01 },
          { group: 'net', state: 'running', weight: 2, seconds },
          { group: 'net', state: 'waiting', weight: 2, seconds: 0 },
        ],
        1,
      );
    expect(left(1)).toBeNull();
    expect(left(10)).toBe(10 + 20);
  });

  it('is nothing when all is done', () => {
    expect(estimateSecondsLeft([{ ...done, group: 'a', seconds: 1 }], 1)).toBe(0);
  });
});
