import { boostingLearner } from './boosting';
import { constantLearner } from './constant';
import { extraTreesLearner, forestLearner } from './forest';
import type { Learner } from './learner';
import { linearLearner } from './linear';
import { neuralLearner } from './neural';

export { families } from './families';
export type { Family } from './family';
export { gainShares } from './gain-shares';
export * from './learner';
export { meanOverTasks, type PermutationImportance, permutationImportance } from './permutation-importance';
export type { Threads, ThreadTask } from './threads';

/** Every family of base models, by the `kind` that names it in an experiment file. */
export const learners: Readonly<Record<string, Learner>> = {
  boosting: boostingLearner,
  constant: constantLearner,
  'extra-trees': extraTreesLearner,
  forest: forestLearner,
  linear: linearLearner,
  neural: neuralLearner,
};
