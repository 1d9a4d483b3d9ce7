import type { Configuration, JsonObject } from '../learner/learner';

/** How a model meets the tasks: all at once, one at a time (the baseline), or all rows as one task (long data). */
export type Scope = 'joint' | 'single-task' | 'pooled';

/** Mean and majority: the baseline every run has. Its `model` name and learner kind. */
export const CONSTANT_MODEL = 'constant';

/** A model as the leaderboard knows it. */
export interface ModelKey {
  /** Name in the experiment file, or CONSTANT_MODEL. */
  readonly model: string;
  readonly scope: Scope;
}

interface TrialBase {
  /** Hex hash of (data fingerprint, resolved parameters, upstream trials, fold, repeat, seed, engine version). */
  readonly id: string;
  /** Trials whose results this one reads; all must have completed. */
  readonly after: readonly string[];
  /** Human-readable, for lists and logs: `linear fold 2`, `linear (single-task) refit`, … */
  readonly label: string;
}

/** The configurations of one model on one fold; predicts the held-out rows. */
export interface FitTrial extends TrialBase {
  readonly kind: 'fit';
  readonly key: ModelKey;
  readonly learner: string;
  /**
   * Joint and pooled: one list. Single-task: one list a task, in the order of the tasks, all of one length; the
   * c-th "configuration" of the trial is the c-th entry of every list.
   */
  readonly configurations: readonly (readonly Configuration[])[];
  readonly fold: number;
  /** Number of folds that `fold` is one of: the model's sweep may have its own. */
  readonly folds: number;
  readonly repeat: number;
  readonly seed: number;
}

export type SelectionRule = 'best' | 'one-standard-error';

/** Chooses the configuration of a model from the out-of-fold scores of its fits. */
export interface SelectTrial extends TrialBase {
  readonly kind: 'select';
  readonly key: ModelKey;
  readonly fits: readonly string[];
  readonly rule: SelectionRule;
  /** One choice for all tasks together, or (single-task scope) one a task. */
  readonly per: 'model' | 'task';
}

/** The chosen configuration on all training rows; predicts the test rows. */
export interface RefitTrial extends TrialBase {
  readonly kind: 'refit';
  readonly key: ModelKey;
  readonly learner: string;
  readonly configurations: FitTrial['configurations'];
  readonly select: string;
  readonly seed: number;
}

/** What an ensemble, and the report, read of one base model. */
export interface MemberTrials {
  readonly key: ModelKey;
  readonly fits: readonly string[];
  readonly select: string;
  readonly refit: string;
}

/** Learns a combination of base models from their out-of-fold predictions. */
export interface EnsembleTrial extends TrialBase {
  readonly kind: 'ensemble';
  readonly name: string;
  /** `single-task`: the same combiner over the members' twins, the ensemble's baseline. */
  readonly scope: 'joint' | 'single-task';
  readonly combine: 'mean' | 'weighted';
  readonly members: readonly MemberTrials[];
  readonly seed: number;
}

/** Scores everything, validation and (once) test, compares with the baselines, writes the leaderboard. */
export interface ReportTrial extends TrialBase {
  readonly kind: 'report';
  readonly models: readonly MemberTrials[];
  readonly ensembles: readonly string[];
  readonly seed: number;
}

export type TrialSpec = FitTrial | SelectTrial | RefitTrial | EnsembleTrial | ReportTrial;

/** A model with everything the plan resolved: defaults filled in, λ grid as numbers. */
export interface ResolvedModel {
  readonly name: string;
  readonly learner: string;
  readonly parameters: JsonObject;
  /** Descending; absent when the learner has no λ. */
  readonly lambdas?: readonly number[];
  /** One grid a task (each from its own λ_max) for the single-task twin. */
  readonly twinLambdas?: readonly (readonly number[])[];
  /** Grid of the pooled baseline; only where the data are long. */
  readonly pooledLambdas?: readonly number[];
  readonly twinParameters: JsonObject;
}

export interface Plan {
  readonly version: 1;
  /** The mean/majority predictor first, then as in the file. */
  readonly models: readonly ResolvedModel[];
  /** Folds of the experiment; a model swept with its own has them in its fits. */
  readonly folds: number;
  readonly trials: readonly TrialSpec[];
  /** Number of fits (one configuration on one fold): what the UI counts. */
  readonly fitCount: number;
}
