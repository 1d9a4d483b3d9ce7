import type { Encoder } from '../../dataset/encoder';
import { hasLabels, lossWeights, type Problem, type Task, taskWidth } from '../../dataset/problem';
import { fitTargetScaler, type TargetScaler } from '../../dataset/target-scaler';
import type { Configuration, FitContext, FittedModel, JsonObject, Learner } from '../learner';
import { LinearError } from './errors';
import { linearFamily } from './family';
import { encodeFeatures } from './features';
import { createLinearModel, loadLinearModel, predictModels } from './linear-model';
import { type LinearProblem, layOutProblem } from './linear-problem';
import { createLoss, type RegressionLossName, regressionLossOf } from './losses';
import { shapeOf } from './objective';
import { type LinearParameters, linearParameters } from './parameters';
import { createPath, pathStart } from './path';
import { createPenalty, type Penalty } from './penalties';
import type { ModelTask } from './predict';
import type { SolverStep } from './solvers/solver';
import { estimateEdges, relatedColumns, resolveEdges } from './task-relations';
import { createThinner } from './thinner';

/**
 * Linear models of several tasks, fitted jointly with whatever labels each row has:
 *
 *     min Σ_t w_t L_t(X W_t + b_t) + λ R(W)
 *
 * L_t is half the mean squared error (regression, on standardised targets), Huber's loss or half the Poisson deviance in its
 * place where the parameters say so, log loss of a logistic (binary) or softmax
 * (multiclass) model, averaged over the rows labelled for t with their sample weights; X is standardised on the training
 * rows; intercepts b are not penalised. Penalties: see `penalties/`; solvers: see `solvers/`.
 */
export const linearLearner: Learner = {
  ...linearFamily,

  lambdaMax(problem, parameters) {
    const parsed = linearParameters.parse(parameters);
    return startOf(prepare(problem, parsed), parsed);
  },

  async fit(problem, configurations, context) {
    const models: FittedModel[] = new Array(configurations.length);
    const byLoss = new Map<string, Prepared>();
    for (const [parameters, members] of groupByParameters(configurations)) {
      const key = JSON.stringify([parameters.loss, parameters.delta]);
      const prepared = byLoss.get(key) ?? prepare(problem, parameters, byLoss.values().next().value);
      byLoss.set(key, prepared);
      await fitPath(prepared, parameters, members, context, models);
    }
    return models;
  },

  load: loadLinearModel,

  predictTogether: predictModels,
};

interface Prepared {
  /** Of the tasks that have a label to learn from. */
  readonly linear: LinearProblem;
  readonly encoder: Encoder;
  readonly tasks: readonly ModelTask[];
  /** Tasks that have a label to learn from. */
  readonly described: readonly Task[];
  /** Per task, whether it has. */
  readonly hasLabels: readonly boolean[];
  readonly totalFeatures: number;
}

interface PathMember {
  readonly index: number;
  readonly lambda: number;
}

/**
 * Encodes the training rows and lays the tasks out over them: those that have labels there. Of another nothing is learned, its
 * weights are 0.
 * @param other the same problem with another loss: its features serve again
 */
function prepare(problem: Problem, { loss, delta }: LinearParameters, other?: Prepared): Prepared {
  const { rows } = problem;
  const { encoder, design } = other ? { ...other, design: other.linear.design } : encodeFeatures(problem);
  const lossOf = (task: Task) => regressionLossOf(loss, task.id);
  const scaler = scalerOf(problem, lossOf);
  const labelled = problem.tasks.map((_, t) => hasLabels(problem, t));
  const inputs = problem.tasks.flatMap((task, t) => {
    if (!labelled[t]) return [];
    const own = problem.labelWeight?.[t] && lossWeights(problem, t);
    const labels = Float64Array.from(
      rows,
      (row) => (problem.labels[t][row] - scaler.mean[t]) / scaler.scale[t],
    );
    return {
      loss: createLoss(task.type, lossOf(task), delta),
      width: taskWidth(task),
      taskWeight: task.weight,
      labels,
      ...(own && { sampleWeight: Float64Array.from(rows, (row) => own[row]) }),
    };
  });
  if (inputs.length === 0) {
    throw new LinearError(
      'no-labels',
      'No training row has a label of positive weight. Give the tasks labels in this fold, or leave it out.',
    );
  }
  const { sampleWeight } = problem;
  return {
    linear: layOutProblem(design, inputs, {
      intercept: true,
      sampleWeight: sampleWeight && Float64Array.from(rows, (row) => sampleWeight[row]),
    }),
    encoder,
    tasks: problem.tasks.map((task, t) => ({
      type: task.type,
      width: taskWidth(task),
      mean: scaler.mean[t],
      scale: scaler.scale[t],
      link: isCount(task, lossOf) ? ('log' as const) : ('identity' as const),
    })),
    described: problem.tasks.filter((_, t) => labelled[t]),
    hasLabels: labelled,
    totalFeatures: problem.features.length,
  };
}

