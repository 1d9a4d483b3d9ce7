import type { ModelKey, SelectionRule } from '../experiment/trial';
import type { JsonObject, JsonValue } from '../learner/learner';
import type { Relatedness } from './relatedness';
import type { Scores } from './scores';

/** A difference from the baseline in the task's primary metric, positive when better. */
export interface Difference {
  readonly metric: string;
  readonly value: number;
  /** 95 %: DeLong's for AUC, paired bootstrap for the others. */
  readonly interval: readonly [number, number];
  /** Two-sided p value after Holm's correction over the tasks with enough rows; 1 for the others, which are not tested. */
  readonly p: number;
  readonly verdict: 'helped' | 'no difference shown' | 'negative transfer' | 'too few rows to tell';
  /** The verdict in words, with the numbers: `helped +0.021 AUC [+0.008, +0.034]`. */
  readonly words: string;
}

/** A row against its baseline over all tasks at once. */
export interface MeanDifference {
  /** Difference of mean skill, positive when better. */
  readonly value: number;
  /** 95 %. */
  readonly interval: readonly [number, number];
  /** Two-sided, after Holm's correction over the rows of the leaderboard; 1 where too few rows are labelled. */
  readonly p: number;
  readonly verdict: Difference['verdict'];
  readonly words: string;
}

/** A hyperparameter's chosen value; by task where the tasks' choices differ. */
export type ChosenValue =
  | { readonly value: JsonValue }
  | { readonly byTask: Readonly<Record<string, JsonValue>> };

export interface LeaderboardRow {
  /** 1 for the best mean; rows of equal mean share a rank. */
  readonly rank?: number;
  /** `linear`, `linear (single-task)`, `mean/majority`, or the ensemble's name. */
  readonly name: string;
  readonly role: 'baseline' | 'model' | 'ensemble';
  /** Name of the row this one is the baseline of. */
  readonly baselineOf?: string;
  readonly key?: ModelKey;
  readonly learner: string;
  /** Chosen λ; by task where each task has its own; null where there is none. */
  readonly lambda: number | Readonly<Record<string, number>> | null;
  /** Chosen values of the other hyperparameters that were swept; absent where none was. */
  readonly hyperparameters?: Readonly<Record<string, ChosenValue>>;
  /** What each task chose, or would have chosen alone; absent where nothing was swept, and on baselines. */
  readonly choices?: TaskChoices;
  /** Scores by task on the test split; where the experiment has none, out-of-fold. */
  readonly scores: Readonly<Record<string, Scores>>;
  /** Mean over tasks of skill against the mean/majority predictor, on the same rows as `scores`. */
  readonly mean: number;
  /** Metrics of all tasks together (Hamming loss, aRRMSE, …), on the same rows as `scores`; empty where none applies. */
  readonly together?: Scores;
  /** Out-of-fold scores by task, and their mean skill. An ensemble's weights were chosen on these rows. */
  readonly validation: {
    readonly scores: Readonly<Record<string, Scores>>;
    readonly mean: number;
    readonly selectedOnThis: boolean;
    readonly together?: Scores;
  };
  /**
   * Scores by task of tuning and refit done again inside the folds of an outer loop, on the rows they held out: nothing
   * was selected on these. Absent without an outer loop.
   */
  readonly nested?: { readonly scores: Readonly<Record<string, Scores>>; readonly mean: number };
  /** 1: a base model; 2: an ensemble of base models; 3: a model that learned from predictions (stacking, chains). */
  readonly level?: number;
  /** CPU seconds of the process tree, tuning included, all attempts. */
  readonly cpuSeconds: number;
  /** Seconds by the clock of its trials, one after the other: tuning, refit, members. */
  readonly fitSeconds?: number;
  /** Seconds to predict 1,000 rows, members included; absent where it predicted none. */
  readonly predictSeconds?: number;
  /** Bytes of the saved model, members included, and number of its parameters where it counts them. */
  readonly sizeBytes?: number;
  readonly parameters?: number;
  /** No other row has at least this mean for at most these CPU seconds. */
  readonly onFront?: boolean;
  /** Tasks that sharing hurt (verdict `negative transfer`). */
  readonly negativeTransfer: readonly string[];
  /** By task, against this row's single-task baseline; absent on baselines, and for tasks whose metric is undefined. */
  readonly differences?: Readonly<Record<string, Difference>>;
  /** Against the same baseline, over all tasks at once. */
  readonly meanDifference?: MeanDifference;
  /** Ensembles: by task, weight of each member, in the order of `members`. */
  readonly members?: readonly string[];
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  readonly ensemble?: EnsembleDetail;
  /** Binary tasks whose experiment asks for one: decision threshold, chosen on all out-of-fold predictions or as given. */
  readonly thresholds?: Readonly<Record<string, number>>;
  /** Warnings a person should see: fits that did not converge, λ chosen at the edge of its grid, … */
  readonly warnings: readonly string[];
}

