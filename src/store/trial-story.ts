import { existsSync, statSync } from 'node:fs';
import { parseLine, readLines } from './event-reader';
import { type TrialEvent, trialEvent } from './events';
import { isPruned } from './pruned';
import { StepFile } from './steps';
import type { RunFolder } from './store';

export type EndEvent = Extract<TrialEvent, { kind: 'end' }>;

/** What one attempt at a trial wrote. */
export interface AttemptStory {
  readonly attempt: number;
  readonly events: readonly TrialEvent[];
  /** Undefined while it runs, or where its process was killed. */
  readonly end: EndEvent | undefined;
  /** CPU of the attempt; where it could not say, the time until its last sign of life. */
  readonly cpuSeconds: number;
}

/** Every attempt at a trial, in order. */
export function readAttempts(run: RunFolder, trial: string): readonly AttemptStory[] {
  return run.attempts(trial).map((attempt) => readAttempt(run, trial, attempt));
}

/**
 * The attempt whose results stand: the highest that started, where it completed and its files are whole.
 * An older completed attempt stands in where a newer one was lost: the same trial gives the same numbers.
 */
export function completedAttempt(
  run: RunFolder,
  attempts: readonly AttemptStory[],
  trial: string,
): AttemptStory | undefined {
  return attempts.findLast((story) => story.end?.outcome === 'completed' && filesAreWhole(run, trial, story));
}

function readAttempt(run: RunFolder, trial: string, attempt: number): AttemptStory {
  const { lines } = readLines(run.attemptEvents(trial, attempt), 0);
  const events = lines.flatMap((line) => parseLine(line, trialEvent) ?? []);
  const end = events.findLast((event) => event.kind === 'end');
  return { attempt, events, end, cpuSeconds: end?.cpuSeconds ?? lastSign(run, trial, attempt, lines.at(-1)) };
}

/** Seconds from the attempt's start to its last sign of life: an event or a recorded step. */
function lastSign(run: RunFolder, trial: string, attempt: number, line: string | undefined): number {
  const steps = new StepFile(run.attemptSteps(trial, attempt));
  steps.refresh();
  const event = line === undefined ? undefined : parseLine(line, trialEvent);
  return Math.max(event?.mono ?? 0, steps.lastMono);
}

function filesAreWhole(run: RunFolder, trial: string, { attempt, events }: AttemptStory): boolean {
  return events.every((event) => {
    if (event.kind === 'model') return existsSync(`${run.model(trial, attempt)}/model.json`);
    if (event.kind !== 'predictions') return true;
    const size = statSync(run.predictions(trial, attempt, event.split), { throwIfNoEntry: false })?.size;
    if (size === undefined) return event.split === 'validation' && isPruned(run, trial, attempt);
    return size === event.configurations * event.columns * event.rows * 4;
  });
}
