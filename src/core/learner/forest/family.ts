import type { Family } from '../family';
import { extraTreesParameters, forestParameters } from './parameters';

const trees: Pick<Family, 'capabilities' | 'singleTaskTwin'> = {
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

export const forestFamily: Family = { kind: 'forest', parameters: forestParameters, ...trees };

export const extraTreesFamily: Family = { kind: 'extra-trees', parameters: extraTreesParameters, ...trees };
