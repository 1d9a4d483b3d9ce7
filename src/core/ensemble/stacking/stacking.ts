import { encoderFromJSON } from '../../dataset/encoder';
import type { Problem } from '../../dataset/problem';
import type { FitContext, FittedModel, TaskPredictions } from '../../learner/learner';
import { linearFamily } from '../../learner/linear/family';
import { applyWeights } from '../apply-weights';
import { meanWeights } from '../mean';
import type { MemberPredictions } from '../member-predictions';
import { checkInput, type WeightsInput } from '../member-table';
import { blocksOf } from './blocks';
import { fitSecondLevel } from './second-level';
import { sourceTasks } from './sources';
import { columnNamed, type StackTable, stackTable } from './stack-table';

export interface StackingOptions {
  /** `tasks`: every task learns from the members' predictions of all tasks; `own`: from those of the task itself. */
  readonly across: 'tasks' | 'own';
  readonly penalty: 'ridge' | 'lasso' | 'elastic-net';
  /** Part of the lasso in an elastic net. */
  readonly l1Ratio: number;
}

/** The second level of one task: a fitted model, or the plain mean where there were too few labels for one. */
export type StackedTask = FittedModel | 'mean';

export interface Stacking {
  readonly tasks: readonly StackedTask[];
  /** Cross-fitted, one a task. */
  readonly validation: readonly TaskPredictions[];
  /** weights[task][member]: shares of the standardised weights' sizes, summing to 1; 0: not used. */
  readonly weights: readonly (readonly number[])[];
  /** influence[task][source]: the same shares by the task whose predictions are used. */
  readonly influence: readonly (readonly number[])[];
  /** Per task, the second level's λ; null where it is the mean. */
  readonly lambdas: readonly (number | null)[];
}

/**
 * Stacking: per task a regularised linear (regression) or logistic model of the members' out-of-fold predictions, of its
 * own task or of all tasks, so that what is predicted for one informs another. λ is chosen by cross-validation over the
 * folds of those predictions; the validation predictions are cross-fitted, the choice of λ included.
 *
 * Wolpert, Stacked generalization, Neural Networks 5 (1992); over tasks: Spyromitros-Xioufis, Tsoumakas, Groves and Vlahavas,
 * Multi-target regression via input space expansion, Machine Learning 104 (2016), whose finding it is that the second
 * level must learn from out-of-fold predictions.
 *
 * @param folds fold of each row, those the members' predictions come from; negative: never held out
 * @throws EnsembleError `no-members`, `shape`
 */
export async function fitStacking(
  input: WeightsInput,
  folds: Int32Array,
  { across, penalty, l1Ratio }: StackingOptions,
  context: FitContext,
): Promise<Stacking> {
  checkInput(input);
  const parameters = linearFamily.parameters.parse({
    penalty,
    ...(penalty === 'elastic-net' && { l1_ratio: l1Ratio }),
  }) as Readonly<Record<string, string | number>>;
  const table = stackTable(input.tasks, input.members);
  const equal = meanWeights(input.tasks.length, input.members.length);
  const mean = applyWeights(input.members, equal);
  const blocks = blocksOf(folds);
  const sources = across === 'own' ? input.tasks.map((_, t) => [t]) : sourceTasks(input.members);
  const tasks: StackedTask[] = [];
  const validation: TaskPredictions[] = [];
  const lambdas: (number | null)[] = [];
  for (let t = 0; t < input.tasks.length; t++) {
    const plain = problemOf(input, table, t, [t]);
    // What other tasks say is one more candidate: a task that it does not help goes without.
    const wide = sources[t].length > 1 ? [problemOf(input, table, t, sources[t])] : [];
    const problems = [plain, ...wide].filter(({ features }) => features.length > 0);
    const own = predictedOnly(blocks, plain);
    const level =
      problems.length > 0 ? await fitSecondLevel({ problems, parameters, blocks: own, context }) : undefined;
    tasks.push(level?.model ?? 'mean');
    validation.push(level?.validation ?? mean[t]);
    lambdas.push(level?.lambda ?? null);
  }
  const sizes = tasks.map((task) => (task === 'mean' ? undefined : sizesOf(task, input)));
  return {
    tasks,
    validation,
    lambdas,
    weights: sizes.map((of, t) => (of ? shares(of.members) : equal[t])),
    influence: sizes.map((of, t) => shares(of ? of.tasks : input.tasks.map((_, s) => (s === t ? 1 : 0)))),
  };
}

