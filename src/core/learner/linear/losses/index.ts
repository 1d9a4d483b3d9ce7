import type { TaskType } from '../../../dataset/problem';
import { huberLoss } from './huber';
import { logisticLoss } from './logistic';
import type { Loss } from './loss';
import { poissonLoss } from './poisson';
import { softmaxLoss } from './softmax';
import { squaredLoss } from './squared';

export type { Loss, LossRows } from './loss';
export { huberLoss, logisticLoss, poissonLoss, softmaxLoss, squaredLoss };

/** Losses of regressions, by the name that the experiment file has for them. */
export const regressionLossNames = ['squared', 'huber', 'poisson'] as const;
export type RegressionLossName = (typeof regressionLossNames)[number];

/** One for all regressions, or one a task by its name, squared where it has none. */
export type RegressionLosses = RegressionLossName | Readonly<Record<string, RegressionLossName>>;

export function regressionLossOf(losses: RegressionLosses, task: string): RegressionLossName {
  if (typeof losses === 'string') return losses;
  return Object.hasOwn(losses, task) ? losses[task] : 'squared';
}

/** δ of Huber's loss where it is not written: 95 % as precise as squared loss where errors are normal. */
export const HUBER_DELTA = 1.345;

/** @param delta of Huber's loss, in the unit that the target is fitted in */
export function createLoss(type: TaskType, regression: RegressionLossName, delta = HUBER_DELTA): Loss {
  if (type === 'binary') return logisticLoss;
  if (type === 'multiclass') return softmaxLoss;
  switch (regression) {
    case 'squared':
      return squaredLoss;
    case 'huber':
      return huberLoss(delta);
    case 'poisson':
      return poissonLoss;
  }
}
