import * as z from 'zod';

/** Ways to combine, as `combine` names them. */
export const COMBINERS = ['mean', 'median', 'vote', 'weighted', 'greedy', 'stacking', 'chains'] as const;

const name = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const common = {
  of: z.array(name).min(1).optional().describe('Names of base models. Left out: all of them.'),
};

const refit = z
  .boolean()
  .default(true)
  .describe(
    'Predict new rows by members trained again on all training rows; false: by the mean of the models of the folds (bagging).',
  );

const weights = z
  .enum(['task', 'joint'])
  .default('task')
  .describe('A weight of each member for every task, or one for all tasks together.');

const plain = <K extends string>(combine: K, words: string) =>
  z.strictObject({ combine: z.literal(combine).describe(words), ...common, refit });

const weighted = z.strictObject({
  combine: z
    .literal('weighted')
    .describe('Weights, at least 0 and summing to 1, optimal for the loss of the task.'),
  ...common,
  refit,
  weights,
});

const greedy = z.strictObject({
  combine: z.literal('greedy').describe('Greedy selection of members, with replacement, for each task.'),
  ...common,
  refit,
  weights,
  steps: z
    .int()
    .min(0)
    .max(10_000)
    .default(50)
    .describe('Most members added after the first ones; the selection is cut at its best step.'),
  bags: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe('Selections among random parts of the members, averaged; 1: one selection among all.'),
  bag_share: z.number().gt(0).max(1).default(0.5).describe('Share of the members in a bag.'),
});

const stacking = z.strictObject({
  combine: z
    .literal('stacking')
    .describe('A linear or logistic model of the predictions of the base models, for each task.'),
  ...common,
  refit,
  across: z
    .enum(['tasks', 'own'])
    .default('tasks')
    .describe(
      '`tasks`: a task learns from the predictions of all tasks; `own`: from those of the task itself.',
    ),
  penalty: z
    .enum(['ridge', 'lasso', 'elastic-net'])
    .default('elastic-net')
    .describe('Regulariser of the second level; its λ is chosen by cross-validation.'),
  l1_ratio: z.number().gt(0).max(1).default(0.5).describe('Part of the lasso in `penalty: elastic-net`.'),
});

const chains = z.strictObject({
  combine: z
    .literal('chains')
    .describe('Chains of tasks: each learns from the features and the predictions of those before it.'),
  ...common,
  chains: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('Number of chains of each base model, in random orders; their predictions are averaged.'),
  order: z.array(name).min(1).optional().describe('Order of the tasks, for a single chain. Left out: drawn.'),
  folds: z
    .int()
    .min(2)
    .max(100)
    .default(5)
    .describe('Inner folds that give the out-of-fold predictions the later tasks learn from.'),
});

export const ensembleSchema = z
  .discriminatedUnion('combine', [
    plain('mean', 'Mean of the predictions.'),
    plain('median', 'Median of the predictions.'),
    plain('vote', 'Share of the members that vote for a class; the mean for regressions.'),
    weighted,
    greedy,
    stacking,
    chains,
  ])
  .describe('A named combination of base models.');
