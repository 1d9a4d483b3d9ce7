import type { Family } from '../family';
import { neuralMistakes, neuralParameters } from './parameters';
import { multiplicationsOfStep } from './work';

export const neuralFamily: Family = {
  kind: 'neural',
  parameters: neuralParameters,
  mistakes: neuralMistakes,
  tensorWork: multiplicationsOfStep,
  capabilities: () => ({
    taskTypes: ['regression', 'binary', 'multiclass'],
    masks: true,
    weights: true,
    sparse: false,
    lambda: true,
    lambdaMax: false,
    lambdaPath: true,
    together: true,
  }),

  /** A net a task of the same shape: its own layers and head, with nothing to mix or to be pulled towards. */
  singleTaskTwin(parameters) {
    const { lambda_on, architecture } = parameters;
    return {
      ...parameters,
      ...(architecture === 'mmoe' ? {} : { architecture: 'shared-bottom' }),
      ...(lambda_on === 'sharing' ? { lambda_on: 'weights' } : {}),
    };
  },
};
