import type { TaskType } from '../dataset/problem';
import type { ThresholdRule } from '../evaluate/decisions';
import type { JsonObject, JsonValue } from '../learner/learner';

/** λ in the experiment file: a number, a list, or a grid from λ_max (or `from`) down, log-spaced. */
export type LambdaSpec =
  | { readonly kind: 'list'; readonly values: readonly number[] }
  | {
      readonly kind: 'grid';
      readonly points: number;
      /** Largest λ; absent: λ_max of the model on all training rows. */
      readonly from?: number;
      /** Smallest λ; absent: `ratio` times the largest. */
      readonly to?: number;
      /** Smallest over largest; absent: the learner's own. */
      readonly ratio?: number;
    };

/** How the training rows are cut into folds. Groups (`data.group`) stay whole in all of them. */
export interface FoldScheme {
  /**
   * `stratified`: over all tasks at once. `random`: sizes alone are even. `time`: blocks in the order of `data.time`, each
   * predicted from what came before it. `column`: as a column says. `hold-out`: one part is held out, the rest trains.
   */
  readonly by: 'stratified' | 'random' | 'time' | 'column' | 'hold-out';
  /** Times that the whole is done with other folds; scores and predictions are averaged. */
  readonly repeats: number;
  /** Folds of an outer loop around tuning and refit, for an estimate that nothing was selected on; absent: none. */
  readonly outer?: number;
  /** `column`: each of its values is a fold; a row without a value always trains. */
  readonly column?: string;
  /** `time`: distinct times that are left out between the training rows and the held-out block. */
  readonly gap: number;
  /** `hold-out`: share of the training rows that is held out. */
  readonly fraction: number;
}

export interface DataSpec {
  /** Path of the table, relative to the experiment file. */
  readonly source?: string;
  /** Long form: the column that says which task a row belongs to. */
  readonly task?: string;
  readonly features?: readonly string[];
  readonly exclude: readonly string[];
  readonly group?: string;
  readonly time?: string;
  readonly weight?: string;
  /** Column with `train` / `test` (or true for test) for every row. */
  readonly split?: string;
  /** Fraction of rows held out for the test split, 0 to <1; ignored where `split` is given. */
  readonly test: number;
  /** Number of folds; with `scheme.by` column known from the data only, and 0 before. */
  readonly folds: number;
  /** Absent: stratified folds, once. */
  readonly scheme?: FoldScheme;
  readonly seed: number;
  /** Cells that mean "no value". */
  readonly missing: readonly string[];
}

export interface TaskSpec {
  readonly id: string;
  readonly target: string;
  /** Absent: inferred from the column. */
  readonly type?: TaskType;
  readonly weight: number;
  /** Positive class of a binary task; absent: the second in order. */
  readonly positive?: string;
  /** Binary: probability above which a row is positive, or the metric that chooses it; absent: ½. */
  readonly threshold?: ThresholdRule;
  /** Weights of the classes in training; absent: all 1. */
  readonly classWeight?: 'balanced' | Readonly<Record<string, number>>;
  /** One file a task: this task's own table. */
  readonly source?: string;
}

export interface ModelSpec {
  readonly name: string;
  readonly kind: string;
  readonly parameters: JsonObject;
  readonly lambda?: LambdaSpec;
}

/** The values that a sweep gives one hyperparameter. */
export type Dimension =
  | { readonly kind: 'list'; readonly values: readonly JsonValue[] }
  | {
      readonly kind: 'range';
      readonly from: number;
      readonly to: number;
      /** Of a grid; a search that draws may take any value between the ends. */
      readonly points: number;
      readonly scale: 'linear' | 'log';
      /** Whole numbers only. */
      readonly integer: boolean;
    };

/** `one-standard-error`: towards more sharing, within what the folds cannot tell from the best. */
export type SelectionRule = 'best' | 'one-standard-error';

/** Which points of a sweep's space are tried. */
export interface SearchSpec {
  readonly method: 'grid' | 'random' | 'quasi-random' | 'halving' | 'bayesian';
  /** Halving: of so many configurations one goes on to the next rung. */
  readonly factor: number;
  /** Halving: what a rung gives more of: folds, or a whole-number hyperparameter such as `epochs`, `trees`, `rounds`. */
  readonly resource: string;
  /** Bayesian: configurations that are proposed at once, between two barriers. */
  readonly batch: number;
}

export interface Budget {
  /** Configurations that are tried, of the joint model and of each baseline. */
  readonly configurations?: number;
  /** Most fits of the joint model: fewer configurations are tried where these would need more. */
  readonly fits?: number;
  /** A run whose estimate is longer is not started. Time never decides a result. */
  readonly seconds?: number;
}

export interface SweepSpec {
  readonly name: string;
  readonly model: string;
  readonly lambda?: LambdaSpec;
  /** Hyperparameters other than λ, by name, in the order of the file. */
  readonly over?: Readonly<Record<string, Dimension>>;
  readonly folds?: number;
  readonly rule: SelectionRule;
  /** Absent: `model`, one configuration for all tasks of a joint model. */
  readonly select?: 'model' | 'per-task';
  /** Absent: the whole grid. */
  readonly search?: SearchSpec;
  readonly budget?: Budget;
}

/** A weight of each member for every task, or one for all tasks. */
export type WeightScope = 'task' | 'joint';

/** How an ensemble makes one prediction of many. */
export type Combiner =
  | { readonly combine: 'mean' | 'median' | 'vote' }
  | { readonly combine: 'weighted'; readonly weights: WeightScope }
  | {
      readonly combine: 'greedy';
      readonly weights: WeightScope;
      readonly steps: number;
      readonly bags: number;
      readonly bagShare: number;
    }
  | {
      readonly combine: 'stacking';
      readonly across: 'tasks' | 'own';
      readonly penalty: 'ridge' | 'lasso' | 'elastic-net';
      readonly l1Ratio: number;
    }
  | {
      readonly combine: 'chains';
      readonly chains: number;
      /** Task ids; absent: drawn from the seed. */
      readonly order?: readonly string[];
      /** Inner folds of each chain. */
      readonly folds: number;
    };

export type EnsembleSpec = Combiner & {
  readonly name: string;
  /** Names of base models; absent in the file: all of them. */
  readonly of: readonly string[];
  /** New rows are predicted by members trained on all training rows; false: by the mean of the models of the folds. */
  readonly refit: boolean;
};

/** An experiment as resolved from its file: every default filled in, nothing depends on the file any more. */
export interface Experiment {
  readonly data: DataSpec;
  readonly tasks: readonly TaskSpec[];
  readonly models: readonly ModelSpec[];
  readonly sweeps: readonly SweepSpec[];
  readonly ensembles: readonly EnsembleSpec[];
  /** Metrics shown beside a task's primary one, which is fixed by its type. */
  readonly metrics?: readonly string[];
  /** Tasks are learned in pairs, by a base model, to see which help which. */
  readonly relatedness?: { readonly by: 'pairwise'; readonly model: string };
}

/** A mistake in the experiment file, or in how it fits its data. Lines and columns count from 1. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  /** What is wrong. */
  readonly message: string;
  /** What to write instead. */
  readonly remedy?: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** A text that a quick fix can put in the range's place. */
  readonly replacement?: string;
}
