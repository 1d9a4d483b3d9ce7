import type { Family } from '../family';
import { linearMistakes, linearParameters, singleTaskTwin } from './parameters';

export const linearFamily: Family = {
  kind: 'linear',
  parameters: linearParameters,
  mistakes: linearMistakes,

  capabilities: (parameters) => ({
    taskTypes: ['regression', 'binary', 'multiclass'],
    lambda: true,
    lambdaMax: true,
    lambdaPath: true,
    // The path of ridge starts where next to nothing is learned, and what is useful lies at 1e-2 to 1e-5 of that.
    ...(parameters.penalty === 'ridge' ? { lambdaRatio: 1e-5 } : {}),
  }),

  singleTaskTwin,
};
