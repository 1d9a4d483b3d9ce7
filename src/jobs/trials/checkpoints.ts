import { rmSync } from 'node:fs';
import * as z from 'zod';
import type {
  Checkpoints,
  FittedModel,
  JsonObject,
  Learner,
  SerializedModel,
  TrainingCheckpoint,
} from '../../core/learner';
import {
  type EventWriter,
  parseLine,
  type RunFolder,
  readCheckpoint,
  readLines,
  type StepWriter,
  type StoredState,
  trialEvent,
  type UnstampedTrialEvent,
  writeCheckpoint,
} from '../../store';

/**
 * A checkpoint is written this long after the last at the earliest, and then so rarely that it costs 2 %. In seconds:
 * `TASKWEAVE_CHECKPOINT_SECONDS` of the environment, else 2.
 */
const LEAST_INTERVAL_MS =
  1000 *
  z.coerce
    .number()
    .nonnegative()
    .catch(2)
    .parse(process.env.TASKWEAVE_CHECKPOINT_SECONDS ?? 2);
const INTERVALS_OF_WRITING = 50;

const object: z.ZodType<JsonObject> = z.record(z.string(), z.json());

const stateHeader = z.object({
  /** Of the attempt's event log and step file: what stands before belongs to the checkpoint. */
  seq: z.int(),
  stepBytes: z.int(),
  /** Attempts that hold the models of the parts that are done, in their order. */
  parts: z.array(z.int()),
  /** Of the training at hand; absent between two parts. */
  training: object.optional(),
});

const partHeader = z.object({ models: z.array(z.object({ learner: z.string(), header: object })) });

interface Place {
  readonly run: RunFolder;
  readonly trial: string;
  readonly attempt: number;
}

/** What an attempt goes on from. */
export interface Resumption extends z.infer<typeof stateHeader> {
  readonly attempt: number;
  readonly arrays: StoredState['arrays'];
}

/** The newest whole checkpoint of the trial's earlier attempts. */
export function findCheckpoint({ run, trial, attempt }: Place): Resumption | undefined {
  if (attempt === 0) return undefined;
  for (const earlier of run.attempts(trial).toReversed()) {
    if (earlier >= attempt) continue;
    const state = readCheckpoint(run.checkpoint(trial, earlier));
    const header = stateHeader.safeParse(state?.header);
    if (state && header.success) return { ...header.data, attempt: earlier, arrays: state.arrays };
  }
  return undefined;
}

/**
 * The checkpoints of one attempt at a trial, which fits one part after the other: models of the parts that are done, and
 * the training at hand. Only learners that offer checkpoints have them.
 */
export class TrialCheckpoints {
  private readonly done: number[] = [];
  private unsaved: { readonly part: number; readonly models: readonly FittedModel[] }[] = [];
  private part = -1;
  private isOffered = false;
  private written = performance.now();
  private interval = LEAST_INTERVAL_MS;

  constructor(
    private readonly place: Place,
    private readonly logs: {
      readonly writer: EventWriter<UnstampedTrialEvent>;
      readonly steps: StepWriter;
    },
    private readonly from: Resumption | undefined,
  ) {
    if (from) this.repeat(from);
  }

  /** Begins the next part: its models where an earlier attempt fitted it; else what its learner is given. */
  begin(
    learner: Learner,
  ): { readonly models: readonly FittedModel[] } | { readonly checkpoints: Checkpoints } {
    this.part++;
    const { from, part } = this;
    const owner = from?.parts[part];
    if (from && owner !== undefined) {
      this.done.push(owner);
      return { models: this.readPart(part, owner).map((model) => learner.load(model)) };
    }
    const isAtHand = from?.training !== undefined && part === from.parts.length;
    return {
      checkpoints: {
        ...(isAtHand && { resume: trainingOf(from) }),
        offer: (take) => {
          this.isOffered = true;
          if (this.isDue()) this.write(take());
        },
      },
    };
  }

