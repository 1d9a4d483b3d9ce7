import { statSync } from 'node:fs';
import type { TrialSpec } from '../core/experiment';
import type { WorkItem } from '../protocol/worker';
import {
  parseLine,
  type RunFolder,
  readLines,
  StepFile,
  type TimedTrial,
  type TrialEvent,
  trialEvent,
} from '../store';
import { trainedPart } from './trained-part';

type EndEvent = Extract<TrialEvent, { kind: 'end' }>;

/** Follows the events and the steps of an attempt while it runs. */
export class AttemptTail {
  hasStarted = false;
  fitted = 0;
  end: EndEvent | undefined;
  private readonly begun = performance.now();
  private offset = 0;
  private stepsSize = 0;
  private readonly steps: StepFile;

  constructor(
    private readonly run: RunFolder,
    readonly item: WorkItem,
  ) {
    this.steps = new StepFile(run.attemptSteps(item.trial, item.attempt));
  }

  /** Seconds since the attempt was handed out. */
  get seconds(): number {
    return (performance.now() - this.begun) / 1000;
  }

  /** The seconds that it has taken, and the part of its trial that is done, where that is known. */
  soFar(spec: TrialSpec): Pick<TimedTrial, 'seconds' | 'part'> {
    this.steps.refresh();
    const part = trainedPart(this.run, spec, this.item.attempt, this.steps, this.fitted);
    return { seconds: this.seconds, ...(part !== undefined && { part }) };
  }

  /** @returns whether it has written something since */
  read(): boolean {
    const { lines, next } = readLines(
      this.run.attemptEvents(this.item.trial, this.item.attempt),
      this.offset,
    );
    this.offset = next;
    for (const line of lines) {
      const event = parseLine(line, trialEvent);
      if (event?.kind === 'start') this.hasStarted = true;
      if (event?.kind === 'fitted') this.fitted++;
      if (event?.kind === 'end') this.end = event;
    }
    return this.hasMoreSteps() || lines.length > 0;
  }

  /** A net trains for minutes between two events, and its curves are looked at meanwhile. */
  private hasMoreSteps(): boolean {
    const path = this.run.attemptSteps(this.item.trial, this.item.attempt);
    const before = this.stepsSize;
    this.stepsSize = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return this.stepsSize !== before;
  }
}
