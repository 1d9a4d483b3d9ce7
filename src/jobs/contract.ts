import type { TaskType } from '../core/dataset';
import type { Leaderboard } from '../core/evaluate/leaderboard';
import type { PlanDescription } from '../core/experiment/describe';
import type { Diagnostic } from '../core/experiment/experiment';
import type { SweepText } from '../core/experiment/sweep-text';
import type { SelectionRule } from '../core/experiment/trial';

/** `auto` reads a table made at release; a run records what it got and resumes on that. */
export type BackendChoice = 'auto' | 'native' | 'wasm';

/** How far a run is; given to `onProgress` at most about five times a second. */
export interface Progress {
  readonly phase: 'preparing' | 'queued' | 'running' | 'paused' | 'stopping';
  readonly trials: { readonly done: number; readonly failed: number; readonly total: number };
  /** Fits: one configuration on one fold. */
  readonly done: number;
  readonly total: number;
  /** What is being worked on now, e.g. `linear fold 2`; one entry a busy worker. */
  readonly running: readonly string[];
  /** Null while nothing is known. */
  readonly secondsLeft: number | null;
}

interface CoordinatorOptions {
  /** Works when no other run of the store does, after those that wait already. Paused ones are not waited for. */
  readonly queue?: boolean;
  /** Processors to use, as worker processes or, for large data, threads of fewer; default: all. Never changes a result. */
  readonly workers?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Called once, when the run's folder exists and before the first trial starts. */
  readonly onRun?: (run: {
    readonly run: string;
    readonly store: string;
    readonly folder: string;
    /** Warnings about the experiment file; its errors stop a run from starting. */
    readonly diagnostics: readonly Diagnostic[];
  }) => void;
  /** Aborting it cancels the run: workers are asked, then killed; what is complete stays. */
  readonly signal?: AbortSignal;
  /** Bundle of `src/jobs/worker.ts`; default: `worker.js` beside the running bundle. */
  readonly workerPath?: string;
}

/** A λ sweep of one model of the experiment, asked for by flags or the editor's form; the file stays as it is. */
export interface SweepRequest {
  readonly model: string;
  /** Largest λ; absent: λ_max of the model. */
  readonly from?: number;
  /** Smallest λ; absent: a thousandth of the largest. */
  readonly to?: number;
  readonly points: number;
  /** Absent: as in the experiment. */
  readonly folds?: number;
  readonly rule?: SelectionRule;
}

export interface StartOptions extends CoordinatorOptions {
  /** Run only this model with this grid (and its baselines), no ensembles. */
  readonly sweep?: SweepRequest;
  /** The same, of any hyperparameters, as the file would write it; not together with `sweep`. */
  readonly sweepText?: SweepText;
  readonly experimentPath: string;
  /** Shown in lists; default: the file's name without `.mtl.yaml`. */
  readonly name?: string;
  readonly backend?: BackendChoice;
  /** Whether finished trials of earlier runs stand where they are the same work; default: true. */
  readonly reuse?: boolean;
  /** Refused (`over-budget`) where the plan has more fits than this. */
  readonly maxFits?: number;
}

/** What a run would do, known before it begins. */
export interface RunForecast extends PlanDescription {
  /** Warnings about the experiment file. */
  readonly diagnostics: readonly Diagnostic[];
  readonly estimate: {
    readonly seconds: number;
    /** From fits of earlier runs on this data, or from its size alone. */
    readonly basis: 'measured' | 'guessed';
  };
  readonly workers: number;
  /** Fits that an earlier run has done already. */
  readonly reused: number;
}

export interface ResumeOptions extends CoordinatorOptions {
  /** Absolute path of the `.taskweave` folder. */
  readonly store: string;
  readonly run: string;
  /** Given and different from the run's own: refused. */
  readonly backend?: BackendChoice;
}

/** More configurations of one model of a complete run. */
export interface ExtendOptions extends CoordinatorOptions {
  /** Absolute path of the `.taskweave` folder. */
  readonly store: string;
  readonly run: string;
  readonly model: string;
  /** How many more: λ of a grid, draws of a random or quasi-random search, proposals of a Bayesian one. */
  readonly points: number;
  /** λ between these, log-spaced. Both absent: finer around the chosen λ of each scope (and task). */
  readonly from?: number;
  readonly to?: number;
}

export interface TrialFailure {
  readonly trial: string;
  readonly label: string;
  readonly code: string;
  readonly message: string;
}

/** How a run ended. */
export interface RunOutcome {
  readonly run: string;
  readonly store: string;
  readonly folder: string;
  /** `completed`: there is a leaderboard (`failures` says what is missing from it); `failed`: there is none. */
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly leaderboard: Leaderboard | null;
  readonly failures: readonly TrialFailure[];
  /** Why it did not complete, or what is missing, in one sentence. */
  readonly message?: string;
}

export type JobErrorCode =
  /** The experiment has mistakes: see `diagnostics`. */
  | 'invalid-experiment'
  | 'unreadable-experiment'
  /** Another coordinator is at work on the run. */
  | 'already-running'
  | 'nothing-to-resume'
  /** The data's fingerprint is not the run's. */
  | 'data-changed'
  /** The run's tensor backend is not the one asked for, or cannot be loaded here. */
  | 'backend-differs'
  /** The run was made by another version of the engine. */
  | 'engine-differs'
  /** Before there was a run. */
  | 'cancelled'
  /** The estimate is beyond `budget.seconds`, or the plan has more fits than were granted. */
  | 'over-budget'
  /** The run does not wait in line. */
  | 'not-queued'
  /** The run cannot be extended so. */
  | 'cannot-extend'
  | 'worker-failed'
  /** Two models were not predicted on the same rows. */
  | 'not-comparable'
  /** The run has no such model, or did not keep it. */
  | 'no-model'
  /** A table to predict lacks what it needs. */
  | 'invalid-table';

/** What stops a run from starting, resuming or going on. `message` says what, where and what to do. */
export class JobError extends Error {
  override readonly name = 'JobError';
  constructor(
    readonly code: JobErrorCode,
    message: string,
    readonly diagnostics: readonly Diagnostic[] = [],
  ) {
    super(message);
  }
}

/** What `checkFile` found: mistakes of the file by itself and against its data. */
export interface CheckResult {
  readonly diagnostics: readonly Diagnostic[];
  /** What the data say of each task; absent where there are errors. */
  readonly tasks?: readonly FoundTask[];
}

/** A task as its data have it. */
export interface FoundTask {
  readonly id: string;
  readonly type: TaskType;
  /** Column. */
  readonly target: string;
  /** Rows with a label. */
  readonly labelled: number;
}
