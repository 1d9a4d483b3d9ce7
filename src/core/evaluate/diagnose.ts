import { expectedCalibrationError, type ReliabilityBin, reliabilityBins } from './calibration';
import { gather, packRows, scorableRows } from './labelled-rows';
import type { Leaderboard } from './leaderboard';
import { type LeaderboardInput, predictionsOn } from './leaderboard-input';
import { type ResidualChecks, residualChecks } from './residuals';

/** How far one row's predictions of one task can be trusted. */
export type TaskDiagnosis =
  | {
      readonly task: string;
      readonly kind: 'reliability';
      readonly ece: number;
      readonly bins: readonly ReliabilityBin[];
    }
  | { readonly task: string; readonly kind: 'residuals'; readonly checks: ResidualChecks };

export interface Diagnosis {
  /** Where the leaderboard's scores were computed. */
  readonly split: Leaderboard['split'];
  /** Best row first. */
  readonly rows: readonly { readonly name: string; readonly tasks: readonly TaskDiagnosis[] }[];
}

/** Rows × tasks that are looked at, the best rows first: a thousand tasks must not make a report of megabytes. */
const MOST_DIAGNOSES = 400;

/** Calibration of probabilities and checks of residuals, for every row that the limit leaves room for. */
export function diagnose(input: LeaderboardInput, leaderboard: Leaderboard): Diagnosis {
  const rows = leaderboard.split === 'test' ? input.testRows : input.trainRows;
  const tasks = input.tasks.slice(0, MOST_DIAGNOSES);
  const labels = tasks.map((_, t) => gather(input.labels[t], rows));
  const weights = input.sampleWeight && gather(input.sampleWeight, rows);
  const most = Math.max(1, Math.floor(MOST_DIAGNOSES / tasks.length));
  const shown = leaderboard.rows.slice(0, most).flatMap(({ name }) => {
    const entry = input.entries.find((one) => one.name === name);
    return entry ? [entry] : [];
  });
  return {
    split: leaderboard.split,
    rows: shown.map((entry) => {
      const predictions = predictionsOn(entry, leaderboard.split);
      return {
        name: entry.name,
        tasks: tasks.flatMap((task, t): TaskDiagnosis[] => {
          const mask = scorableRows(task, labels[t], predictions[t], weights);
          const packed = packRows(labels[t], predictions[t], weights, mask);
          if (task.type === 'regression') {
            const checks = residualChecks(packed);
            return checks ? [{ task: task.id, kind: 'residuals', checks }] : [];
          }
          const ece = expectedCalibrationError(packed);
          return ece === null
            ? []
            : [{ task: task.id, kind: 'reliability', ece, bins: reliabilityBins(packed) }];
        }),
      };
    }),
  };
}