  /** The part that was begun is fitted, and its events are written. */
  end(models: readonly FittedModel[]): void {
    if (!this.isOffered) return;
    this.unsaved.push({ part: this.part, models });
    if (this.isDue()) this.write(undefined);
  }

  /** The trial is complete: nobody goes on from its checkpoints. */
  remove(): void {
    const { run, trial, attempt } = this.place;
    if (attempt === 0 && !this.isOffered) return;
    for (let earlier = 0; earlier <= attempt; earlier++) {
      rmSync(run.checkpoint(trial, earlier), { force: true });
    }
    this.done.forEach((owner, part) => {
      rmSync(run.checkpoint(trial, owner, part), { force: true });
    });
  }

  private isDue(): boolean {
    return performance.now() - this.written >= this.interval;
  }

  private write(training: TrainingCheckpoint | undefined): void {
    const begun = performance.now();
    const { run, trial, attempt } = this.place;
    const { writer, steps } = this.logs;
    for (const { part, models } of this.unsaved) {
      writeCheckpoint(run.checkpoint(trial, attempt, part), partState(models.map((one) => one.serialize())));
      this.done[part] = attempt;
    }
    this.unsaved = [];
    writer.flush();
    const header = { seq: writer.next, stepBytes: steps.position(), parts: [...this.done] };
    writeCheckpoint(run.checkpoint(trial, attempt), {
      header: { ...header, ...(training && { training: training.header }) },
      arrays: training?.arrays ?? {},
    });
    this.written = performance.now();
    this.interval = Math.max(LEAST_INTERVAL_MS, INTERVALS_OF_WRITING * (this.written - begun));
  }

  private readPart(part: number, owner: number): readonly SerializedModel[] {
    const { run, trial } = this.place;
    const state = readCheckpoint(run.checkpoint(trial, owner, part));
    if (state === undefined) throw new RangeError(`A part of trial ${trial.slice(0, 12)} is missing.`);
    return partHeader.parse(state.header).models.map(({ learner, header }, m) => {
      const prefix = `${m}.`;
      const own = Object.entries(state.arrays).filter(([name]) => name.startsWith(prefix));
      const arrays: Record<string, SerializedModel['arrays'][string]> = {};
      for (const [name, values] of own) {
        if (!(values instanceof Uint32Array)) arrays[name.slice(prefix.length)] = values;
      }
      return { format: 'taskweave-model', version: 1, learner, header, arrays };
    });
  }

  /** What the earlier attempt had written by then stands in this one's files too: whoever reads one has the whole story. */
  private repeat({ attempt, seq, stepBytes }: Resumption): void {
    const { run, trial } = this.place;
    for (const line of readLines(run.attemptEvents(trial, attempt), 0).lines) {
      const event = parseLine(line, trialEvent);
      if (event === undefined || event.seq >= seq) continue;
      if (event.kind !== 'fitted' && event.kind !== 'warning') continue;
      const { v: _v, seq: _seq, time: _time, mono: _mono, ...told } = event;
      this.logs.writer.append(told);
    }
    this.logs.steps.repeat(run.attemptSteps(trial, attempt), stepBytes);
  }
}

function trainingOf({ training = {}, arrays }: Resumption): TrainingCheckpoint {
  const own: Record<string, TrainingCheckpoint['arrays'][string]> = {};
  for (const [name, values] of Object.entries(arrays)) {
    if (!(values instanceof Uint8Array)) own[name] = values;
  }
  return { header: training, arrays: own };
}

function partState(models: readonly SerializedModel[]): StoredState {
  const arrays: Record<string, StoredState['arrays'][string]> = {};
  models.forEach((model, m) => {
    for (const [name, values] of Object.entries(model.arrays)) arrays[`${m}.${name}`] = values;
  });
  return { header: { models: models.map(({ learner, header }) => ({ learner, header })) }, arrays };
}
