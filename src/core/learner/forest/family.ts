import type { Family } from '../family';
import { forestParameters } from './parameters';

export const forestFamily: Family = {
  kind: 'forest',
  parameters: forestParameters,
  capabilities: () => ({
    taskTypes: ['regression', 'binary', 'multiclass'],
    lambda: false,
    lambdaMax: false,
    lambdaPath: false,
  }),
  singleTaskTwin: (parameters) => parameters,
};
