import * as z from 'zod';
import type { Task } from '../../dataset/problem';
import { binsParameter } from '../trees/parameters';

/** The keys of a `kind: forest` model. */
export const forestParameters = z.strictObject({
  trees: z.int().min(1).max(100_000).default(100).describe('Number of trees whose predictions are averaged.'),
  max_depth: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Largest number of splits from root to leaf. Absent: trees grow until no leaf can be improved.',
    ),
  min_samples_leaf: z.int().min(1).default(1).describe('Fewest distinct training rows that a leaf may hold.'),
  max_features: z
    .union([z.enum(['auto', 'sqrt', 'third', 'all']), z.number().positive()])
    .default('auto')
    .describe(
      'Features drawn for each split: sqrt, third, all, a fraction up to 1, or a number of features above 1. ' +
        'auto: sqrt when every task is a classification, all when every task is a regression, half of them when both occur.',
    ),
  smoothing: z
    .number()
    .min(0)
    .optional()
    .describe(
      "Labels' worth of weight with which a leaf's value of a task is drawn to its parent's, which is drawn to its own. Absent: 16 where most labels are missing (long tables), else 0.",
    ),
  bins: binsParameter,
  bootstrap: z
    .boolean()
    .default(true)
    .describe('Grow each tree on a bootstrap sample of the training rows; also gives out-of-bag losses.'),
});

/** The keys of a `kind: extra-trees` model: those of a forest, whose trees see all rows unless told otherwise. */
export const extraTreesParameters = forestParameters.extend({
  bootstrap: z
    .boolean()
    .default(false)
    .describe('Grow each tree on a bootstrap sample of the training rows; also gives out-of-bag losses.'),
});

export type ForestParameters = z.infer<typeof forestParameters>;

/** Number of features drawn for a split, 1 to `features`. */
export function featuresPerSplit(
  maxFeatures: ForestParameters['max_features'],
  tasks: readonly Task[],
  features: number,
): number {
  const count = maxFeatures === 'auto' ? automatic(tasks, features) : wantedFeatures(maxFeatures, features);
  return Math.max(1, Math.min(features, Math.floor(count)));
}

/**
 * Of mixed tasks half: with fewer, most splits see no feature that matters to a regression. Over ten tables of mixed tasks (mean
 * skill out of fold) a forest of half is at most .022 below the best of root, third, half and all; one of a third, .065.
 */
function automatic(tasks: readonly Task[], features: number): number {
  const regressions = tasks.filter((task) => task.type === 'regression').length;
  if (regressions === 0) return Math.sqrt(features);
  return regressions === tasks.length ? features : Math.ceil(features / 2);
}

function wantedFeatures(rule: 'sqrt' | 'third' | 'all' | number, features: number): number {
  if (rule === 'sqrt') return Math.sqrt(features);
  if (rule === 'third') return features / 3;
  if (rule === 'all') return features;
  return rule <= 1 ? rule * features : rule;
}
