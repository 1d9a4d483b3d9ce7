import type { Family } from '../family';
import { boostingParameters, monotoneFeatures } from './parameters';

/** λ where a model does not say, as in XGBoost. */
export const DEFAULT_LAMBDA = 1;

export const boostingFamily: Family = {
  kind: 'boosting',
  parameters: boostingParameters,
  numericFeatures: monotoneFeatures,
  capabilities: () => ({
    taskTypes: ['regression', 'binary', 'multiclass'],
    masks: true,
    weights: true,
    sparse: false,
    lambda: true,
    lambdaMax: false,
    lambdaPath: false,
    defaultLambda: DEFAULT_LAMBDA,
  }),
  singleTaskTwin: (parameters) => parameters,
};
