import type { Configuration, JsonObject } from '../learner/learner';
import type { Combiner, Dimension, SelectionRule } from './experiment';

export type { SelectionRule } from './experiment';

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
  /** Number, among all of the model, of the first configuration here; absent: 0. */
  readonly first?: number;
  /**
   * The configurations are what this search proposed, from its proposal `from` on; those written here only say how many.
   */
  readonly proposed?: { readonly search: string; readonly from: number };
  readonly fold: number;
  /** Number of folds that `fold` is one of: the model's sweep may have its own. */
  readonly folds: number;
  readonly repeat: number;
  /** Within the training part of this fold of the outer loop; absent: within all training rows. */
  readonly outer?: number;
  readonly seed: number;
}

/**
 * A barrier of an adaptive search: reads all scores there are of a model, and proposes what to fit next. Where it stands
 * and how many it proposes is the plan's; what it proposes depends on the scores alone.
 */
export interface SearchTrial extends TrialBase {
  readonly kind: 'search';
  readonly key: ModelKey;
  readonly learner: string;
  /** Of all rungs before, or, where a rung trains longer than the one before, of that one. */
  readonly fits: readonly string[];
  readonly method: 'halving' | 'bayesian';
  /** Barriers count from 1: the first batch is drawn when the run is planned. */
  readonly rung: number;
  readonly count: number;
  /** Number, among all of the model, of the first proposal; halving proposes configurations that have their numbers. */
  readonly first: number;
  /** Halving by a hyperparameter: its value in this rung. */
  readonly resource?: { readonly parameter: string; readonly value: number };
  readonly space: SearchSpace;
  readonly outer?: number;
}

/** Where an adaptive search looks, and where its first draws were. */
export interface SearchSpace {
  /** Of the model, those that are not searched among them. */
  readonly parameters: JsonObject;
  readonly over: Readonly<Record<string, Dimension>>;
  /** λ, which each list of configurations may have in a range of its own; absent: it is not searched. */
  readonly lambda?: readonly Dimension[];
  /** Configurations drawn before the first barrier, and the seed of the draws and proposals. */
  readonly drawn: number;
  readonly seed: number;
}

/** Chooses the configuration of a model from the out-of-fold scores of its fits. */
export interface SelectTrial extends TrialBase {
  readonly kind: 'select';
  readonly key: ModelKey;
  readonly fits: readonly string[];
  readonly rule: SelectionRule;
  /** One choice for all tasks together, or (single-task scope) one a task. */
  readonly per: 'model' | 'task';
  readonly outer?: number;
}

/** The chosen configuration on all training rows; predicts the test rows. */
export interface RefitTrial extends TrialBase {
  readonly kind: 'refit';
  readonly key: ModelKey;
  readonly learner: string;
  readonly configurations: FitTrial['configurations'];
  readonly select: string;
  readonly seed: number;
  /** On the training part of this fold of the outer loop, predicting the rows it holds out; absent: on all. */
  readonly outer?: number;
}

/** What an ensemble, and the report, read of one base model. */
export interface MemberTrials {
  readonly key: ModelKey;
  readonly fits: readonly string[];
  readonly select: string;
  readonly refit: string;
  /** Models of the folds, where an ensemble asks for them: trials of kind `bag`. */
  readonly bags?: readonly string[];
  /** Trials of the tuning that are neither: rungs of a search that led to others, its barriers. Their cost counts. */
  readonly tuning?: readonly string[];
  /**
   * The same once more inside each fold of an outer loop: its refits, and all trials of it for their cost. `folds`: as members
   * of an ensemble within the fold; absent in plans of earlier versions.
   */
  readonly outer?: {
    readonly refits: readonly string[];
    readonly tuning: readonly string[];
    readonly folds?: readonly MemberTrials[];
  };
}

/** The chosen configuration on the training rows of one fold, kept: predicts the test rows for an ensemble without refits. */
export interface BagTrial extends TrialBase {
  readonly kind: 'bag';
  readonly key: ModelKey;
  readonly learner: string;
  readonly configurations: FitTrial['configurations'];
  readonly select: string;
  /** Fit trial whose fold, repeat and seed it has. */
  readonly fit: string;
}

