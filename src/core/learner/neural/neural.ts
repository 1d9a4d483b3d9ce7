import type { FittedModel, Learner } from '../learner';
import { fittedModel, loadModel } from './model';
import { layOut } from './net';
import { neuralParameters } from './parameters';
import { headsOf, inputWidth, prepareTraining, type TrainingData } from './training-data';

/**
 * A neural net with a shared bottom (Caruana 1997): dense layers that all tasks use, and a linear head a task.
 *
 *     min_θ  Σ_t w_t L_t(θ) + λ R(θ),   R(θ) = ½ Σ_l ‖W_l‖²  (all layers and heads, no biases)
 *
 * by Adam or stochastic gradient descent on batches (`descend` says how a batch stands for the whole). Regression
 * targets are standardised; missing labels have no loss. With `hidden: []` it is ridge, logistic and softmax
 * regression, tied together by λ alone.
 *
 * `convergence.iterations` is the epoch whose weights were kept. Configurations are trained one after another, each
 * as if alone.
 */
export const neuralLearner: Learner = {
  kind: 'neural',
  capabilities: () => ({
    taskTypes: ['regression', 'binary', 'multiclass'],
    lambda: true,
    lambdaMax: false,
    lambdaPath: true,
  }),
  singleTaskTwin: (parameters) => parameters,

  refitParameters(parameters, iterations) {
    if (parameters.early_stopping === false || iterations.length === 0) return parameters;
    return { ...parameters, early_stopping: false, epochs: Math.max(1, median(iterations)) };
  },

  async fit(problem, configurations, context) {
    await context.tensorBackend();
    // Here and not above: whoever only asks for schemas or predictions does not load the tensor library.
    const { trainNet } = await import('./train');
    const heads = headsOf(problem.tasks);
    const outputs = heads.reduce((sum, head) => sum + head.width, 0);
    const prepared = new Map<string, TrainingData>();
    const models: FittedModel[] = [];
    for (const [configuration, { lambda = 0, parameters: given }] of configurations.entries()) {
      context.signal.throwIfAborted();
      const parameters = neuralParameters.parse(given);
      const key = JSON.stringify([parameters.early_stopping, parameters.validation_fraction]);
      const data = prepared.get(key) ?? prepareTraining(problem, parameters, context.seed);
      prepared.set(key, data);
      const { encoder, scaler, training, heldOut } = data;
      const { hidden, activation, learning_rate: learningRate } = parameters;
      const net = layOut({ inputs: inputWidth(encoder), hidden, activation, outputs });
      const { weights, epoch, converged } = await trainNet(
        { net, heads, training, heldOut, lambda, parameters, seed: context.seed },
        context.signal,
        ({ epoch: step, ...measured }) => context.report({ configuration, step, learningRate, ...measured }),
      );
      models.push(
        fittedModel({
          tasks: problem.tasks,
          encoder,
          scaler,
          net,
          weights,
          convergence: { converged, iterations: epoch, criterion: 'epochs' },
        }),
      );
    }
    return models;
  },

  load: loadModel,
};

/** The lower one of two middle values. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1];
}
