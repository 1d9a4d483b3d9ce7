import * as z from 'zod';
import type { ParameterMistake } from '../family';
import type { JsonObject } from '../learner';
import { type RegressionLosses, regressionLossNames, regressionLossOf } from './losses';
import {
  createPenalty,
  type PenaltyName,
  type PenaltyOption,
  penaltyNames,
  penaltyOptions,
  type TaskEdge,
} from './penalties';

/** What a model of `kind: linear` can say in the experiment file, besides `kind` and `lambda`. */
export const linearParameters = z.strictObject({
  penalty: z
    .enum(penaltyNames)
    .default('group-lasso')
    .describe(
      'R(W). `group-lasso`: a feature is used by all tasks or by none (L2,1, shares between tasks). `lasso`: each task picks its own features. `ridge`: all weights shrink. `elastic-net`, `group-elastic-net`: lasso or group lasso with a part of ridge. `trace`: the weights of all tasks lie in a space of few dimensions (shares between tasks). `mean-regularised`: weights are pulled to the mean of the tasks. `graph`: weights of tasks that are joined are pulled to each other. `dirty`: W = P + Q, features that all tasks use and weights that single tasks add.',
    ),
  l1_ratio: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe(
      'Elastic nets: the part ρ of the lasso or group lasso in ρ ‖W‖ + (1 − ρ) ½ ‖W‖²; 0.5 where it is not written.',
    ),
  ridge_ratio: z
    .number()
    .positive()
    .optional()
    .describe(
      '`mean-regularised`, `graph`: the part ε of ridge, R(W) = (what pulls tasks together) + ε ½ ‖W‖²; 0.1 where it is not written.',
    ),
  edges: z
    .array(z.tuple([z.string(), z.string()]).rest(z.number()))
    .min(1)
    .optional()
    .describe(
      '`graph`: pairs of tasks that are joined, each `[task, task]` or `[task, task, weight]`; a negative weight pulls one to the opposite of the other. Not written: all pairs, by the correlation of the weights that ridge gives each task alone.',
    ),
  private_ratio: z
    .number()
    .positive()
    .optional()
    .describe(
      '`dirty`: the price ρ of a weight of a single task over that of a feature for all, λ (Σ ‖P_j‖ + ρ ‖Q‖₁); between 1/√(number of columns), where all is private, and 1, where all is shared; 0.75 where it is not written.',
    ),
  loss: z
    .union([z.enum(regressionLossNames), z.record(z.string(), z.enum(regressionLossNames))])
    .default('squared')
    .describe(
      'L of regression tasks, one for all or a map of tasks to theirs (`squared` for those it does not name); binary tasks have the log loss of a logistic, multiclass tasks of a softmax model. `squared`: half the squared error. `huber`: squared up to an error of `delta`, then linear, so that outliers pull less. `poisson`: for counts; predictions are rates, the exponential of the linear prediction.',
    ),
  delta: z
    .number()
    .positive()
    .optional()
    .describe(
      '`huber`: the error from which on the loss is linear, in standard deviations of the target; 1.345 where it is not written.',
    ),
  solver: z
    .enum(['auto', 'gradient', 'coordinate-descent', 'newton'])
    .default('auto')
    .describe(
      'How the objective is minimised. `auto`: the fastest for the penalty. `gradient`: accelerated proximal gradient. `coordinate-descent`: row by row. `newton`: Newton steps (`ridge`, `mean-regularised`, `graph`). All reach the same optimum.',
    ),
  tolerance: z
    .number()
    .positive()
    .max(0.1)
    .default(1e-6)
    .describe('A fit ends when its duality gap is below this part of the objective at zero weights.'),
  max_iterations: z
    .int()
    .positive()
    .default(10_000)
    .describe(
      'Most iterations of a fit. One that ends here above the tolerance is reported as not converged.',
    ),
});

export type LinearParameters = z.infer<typeof linearParameters>;

/** The same model without sharing between tasks, with the options that it still has. */
export function singleTaskTwin(parameters: JsonObject): JsonObject {
  const twin = createPenalty(linearParameters.parse(parameters)).singleTaskTwin;
  const kept = Object.entries(parameters).filter(
    ([key]) => !isOption(key) || penaltyOptions[key].some((name) => name === twin),
  );
  return { ...Object.fromEntries(kept), penalty: twin };
}

