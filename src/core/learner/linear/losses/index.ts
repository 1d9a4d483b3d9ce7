import type { TaskType } from '../../../dataset/problem';
import { logisticLoss } from './logistic';
import type { Loss } from './loss';
import { softmaxLoss } from './softmax';
import { squaredLoss } from './squared';

export type { Loss, LossRows } from './loss';
export { logisticLoss, softmaxLoss, squaredLoss };

export const lossByTaskType: Readonly<Record<TaskType, Loss>> = {
  regression: squaredLoss,
  binary: logisticLoss,
  multiclass: softmaxLoss,
};
