import type { Task } from '../dataset/problem';
import type { ModelKey } from '../experiment/trial';
import type { TaskPredictions } from '../learner/learner';
import type { ThresholdRule } from './decisions';
import { EvaluationError } from './error';
import type { Leaderboard, LeaderboardRow } from './leaderboard';
import type { RelatednessMatrix } from './relatedness';

/** One model or ensemble with its predictions; everything but those goes to its row unchanged. */
export interface LeaderboardEntry {
  readonly name: string;
  readonly role: LeaderboardRow['role'];
  /** Name of the entry this one is the baseline of. */
  readonly baselineOf?: string;
  readonly key?: ModelKey;
  readonly learner: string;
  readonly lambda: LeaderboardRow['lambda'];
  readonly hyperparameters?: LeaderboardRow['hyperparameters'];
  readonly choices?: LeaderboardRow['choices'];
  /** Likewise by tuning and refit inside the folds of an outer loop; absent without one. */
  readonly nested?: () => readonly TaskPredictions[];
  /**
   * Reads out-of-fold predictions, one a task, over `trainRows`; NaN where a row was never held out. Read when they are
   * needed and let go, so that the number of entries does not multiply the memory of a report.
   */
  readonly validation: () => readonly TaskPredictions[];
  /** Likewise over `testRows`; absent where there is no test split. */
  readonly test?: () => readonly TaskPredictions[];
  /** λ, or the weights of an ensemble, were chosen by the very labels the validation score uses. */
  readonly selectedOnThis: boolean;
  readonly level?: number;
  readonly cpuSeconds: number;
  readonly fitSeconds?: number;
  readonly predictSeconds?: number;
  readonly sizeBytes?: number;
  readonly parameters?: number;
  readonly warnings: readonly string[];
  /** Ensembles: names of the members, and weights[task][member]. */
  readonly members?: readonly string[];
  readonly weights?: readonly (readonly number[])[];
  readonly ensemble?: LeaderboardRow['ensemble'];
}

export interface LeaderboardInput {
  readonly tasks: readonly Task[];
  /** Per task: value or class code of every row of the table, NaN where unlabelled. */
  readonly labels: readonly Float64Array[];
  /** Per row of the table. */
  readonly sampleWeight?: Float64Array;
  /** Group of every row of the table: rows of one group are drawn together. */
  readonly groups?: Int32Array;
  /** Time of every row of the table: without groups, rows that follow each other are drawn together. */
  readonly times?: Float64Array;
  readonly trainRows: Int32Array;
  /** Empty where the experiment has no test split. */
  readonly testRows: Int32Array;
  /** One of them the mean/majority predictor (`key.model` CONSTANT_MODEL), which skill is measured against. */
  readonly entries: readonly LeaderboardEntry[];
  readonly seed: number;
  /** One a task: how its classes are decided, where that is not by the more probable one. */
  readonly thresholds?: readonly (ThresholdRule | undefined)[];
  /** Fold of each of `trainRows`, negative where it has none: thresholds are cross-fitted over these. */
  readonly folds?: Int32Array;
  /** Long data: every row is one task's, so that predictions of two tasks are never of one row. */
  readonly longForm?: boolean;
  /** What an entry learned for each task: vectors of one length, in the order of `tasks`; undefined where it has none. */
  readonly learned?: (name: string) => readonly ArrayLike<number>[] | undefined;
  /** Gains of learning the tasks in pairs, and their standard errors. */
  readonly gains?: RelatednessMatrix;
}

/** An entry's predictions of one split, read. @throws EvaluationError `shape` */
export function predictionsOn(
  entry: LeaderboardEntry,
  split: Leaderboard['split'],
): readonly TaskPredictions[] {
  if (split === 'validation') return entry.validation();
  if (entry.test) return entry.test();
  throw new EvaluationError('shape', `"${entry.name}" has no predictions for the test split.`);
}
