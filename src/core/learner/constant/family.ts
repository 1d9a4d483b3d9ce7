import * as z from 'zod';
import type { Family } from '../family';

export const constantFamily: Family = {
  kind: 'constant',
  // Nothing is to be said of it.
  parameters: z.strictObject({}),
  capabilities: () => ({
    taskTypes: ['regression', 'binary', 'multiclass'],
    masks: true,
    weights: true,
    sparse: false,
    lambda: false,
    lambdaMax: false,
    lambdaPath: false,
  }),
  singleTaskTwin: (parameters) => parameters,
};
