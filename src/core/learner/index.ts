import type { z } from 'zod';
import { boostingLearner, boostingParameters } from './boosting';
import { constantLearner, constantParameters } from './constant';
import { forestLearner, forestParameters } from './forest';
import type { Learner } from './learner';
import { linearLearner, linearParameters } from './linear';
import { neuralLearner, neuralParameters } from './neural';

export * from './learner';

/** Every family of base models, by the `kind` that names it in an experiment file. */
export const learners: Readonly<Record<string, Learner>> = {
  boosting: boostingLearner,
  constant: constantLearner,
  forest: forestLearner,
  linear: linearLearner,
  neural: neuralLearner,
};

/** The schema of each kind's own keys in a model's entry (without `kind` and `lambda`), defaults included. */
export const parameterSchemas: Readonly<Record<string, z.ZodObject>> = {
  boosting: boostingParameters,
  constant: constantParameters,
  forest: forestParameters,
  linear: linearParameters,
  neural: neuralParameters,
};