export interface Leaderboard {
  /** Where `scores` were computed. */
  readonly split: 'test' | 'validation';
  readonly tasks: readonly {
    readonly id: string;
    readonly type: 'regression' | 'binary' | 'multiclass';
    readonly primary: string;
    /** Training rows, and test rows, with a label. */
    readonly labelled: number;
    readonly labelledTest: number;
  }[];
  /** Metrics that the experiment names, to be shown beside each task's primary one; absent: it names none. */
  readonly metrics?: readonly string[];
  /** How alike the tasks are, where there are at least two and not too many. */
  readonly relatedness?: Relatedness;
  /** What to do about what was found, in sentences. */
  readonly advice?: readonly string[];
  /** What a reader of the verdicts should know, where one does not follow from its interval. */
  readonly note?: string;
  /** Best mean first. */
  readonly rows: readonly LeaderboardRow[];
}

/** Configurations of one sweep by the tasks that picked them. */
export interface TaskChoices {
  /** The configurations that any task picked: λ, and the other hyperparameters that were swept. */
  readonly options: readonly { readonly lambda?: number; readonly values?: JsonObject }[];
  /** By task: which of `options`. */
  readonly tasks: Readonly<Record<string, number>>;
  /** The option that all tasks were given; absent where each was given its own (`select: per-task`). */
  readonly given?: number;
}

/** Result of a `select` trial. */
export interface Selection {
  readonly rule: SelectionRule;
  /** Chosen configuration; one entry, or one a task. */
  readonly chosen: readonly number[];
  /** λ of the chosen configurations, null where the learner has none. */
  readonly chosenLambda: readonly (number | null)[];
  /** What the best rule, and the one-standard-error rule, would have chosen; same shape as `chosen`. */
  readonly best: readonly number[];
  readonly oneStandardError: readonly number[];
  /** Swept hyperparameters of the chosen configurations, λ apart; absent: λ alone is swept. */
  readonly chosenValues?: readonly JsonObject[];
  /** What each task alone would have chosen by the same rule; absent where each did. */
  readonly byTask?: readonly number[];
  /** The path, one entry a configuration: score averaged over folds with its standard error, mean skill and per task. */
  readonly path: readonly {
    readonly configuration: number;
    readonly lambda: readonly (number | null)[];
    /** Swept hyperparameters, λ apart: one entry, or one a task where they differ. */
    readonly values?: readonly JsonObject[];
    readonly mean: number;
    readonly standardError: number;
    readonly tasks: readonly { readonly mean: number; readonly standardError: number }[];
  }[];
  readonly warnings: readonly string[];
}

/** What an ensemble is made of, beyond its members' weights. Records are by task. */
export interface EnsembleDetail {
  readonly combine: string;
  /** False: new rows are predicted by the mean of the models of the folds. */
  readonly refit: boolean;
  /** Members that no task uses. */
  readonly unused: readonly string[];
  /** Stacking across tasks: share of every task's predictions in this task's second level, in the order of `tasks`. */
  readonly influence?: Readonly<Record<string, readonly number[]>>;
  /** Stacking: λ of the second level; null where the mean of the members was taken. */
  readonly lambdas?: Readonly<Record<string, number | null>>;
  /** Greedy: how each bag's selection went; members by number, losses of the start and after every step. */
  readonly selections?: Readonly<
    Record<
      string,
      readonly {
        readonly start: readonly number[];
        readonly added: readonly number[];
        readonly losses: readonly number[];
        readonly kept: number;
      }[]
    >
  >;
  /** Correlation of the out-of-fold errors of what is combined (members, or chains), one against another. */
  readonly errorCorrelation: {
    readonly members: readonly string[];
    readonly tasks: Readonly<Record<string, readonly (readonly (number | null)[])[]>>;
  };
  /** Chains: base model, and tasks in order. */
  readonly chains?: readonly { readonly model: string; readonly order: readonly string[] }[];
}