/**
 * One chain of tasks: each is learned alone, from the features and the predictions of the tasks before it, out-of-fold
 * ones (of inner folds) while fitting. Predicts the held-out rows of a fold, or the test rows.
 */
export interface ChainTrial extends TrialBase {
  readonly kind: 'chain';
  /** The ensemble it belongs to. */
  readonly name: string;
  readonly scope: 'joint';
  readonly model: string;
  readonly learner: string;
  /** One list a task, as in a single-task fit. */
  readonly configurations: FitTrial['configurations'];
  /** Selection of the configuration of each task, made for the tasks alone. */
  readonly select: string;
  /** Indices of the tasks in the order of the chain. */
  readonly order: readonly number[];
  /** Fit trial whose fold it has; absent: all training rows, and the test rows are predicted. */
  readonly fit?: string;
  readonly innerFolds: number;
  readonly seed: number;
  /** On the training part of this fold of the outer loop, predicting the rows it holds out. */
  readonly outer?: number;
}

/** Fits of a chain: every task on all its rows, and all but the last on all but each inner fold. */
function chainFits({ order, innerFolds }: Pick<ChainTrial, 'order' | 'innerFolds'>): number {
  return order.length + (order.length - 1) * innerFolds;
}

/** Fits of a trial as people count them: one configuration on one fold (for each task alone, where it is alone). */
export function fitsOf(trial: TrialSpec): number {
  switch (trial.kind) {
    case 'fit':
      return trial.configurations.length * trial.configurations[0].length;
    case 'refit':
    case 'bag':
      return trial.configurations.length;
    case 'chain':
      return chainFits(trial);
    case 'transfer':
      return trial.pairs + trial.twin.configurations.length;
    default:
      return 0;
  }
}

/** Learns a combination of base models from their out-of-fold predictions. */
export interface EnsembleTrial extends TrialBase {
  readonly kind: 'ensemble';
  readonly name: string;
  /** `single-task`: the same combiner over the members' twins, the ensemble's baseline. */
  readonly scope: 'joint' | 'single-task';
  readonly combiner: Combiner;
  readonly members: readonly MemberTrials[];
  /** Chains: the trials of each chain on the folds, and on all training rows. */
  readonly chains?: readonly ChainMember[];
  /** False: new rows are predicted by the mean of the models of the folds. */
  readonly refit: boolean;
  readonly seed: number;
  /** Learned on the training part of this fold of the outer loop, whose members it has; predicts the rows it holds out. */
  readonly outer?: number;
}

/** The trials of one chain. */
export interface ChainMember {
  readonly model: string;
  readonly order: readonly number[];
  readonly folds: readonly string[];
  readonly refit: string;
}

/**
 * Every pair of tasks learned together at the configuration that the joint model chose, and each task alone at the one
 * that its twin chose, on the rows outside a fold; scored on the fold's own rows. One trial a fold.
 */
export interface TransferTrial extends TrialBase {
  readonly kind: 'transfer';
  readonly key: ModelKey;
  readonly learner: string;
  readonly joint: Pick<RefitTrial, 'configurations' | 'select'>;
  readonly twin: Pick<RefitTrial, 'configurations' | 'select'>;
  /** Fit trial whose fold, repeat and seed it has. */
  readonly fit: string;
  /** Pairs of tasks. */
  readonly pairs: number;
}

/** Scores everything, validation and (once) test, compares with the baselines, writes the leaderboard. */
export interface ReportTrial extends TrialBase {
  readonly kind: 'report';
  readonly models: readonly MemberTrials[];
  readonly ensembles: readonly string[];
  /** Trials of ensembles inside each fold of an outer loop, in the order of the folds, by the ensemble they are of. */
  readonly nested?: Readonly<Record<string, readonly string[]>>;
  /** Trials of kind `transfer`, where the experiment asks for them. */
  readonly transfers?: readonly string[];
  readonly seed: number;
}

export type TrialSpec =
  | FitTrial
  | SearchTrial
  | SelectTrial
  | RefitTrial
  | BagTrial
  | ChainTrial
  | EnsembleTrial
  | TransferTrial
  | ReportTrial;

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
