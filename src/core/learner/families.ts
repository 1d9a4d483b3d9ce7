import { boostingFamily } from './boosting/family';
import { constantFamily } from './constant/family';
import type { Family } from './family';
import { extraTreesFamily, forestFamily } from './forest/family';
import { linearFamily } from './linear/family';
import { neuralFamily } from './neural/family';

/** Every family of base models, by the `kind` that names it in an experiment file; `learners` can also train them. */
export const families: Readonly<Record<string, Family>> = {
  boosting: boostingFamily,
  constant: constantFamily,
  'extra-trees': extraTreesFamily,
  forest: forestFamily,
  linear: linearFamily,
  neural: neuralFamily,
};
