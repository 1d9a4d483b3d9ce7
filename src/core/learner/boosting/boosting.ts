import type { FittedModel, Learner } from '../learner';
import { treeFeature } from '../trees';
import { boostingFamily, DEFAULT_LAMBDA } from './family';
import { crewSize } from './kernel';
import { boostedModel, buildTrees, loadBoosted } from './model';
import { boostingParameters } from './parameters';
import { boost } from './train';
import { prepareTraining, type TrainingData } from './training-data';

/**
 * Gradient boosting (Friedman, 2001) of second order (Chen and Guestrin, 2016) for many tasks at once:
 *
 *     min  Σ_t w_t Σ_i s_i ℓ_t(y_it, f_t(x_i)) + λ/2 Σ ‖leaf values‖²,
 *
 * a round at a time, ℓ the squared, logistic or softmax loss of the rows labelled for t. Losses are summed, not averaged, as in
 * XGBoost, so that λ means what it means there. Regression targets are standardised.
 *
 * `vector-leaf`: one tree a round; its splits serve all tasks (see `Score`) and its leaves hold a value for each.
 * `per-task`: a tree a task and class each round. Features are binned once; categories and missing values are split natively.
 */
export const boostingLearner: Learner = {
  ...boostingFamily,

  refitParameters(parameters, iterations) {
    if (parameters.early_stopping === false || iterations.length === 0) return parameters;
    return { ...parameters, early_stopping: false, rounds: Math.max(1, median(iterations)) };
  },

  async fit(problem, configurations, context) {
    const { threads } = context;
    const helpers = crewSize(problem.rows.length * problem.features.length, threads) - 1;
    if (helpers > 0) threads?.prepare?.(helpers);
    const models: FittedModel[] = [];
    let data: TrainingData | undefined;
    let preparedFor = '';
    for (const [c, { lambda = DEFAULT_LAMBDA, parameters: given }] of configurations.entries()) {
      const parameters = boostingParameters.parse(given);
      if (c > 0) context.giveBack?.();
      // Configurations that differ in anything else learn from the same bins and rows.
      const { bins, early_stopping, validation_fraction } = parameters;
      const wanted = JSON.stringify([bins, early_stopping, validation_fraction]);
      if (data === undefined || wanted !== preparedFor)
        data = prepareTraining(problem, parameters, context.seed);
      preparedFor = wanted;
      const boosted = await boost(data, lambda, parameters, context, c);
      const alongPaths = parameters.sharing === 'per-task' && boosted.base.length > 1;
      models.push(
        boostedModel({
          tasks: data.tasks,
          features: data.features.map(({ bins }) => treeFeature(bins)),
          sharing: parameters.sharing,
          rounds: boosted.rounds,
          converged: boosted.converged,
          trees: buildTrees(boosted, data.features, parameters.max_leaves, alongPaths),
          base: boosted.base,
          mean: data.mean,
          scale: data.scale,
          importance: boosted.importance,
          jointImportance: boosted.jointImportance,
        }),
      );
    }
    return models;
  },

  load: loadBoosted,
};

/** The lower one of two middle values. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1];
}