/** Whether the task's loss is of counts. */
function isCount(task: Task, lossOf: (task: Task) => RegressionLossName): boolean {
  return task.type === 'regression' && lossOf(task) === 'poisson';
}

/**
 * Targets are standardised, counts are as they are.
 * @throws LinearError `negative-counts`
 */
function scalerOf(problem: Problem, lossOf: (task: Task) => RegressionLossName): TargetScaler {
  const { tasks, labels, rows } = problem;
  const { mean, scale } = fitTargetScaler(problem);
  tasks.forEach((task, t) => {
    if (!isCount(task, lossOf)) return;
    mean[t] = 0;
    scale[t] = 1;
    const negative = rows.find((row) => labels[t][row] < 0);
    if (negative === undefined) return;
    throw new LinearError(
      'negative-counts',
      `Task "${task.id}" has the label ${labels[t][negative]} in row ${negative + 1}: \`loss: poisson\` is for counts, from 0 on. Write \`loss: squared\` or \`loss: huber\`, or leave the task out.`,
    );
  });
  return { mean, scale };
}

function startOf(prepared: Prepared, parameters: LinearParameters): number {
  return pathStart(prepared.linear, penaltyOf(prepared, parameters));
}

/** The penalty over these tasks; a graph that is not written is estimated on the training rows. */
function penaltyOf({ linear, described }: Prepared, parameters: LinearParameters): Penalty {
  const { edges } = parameters;
  const groups = () => relatedColumns(described);
  return createPenalty(parameters, {
    groups,
    edges: () => (edges ? resolveEdges(described, edges) : estimateEdges(linear, groups())),
  });
}

/** Time after which messages are heard between two λ. */
const YIELD_MS = 50;

/** Fits one λ path, large λ first, each from the one before; puts the models at their configurations' places. */
async function fitPath(
  prepared: Prepared,
  parameters: LinearParameters,
  members: readonly PathMember[],
  context: FitContext,
  models: FittedModel[],
): Promise<void> {
  const penalty = penaltyOf(prepared, parameters);
  const path = createPath(prepared.linear, penalty, {
    solver: parameters.solver,
    tolerance: parameters.tolerance,
    maxIterations: parameters.max_iterations,
  });
  // Predictions and residuals of all rows, where the path needs no more of them.
  context.giveBack?.();
  let yielded = performance.now();
  for (const { index, lambda } of members.toSorted((a, b) => b.lambda - a.lambda)) {
    // A turn of the event loop takes a millisecond, and many a λ less.
    if (performance.now() - yielded > YIELD_MS) {
      await letOthersRun();
      yielded = performance.now();
    }
    const thinner = createThinner((step: SolverStep) => context.report({ configuration: index, ...step }));
    const { W, b, result } = path.solve(lambda, (step) => {
      context.signal.throwIfAborted();
      thinner.offer(step, step.step);
    });
    thinner.flush();
    const shared = penalty.sharedPart?.(W, shapeOf(prepared.linear));
    models[index] = createLinearModel({
      encoder: prepared.encoder,
      tasks: prepared.tasks,
      weights: amongAll(prepared, W),
      intercepts: amongAll(prepared, b),
      ...(shared && { shared: amongAll(prepared, shared) }),
      totalFeatures: prepared.totalFeatures,
      convergence: {
        converged: result.converged,
        iterations: result.iterations,
        criterion: lambda > 0 ? 'relative duality gap' : 'relative optimality residual',
        residual: result.residual,
      },
    });
  }
}

/** Rows of numbers, one a column of the tasks that are learned, as rows over the columns of all tasks: 0 for the others. */
function amongAll({ tasks, hasLabels, linear }: Prepared, values: Float64Array): Float64Array {
  const places = tasks.flatMap(({ width }, t) => new Array<boolean>(width).fill(hasLabels[t]));
  if (places.length === linear.columns) return values;
  const all = new Float64Array((values.length / linear.columns) * places.length);
  let next = 0;
  for (let at = 0; at < all.length; at++) if (places[at % places.length]) all[at] = values[next++];
  return all;
}

/** Configurations that differ in λ alone form a path. */
function groupByParameters(configurations: readonly Configuration[]): Map<LinearParameters, PathMember[]> {
  const byText = new Map<string, LinearParameters>();
  const groups = new Map<LinearParameters, PathMember[]>();
  for (const [index, { parameters, lambda }] of configurations.entries()) {
    if (lambda === undefined || !(lambda >= 0)) {
      throw new LinearError('missing-lambda', `A linear model needs a lambda of at least 0, not ${lambda}.`);
    }
    const key = canonical(parameters);
    const known = byText.get(key) ?? linearParameters.parse(parameters);
    byText.set(key, known);
    const members = groups.get(known) ?? [];
    members.push({ index, lambda });
    groups.set(known, members);
  }
  return groups;
}

function canonical(parameters: JsonObject): string {
  return JSON.stringify(Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A turn of the event loop, so that messages (cancel among them) are heard between fits. */
function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