/** Predictions of other rows by a stacking that was fitted. @param members as in the fit */
export function applyStacking(
  tasks: WeightsInput['tasks'],
  stacked: readonly StackedTask[],
  members: MemberPredictions,
): TaskPredictions[] {
  const { dataset } = stackTable(tasks, members);
  const rows = Int32Array.from({ length: dataset.rowCount }, (_, row) => row);
  const mean = applyWeights(members, meanWeights(tasks.length, members.length));
  return stacked.map((task, t) => {
    if (task === 'mean') return mean[t];
    const [{ values, width }] = task.predict(dataset, rows);
    // Where no member says anything of the task, neither does the ensemble.
    const known = rows.map((row) =>
      members.some((member) => !Number.isNaN(member[t].values[row * width])) ? 1 : 0,
    );
    return { values: values.map((value, i) => (known[Math.floor(i / width)] ? value : Number.NaN)), width };
  });
}

/** One task over the members' predictions: the columns that say anything on its labelled rows. */
function problemOf(
  input: WeightsInput,
  { dataset, columns }: StackTable,
  t: number,
  sources: readonly number[],
): Problem {
  const labels = input.labels[t];
  const own = columns.flatMap(({ task }, c) => (task === t ? [c] : []));
  const isPredicted = (row: number): boolean => own.some((c) => !Number.isNaN(valueAt(dataset, c, row)));
  const rows = Int32Array.from(labels.keys()).filter(
    (row) => !Number.isNaN(labels[row]) && !(input.weights && input.weights[row] <= 0) && isPredicted(row),
  );
  const features = columns.flatMap(({ task }, c) =>
    sources.includes(task) && rows.some((row) => !Number.isNaN(valueAt(dataset, c, row))) ? [c] : [],
  );
  return {
    dataset,
    features,
    tasks: [{ ...input.tasks[t], weight: 1 }],
    labels: [labels],
    ...(input.weights && { sampleWeight: input.weights }),
    rows,
  };
}

/** Rows that no member predicted for the task are in no block. */
function predictedOnly(blocks: Int32Array, { dataset, features }: Problem): Int32Array {
  return blocks.map((block, row) =>
    features.some((c) => !Number.isNaN(valueAt(dataset, c, row))) ? block : -1,
  );
}

function valueAt(dataset: Problem['dataset'], column: number, row: number): number {
  const of = dataset.columns[column];
  return of.kind === 'numeric' ? of.values[row] : Number.NaN;
}

/** Sums of the sizes of a second level's weights, by member and by task. */
function sizesOf(model: FittedModel, { tasks, members }: WeightsInput) {
  const { header, arrays } = model.serialize();
  const { names } = encoderFromJSON(header.encoder);
  const { weights } = arrays;
  const byMember = members.map(() => 0);
  const byTask = tasks.map(() => 0);
  const outputs = weights.length / Math.max(1, names.length);
  names.forEach((name, j) => {
    const { member, task } = columnNamed(name);
    for (let c = 0; c < outputs; c++) {
      byMember[member] += Math.abs(weights[j * outputs + c]);
      byTask[task] += Math.abs(weights[j * outputs + c]);
    }
  });
  return { members: byMember, tasks: byTask };
}

/** Divided by their sum; all 0 where that is 0: then the second level is a constant. */
function shares(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => (sum > 0 ? value / sum : 0));
}
