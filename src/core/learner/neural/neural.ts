import type { FittedModel, Learner, TensorBackend } from '../learner';
import { readCheckpoint, writeCheckpoint } from './checkpoint';
import { neuralFamily } from './family';
import type { Kernels } from './kernels';
import { fittedModel, loadModel } from './model';
import { neuralParameters } from './parameters';
import { blueprintOf, groupStacks } from './stacks';
import { type EpochReport, type StackState, trainStack } from './train';
import { prepareTraining } from './training-data';
import { provideKernels, withWorkspace } from './workspace';

/**
 * Neural nets over several tasks, in six architectures of sharing (`architectures.ts`).
 *
 *     min_θ  Σ_t w_t L_t(θ) + λ R(θ)
 *
 * by Adam, AdamW or stochastic gradient descent on batches (`Member.step` says how a batch stands for the whole). R is
 * ½ Σ ‖W‖² over all weights, or over the heads', or ½ Σ_t ‖θ_t − θ‖² between softly shared nets, as `lambda_on` says.
 * Regression targets are standardised; missing labels have no loss. With `hidden: []` a shared bottom is ridge, logistic
 * and softmax regression, tied together by λ alone.
 *
 * `convergence.iterations` is the epoch whose weights were kept. Configurations whose shapes agree are trained together,
 * with the numbers that each would have alone.
 */
export const neuralLearner: Learner = {
  ...neuralFamily,

  refitParameters(parameters, iterations) {
    if (parameters.early_stopping === false || iterations.length === 0) return parameters;
    return { ...parameters, early_stopping: false, epochs: Math.max(1, median(iterations)) };
  },

  async fit(problem, configurations, context) {
    const backend = await context.tensorBackend();
    provideKernels(backend.kernels, backend.kernelThreads);
    const wrap = await productsOf(backend);
    const parsed = configurations.map(({ parameters }) => neuralParameters.parse(parameters));
    const models = new Map<number, FittedModel>();
    const before = context.checkpoints?.resume ? readCheckpoint(context.checkpoints.resume) : [];
    const done: StackState[] = [];
    const stacks = groupStacks(parsed);
    for (const [s, indices] of stacks.entries()) {
      context.signal.throwIfAborted();
      const settings = parsed[indices[0]];
      const { encoder, scaler, training, heldOut } = prepareTraining(problem, settings, context.seed);
      const blueprint = blueprintOf(problem, encoder, settings);
      const members = indices.map((i) => ({ lambda: configurations[i].lambda, parameters: parsed[i] }));
      const stack = { blueprint, training, heldOut, members, seed: context.seed };
      let ended: (() => StackState) | undefined;
      const hooks = {
        signal: context.signal,
        resume: before[s],
        offer: (take: () => StackState) => {
          ended = take;
          context.checkpoints?.offer(() => writeCheckpoint([...done, take()]));
        },
        report: ({ member, epoch, ...measured }: EpochReport) =>
          context.report({ configuration: indices[member], step: epoch, ...measured }),
      };
      const nets = await withWorkspace(async (workspace) => {
        const trained = await trainStack(stack, workspace, hooks);
        if (s + 1 === stacks.length) return trained;
        // What a checkpoint within a later stack must know of this one.
        const state = context.checkpoints && (ended?.() ?? before[s]);
        if (state) done.push(state);
        return trained;
      }, wrap);
      nets.forEach(({ weights, epoch, converged }, m) => {
        const convergence = { converged, iterations: epoch, criterion: 'epochs' as const };
        const model = { tasks: problem.tasks, encoder, scaler, blueprint, weights, convergence };
        models.set(indices[m], fittedModel(model));
      });
    }
    return [...models.entries()].sort(([a], [b]) => a - b).map(([, model]) => model);
  },

  load: loadModel,
};

/** Multiplications below which a product is not worth handing to native code: 0.1 ms of our own. */
const FEWEST_NATIVE = 2_000_000;

/** Products by TensorFlow.js where the backend has nothing faster; the tensor library is loaded only then. */
async function productsOf({
  name,
  kernels,
}: TensorBackend): Promise<((base: Kernels) => Kernels) | undefined> {
  if (name === 'cpu' || (name === 'wasm' && kernels)) return undefined;
  const { tensorKernels } = await import('./kernels/tensor');
  const isNative = name === 'native' && kernels !== undefined;
  const products = { transposes: name === 'native', fewest: isNative ? FEWEST_NATIVE : 0 };
  return (base) => tensorKernels(base, products);
}

/** The lower one of two middle values. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1];
}
