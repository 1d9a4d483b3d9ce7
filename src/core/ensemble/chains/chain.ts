import { assignFolds, type Dataset, type Problem, restrictToTask, type Task, taskWidth } from '../../dataset';
import type { Configuration, FitContext, FittedModel, Learner, TaskPredictions } from '../../learner/learner';
import { seedFrom } from '../../random';
import { ChainTable, putPredictions } from './chain-table';

export interface ChainInput {
  /** All tasks; `rows` are the training rows. */
  readonly problem: Problem;
  /** Indices of the tasks in the order of the chain, each once. */
  readonly order: readonly number[];
  /** Inner folds that give the predictions which later tasks learn from. */
  readonly folds: number;
  readonly rowTask?: Int32Array;
  readonly rowGroup?: Int32Array;
  readonly learner: Learner;
  /** One a task, in the order of `problem.tasks`. */
  readonly configurations: readonly Configuration[];
}

/** One link: the task, and its model; absent where no training row had a label for it. */
export interface ChainLink {
  readonly task: number;
  readonly model?: FittedModel;
}

/**
 * Fits a chain: task π_k learns from the features and the predictions of π_1 … π_{k−1}. While fitting, these are
 * out-of-fold predictions by inner folds, as the models' own fit would promise more than they can give on new rows.
 * Every training row has them, labelled or not, so tasks need not be labelled on the same rows.
 *
 * Read, Pfahringer, Holmes and Frank, Classifier chains for multi-label classification, Machine Learning 85 (2011);
 * Spyromitros-Xioufis, Tsoumakas, Groves and Vlahavas, Multi-target regression via input space expansion, Machine Learning 104
 * (2016), for regressor chains, their ensembles and out-of-fold predictions.
 *
 * @returns one a task, in the order of the chain
 * @throws DataError `folds` where there are fewer than two training rows (or groups)
 */
export async function fitChain(input: ChainInput, context: FitContext): Promise<readonly ChainLink[]> {
  const { problem, order } = input;
  const table = new ChainTable(problem.dataset);
  const foldOf = order.length > 1 ? innerFolds(input, context.seed) : new Int32Array(problem.rows.length);
  const links: ChainLink[] = [];
  for (const [k, task] of order.entries()) {
    const extended = {
      ...problem,
      dataset: table.dataset,
      features: [...problem.features, ...table.features],
    };
    const model = await fitTask(input, extended, task, seedFrom(context.seed, task), context);
    links.push({ task, ...(model && { model }) });
    if (k === order.length - 1) break;
    const columns = table.add(problem.tasks[task], task);
    for (let fold = 0; fold < input.folds; fold++) {
      const held = problem.rows.filter((_, i) => foldOf[i] === fold);
      if (held.length === 0) continue;
      const rest = { ...extended, rows: problem.rows.filter((_, i) => foldOf[i] !== fold) };
      const seed = seedFrom(context.seed, task, fold);
      const inner = await fitTask(input, rest, task, seed, context);
      if (inner) putPredictions(columns, held, inner.predict(rest.dataset, held)[0]);
    }
  }
  return links;
}

/** Predictions of `rows` by a chain, one a task in the order of `tasks`; NaN for a task without a model. */
export function predictChain(
  tasks: readonly Task[],
  links: readonly ChainLink[],
  dataset: Dataset,
  rows: Int32Array,
): TaskPredictions[] {
  const table = new ChainTable(dataset);
  const predictions = tasks.map((task): TaskPredictions => {
    const width = taskWidth(task);
    return { values: new Float32Array(rows.length * width).fill(Number.NaN), width };
  });
  for (const { task, model } of links) {
    if (model) [predictions[task]] = model.predict(table.dataset, rows);
    putPredictions(table.add(tasks[task], task), rows, predictions[task]);
  }
  return predictions;
}

function innerFolds({ problem, folds, rowTask, rowGroup }: ChainInput, seed: number): Int32Array {
  const { rows, tasks, labels } = problem;
  const units = rowGroup ? new Set(Array.from(rows, (row) => rowGroup[row])).size : rows.length;
  return assignFolds({
    rows,
    tasks,
    labels,
    ...(rowTask && { rowTask }),
    ...(rowGroup && { rowGroup }),
    folds: Math.min(folds, units),
    seed: seedFrom(seed, 'inner folds'),
  });
}

async function fitTask(
  { learner, configurations }: ChainInput,
  problem: Problem,
  task: number,
  seed: number,
  context: FitContext,
): Promise<FittedModel | undefined> {
  const own = restrictToTask(problem, task);
  if (own.rows.length === 0) return undefined;
  const [model] = await learner.fit(own, [configurations[task]], { ...context, seed });
  return model;
}
