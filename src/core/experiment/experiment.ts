import type { TaskType } from '../dataset/problem';
import type { JsonObject } from '../learner/learner';
import type { SelectionRule } from './trial';

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
  readonly folds: number;
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
  /** One file a task: this task's own table. */
  readonly source?: string;
}

export interface ModelSpec {
  readonly name: string;
  readonly kind: string;
  readonly parameters: JsonObject;
  readonly lambda?: LambdaSpec;
}

export interface SweepSpec {
  readonly name: string;
  readonly model: string;
  readonly lambda: LambdaSpec;
  readonly folds?: number;
  readonly rule: SelectionRule;
}

export interface EnsembleSpec {
  readonly name: string;
  readonly combine: 'mean' | 'weighted';
  /** Names of base models; absent in the file: all of them. */
  readonly of: readonly string[];
}

/** An experiment as resolved from its file: every default filled in, nothing depends on the file any more. */
export interface Experiment {
  readonly data: DataSpec;
  readonly tasks: readonly TaskSpec[];
  readonly models: readonly ModelSpec[];
  readonly sweeps: readonly SweepSpec[];
  readonly ensembles: readonly EnsembleSpec[];
  /** Metrics shown beside a task's primary one, which is fixed by its type. */
  readonly metrics?: readonly string[];
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
