import * as z from 'zod';
import type { Family } from '../family';

/** The entry of a constant model has no parameters. */
export const constantParameters = z.strictObject({});

export const constantFamily: Family = {
  kind: 'constant',
  parameters: constantParameters,
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
