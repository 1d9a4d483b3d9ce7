import type { Problem, Task } from '../../dataset/problem';
import { probabilityOfLabel } from '../../evaluate/losses';
import type { FitContext, FittedModel, JsonObject, TaskPredictions } from '../../learner/learner';
import { linearLearner } from '../../learner/linear';
import { resolveGrid } from '../../sweep/grid';
import { mostBlocks } from './blocks';

/** One task's second level: its problem over the members' predictions, and how it is regularised. */
export interface SecondLevelInput {
  /** Of one task; `rows` are those with a label to learn from. They differ in their features, the plainest first. */
  readonly problems: readonly Problem[];
  /** Complete parameters of a linear model. */
  readonly parameters: JsonObject;
  /** Block of each row of the table; blocks are what λ is chosen, and the validation predicted, across. Negative: no block. */
  readonly blocks: Int32Array;
  readonly context: FitContext;
}

export interface SecondLevel {
  readonly model: FittedModel;
  readonly lambda: number;
  /** Of every row of the table that is in a block, by a model that never saw its block, with a λ it had no part in. */
  readonly validation: TaskPredictions;
}

const GRID_POINTS = 20;
/** Fewer rows than this, or one class only, are nothing to learn a second level from. */
const FEWEST_ROWS = 8;

/**
 * A linear (or logistic) model whose λ is chosen by cross-validation over blocks, and its cross-fitted predictions: for
 * block k, λ is chosen on the others (each predicted by a fit without it and k), and the fit without k at that λ predicts
 * k. A fit without j and k serves both, so b blocks take b (b − 1) / 2 + b + 1 paths.
 *
 * Of several sets of features the one is taken, with its λ, that cross-validation prefers: it is a choice as that of λ is.
 *
 * @returns undefined where the labels are too few
 */
export async function fitSecondLevel(input: SecondLevelInput): Promise<SecondLevel | undefined> {
  const { problems, parameters, blocks, context } = input;
  const [problem] = problems;
  const count = mostBlocks(blocks);
  if (count < 2 || !isLearnable(problem, blocks, count)) return undefined;
  const candidates = problems.flatMap((own) => {
    const lambdas = gridOf(own, parameters);
    return lambdas ? [{ problem: own, lambdas }] : [];
  });
  if (candidates.length === 0) return undefined;
  const lambdas = candidates.flatMap((candidate) => candidate.lambdas);
  const path = async (without: readonly number[]): Promise<readonly FittedModel[]> => {
    const models: FittedModel[] = [];
    for (const { problem: own, lambdas: among } of candidates) {
      const rows = own.rows.filter((row) => !without.includes(blocks[row]));
      const configurations = among.map((lambda) => ({ lambda, parameters }));
      models.push(...(await linearLearner.fit({ ...own, rows }, configurations, context)));
    }
    return models;
  };
  // losses[k][j]: of the rows in block j by fits without j and k, one a λ; k = j: without j alone.
  const losses = Array.from({ length: count }, () => new Array<Float64Array>(count));
  const withoutOne: (readonly FittedModel[])[] = [];
  for (let k = 0; k < count; k++) {
    withoutOne[k] = await path([k]);
    losses[k][k] = lossesOn(problem, blocks, k, withoutOne[k]);
    for (let j = 0; j < k; j++) {
      const models = await path([j, k]);
      losses[k][j] = lossesOn(problem, blocks, j, models);
      losses[j][k] = lossesOn(problem, blocks, k, models);
    }
  }
  const [task] = problem.tasks;
  const validation = emptyPredictions(task, problem.dataset.rowCount);
  for (let k = 0; k < count; k++) {
    const chosen = leastLoss(losses[k].filter((_, j) => j !== k));
    putBlock(problem, blocks, k, withoutOne[k][chosen], validation);
  }
  const chosen = leastLoss(losses.map((of, k) => of[k]));
  // The whole path, as a fit at one λ alone starts elsewhere and ends with other last digits.
  const models = await path([]);
  return { model: models[chosen], lambda: lambdas[chosen], validation };
}

/** Largest first; undefined where no feature says anything. */
function gridOf(problem: Problem, parameters: JsonObject): readonly number[] | undefined {
  const lambdaMax = linearLearner.lambdaMax?.(problem, parameters);
  const { lambdaRatio: ratio } = linearLearner.capabilities(parameters);
  if (lambdaMax === undefined || !(lambdaMax > 0)) return undefined;
  return resolveGrid({ kind: 'grid', points: GRID_POINTS, ...(ratio !== undefined && { ratio }) }, lambdaMax);
}

/** Every fit has rows enough, and two classes where there are classes. */
function isLearnable({ rows, labels, tasks }: Problem, blocks: Int32Array, count: number): boolean {
  for (let k = 0; k < count; k++) {
    for (let j = 0; j <= k; j++) {
      const left = rows.filter((row) => blocks[row] !== k && blocks[row] !== j);
      const values = new Set(Array.from(left, (row) => labels[0][row]));
      if (left.length < FEWEST_ROWS || values.size < 2) return false;
      if (tasks[0].type === 'multiclass' && values.size < tasks[0].classes.length) return false;
    }
  }
  return true;
}

/** Summed loss of the labelled rows of one block, one a model. */
function lossesOn(
  { dataset, tasks, labels, rows, sampleWeight }: Problem,
  blocks: Int32Array,
  block: number,
  models: readonly FittedModel[],
): Float64Array {
  const held = rows.filter((row) => blocks[row] === block);
  return Float64Array.from(models, (model) => {
    const [{ values, width }] = model.predict(dataset, held);
    return held.reduce((sum, row, i) => {
      const label = labels[0][row];
      const loss =
        tasks[0].type === 'regression'
          ? (label - values[i]) ** 2
          : -Math.log(probabilityOfLabel(values, width, i, label));
      return sum + (sampleWeight?.[row] ?? 1) * loss;
    }, 0);
  });
}

/** The candidate and λ of least summed loss, of equals the plainest and the largest. */
function leastLoss(losses: readonly Float64Array[]): number {
  const sums = losses[0].map((_, l) => losses.reduce((sum, of) => sum + of[l], 0));
  return sums.indexOf(sums.reduce((least, sum) => Math.min(least, sum)));
}

function putBlock(
  { dataset }: Problem,
  blocks: Int32Array,
  block: number,
  model: FittedModel,
  into: TaskPredictions,
): void {
  const rows = Int32Array.from(blocks.keys()).filter((row) => blocks[row] === block);
  const [{ values, width }] = model.predict(dataset, rows);
  rows.forEach((row, i) => {
    into.values.set(values.subarray(i * width, (i + 1) * width), row * width);
  });
}

function emptyPredictions(task: Task, rows: number): TaskPredictions {
  const width = task.type === 'multiclass' ? task.classes.length : 1;
  return { values: new Float32Array(rows * width).fill(Number.NaN), width };
}
