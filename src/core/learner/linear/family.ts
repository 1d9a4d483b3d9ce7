import type { Family } from '../family';
import {
  comparedTasks,
  leastTarget,
  linearMistakes,
  linearParameters,
  singleTaskTwin,
  taskKeys,
  taskNames,
} from './parameters';
import type { PenaltyName } from './penalties';

const smoothPenalties: ReadonlySet<unknown> = new Set([
  'ridge',
  'mean-regularised',
  'graph',
] satisfies PenaltyName[]);

export const linearFamily: Family = {
  kind: 'linear',
  parameters: linearParameters,
  mistakes: linearMistakes,
  taskNames,
  taskKeys,
  comparedTasks,
  leastTarget,

  capabilities: (parameters) => ({
    taskTypes: ['regression', 'binary', 'multiclass'],
    masks: true,
    weights: true,
    sparse: true,
    lambda: true,
    lambdaMax: true,
    lambdaPath: true,
    together: true,
    // The path of a smooth penalty starts where next to nothing is learned, and what is useful lies at 1e-2 to 1e-5 of that.
    ...(smoothPenalties.has(parameters.penalty) ? { lambdaRatio: 1e-5 } : {}),
  }),

  singleTaskTwin,

  // Other losses than squared ones have predictions of all rows, and what follows from them, several times over.
  heldPerByte: ({ loss = 'squared' }, tasks) =>
    loss === 'squared' && tasks.every((type) => type === 'regression') ? 0.5 : 1,
};
