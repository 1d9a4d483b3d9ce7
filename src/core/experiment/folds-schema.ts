import * as z from 'zod';

const count = z.int().min(2).max(100).default(5).describe('Number of folds.');

const foldsObject = z.strictObject({
  count,
  by: z
    .enum(['stratified', 'random', 'time', 'column', 'hold-out'])
    .optional()
    .describe(
      '`stratified`: over all tasks at once. `random`: even sizes alone. `time`: blocks in the order of `data.time`, each predicted from those before it. `column`: as a column says. `hold-out`: one part is held out. Left out: `column` with a `column`, `time` with `data.time`, else `stratified`.',
    ),
  repeats: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('Times that the whole is done with other folds; scores and predictions are averaged.'),
  outer: z
    .int()
    .min(2)
    .max(100)
    .optional()
    .describe(
      'Nested: folds of a loop around tuning and refit, for an estimate on rows that chose nothing; costs so many times as much.',
    ),
  column: z
    .union([z.string().min(1), z.number()])
    .transform(String)
    .optional()
    .describe('`by: column`: each of its values is a fold; a row without a value always trains.'),
  gap: z
    .int()
    .min(0)
    .default(0)
    .describe('`by: time`: distinct times left out between the rows that train and the block held out.'),
  fraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.25)
    .describe('`by: hold-out`: share of the training rows that is held out.'),
});

/** `data.folds`: a number of folds, or more about them. */
export const foldsSchema = z
  .union([z.int().min(2).max(100), foldsObject])
  .default(5)
  .describe(
    'Cross-validation folds over the training rows: a number, or a map with `count`, `by`, `repeats` and more.',
  );

export type FoldsInput = z.output<typeof foldsSchema>;
