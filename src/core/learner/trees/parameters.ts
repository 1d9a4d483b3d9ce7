import * as z from 'zod';

/** Codes of bins fit a byte, with one left for missing values. */
export const binsParameter = z
  .int()
  .min(2)
  .max(255)
  .default(255)
  .describe('Most bins a feature is cut into (quantiles of the training rows); exact with that many values.');
