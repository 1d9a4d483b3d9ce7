import type { Task } from '../dataset/problem';
import { primaryMetric } from './metric';

/**
 * Skill of a score in the task's primary metric: 0 = no better than the mean/majority predictor, 1 = perfect, negative
 * = worse.
 *
 * - log loss: 1 − loss / loss_constant
 * - R²: 1 − (1 − R²) / (1 − R²_constant), the same thing for the squared error
 * - AUC: (AUC − ½) / ½. A constant ranks nothing, so its AUC is ½ by definition; the constant's out-of-fold AUC differs
 *   from ½ only because its folds predict different constants, so `constantScore` is not looked at.
 *
 * @returns null where the score, or the reference it needs, is undefined
 */
export function skill(
  task: Pick<Task, 'type'>,
  score: number | null,
  constantScore: number | null,
): number | null {
  if (score === null) return null;
  switch (primaryMetric(task.type)) {
    case 'auc':
      return 2 * score - 1;
    case 'logLoss':
      return shareSaved(score, constantScore);
    case 'r2':
      return shareSaved(1 - score, constantScore === null ? null : 1 - constantScore);
  }
}

/** Mean of the defined skills; 0 when none is defined, as nothing then shows more than the constant does. */
export function meanSkill(skills: readonly (number | null)[]): number {
  let sum = 0;
  let defined = 0;
  for (const value of skills) {
    if (value === null) continue;
    sum += value;
    defined++;
  }
  return defined > 0 ? sum / defined : 0;
}

function shareSaved(loss: number, constantLoss: number | null): number | null {
  return constantLoss === null || constantLoss <= 0 ? null : 1 - loss / constantLoss;
}