/** Where the edges of a graph name tasks. */
export function taskNames(parameters: JsonObject): (string | number)[][] {
  const { edges = [] } = linearParameters.parse(parameters);
  return edges.flatMap((_, i) => [
    ['edges', i, 0],
    ['edges', i, 1],
  ]);
}

/** Options that do not go together, in what the schema allows. */
export function linearMistakes(parameters: JsonObject): ParameterMistake[] {
  const { penalty, ...others } = linearParameters.parse(parameters);
  return [
    ...solverMistakes({ penalty, ...others }),
    ...lossMistakes(others),
    ...(others.edges ?? []).flatMap(edgeMistakes),
    ...Object.keys(others)
      .filter(isOption)
      .flatMap((key) => optionMistakes(key, penalty)),
  ];
}

/** Solvers minimise what they are made for: Newton's method needs a smooth penalty, coordinate descent one of rows. */
function solverMistakes(parameters: LinearParameters): ParameterMistake[] {
  const { penalty, solver } = parameters;
  const { rows } = createPenalty(parameters);
  const able =
    solver === 'newton'
      ? rows?.derivatives?.smooth === 'everywhere'
      : solver !== 'coordinate-descent' || rows !== undefined;
  if (able) return [];
  return [
    {
      key: 'solver',
      severity: 'error',
      message: `the solver "${solver}" cannot minimise the penalty "${penalty}"${solver === 'newton' ? ', which is not smooth' : ''}`,
      remedy: 'write "auto" or "gradient"',
      replacement: 'auto',
    },
  ];
}

/** The edges of a graph. */
export function comparedTasks(
  parameters: JsonObject,
): { path: (string | number)[]; tasks: [string, string] }[] {
  const { edges = [] } = linearParameters.parse(parameters);
  return edges.map(([from, to], i) => ({ path: ['edges', i], tasks: [from, to] }));
}

/** Paths below the model whose last part is a task's name. */
export function taskKeys(parameters: JsonObject): string[][] {
  const { loss } = linearParameters.parse(parameters);
  return typeof loss === 'string' ? [] : Object.keys(loss).map((task) => ['loss', task]);
}

/** Counts are not below 0. @param task absent: of tasks that are not named, those of long data */
export function leastTarget(parameters: JsonObject, task?: string): number | undefined {
  const { loss } = linearParameters.parse(parameters);
  const own = task === undefined ? loss : regressionLossOf(loss, task);
  return own === 'poisson' ? 0 : undefined;
}

function lossMistakes({ loss, delta }: Pick<LinearParameters, 'loss' | 'delta'>): ParameterMistake[] {
  const named = lossNames(loss);
  if (delta === undefined || named.includes('huber')) return [];
  return [
    {
      key: 'delta',
      severity: 'warning',
      message: `the loss "${named.join('", "')}" has no delta`,
      remedy: 'take `delta` out, or write `loss: huber`',
    },
  ];
}

function lossNames(losses: RegressionLosses): readonly string[] {
  return typeof losses === 'string' ? [losses] : [...new Set(Object.values(losses))];
}

function edgeMistakes(edge: TaskEdge): ParameterMistake[] {
  const [from, to, ...weights] = edge;
  const mistake = { key: 'edges', severity: 'error' } as const;
  if (from === to) {
    return [{ ...mistake, message: `an edge joins "${from}" with itself`, remedy: 'name two tasks' }];
  }
  if (weights.length < 2) return [];
  return [
    {
      ...mistake,
      message: `the edge from "${from}" to "${to}" has more than one weight`,
      remedy: 'write `[task, task]` or `[task, task, weight]`',
    },
  ];
}

function optionMistakes(key: PenaltyOption, penalty: PenaltyName): ParameterMistake[] {
  const of = penaltyOptions[key];
  if (of.includes(penalty)) return [];
  return [
    {
      key,
      severity: 'warning',
      message: `the penalty "${penalty}" has no ${key}`,
      remedy: `take \`${key}\` out, or write the penalty ${of.map((name) => `"${name}"`).join(' or ')}`,
    },
  ];
}

function isOption(key: string): key is PenaltyOption {
  return Object.hasOwn(penaltyOptions, key);
}
