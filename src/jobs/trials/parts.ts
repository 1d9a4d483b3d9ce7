import { hasLabels, type Problem, poolTasks, restrictToTask } from '../../core/dataset';
import type { FitTrial, ModelKey } from '../../core/experiment';
import { type Configuration, type FittedModel, type Learner, learners } from '../../core/learner';
import type { RunData } from '../run-data';
import { type TrialContext, TrialError } from './context';

/** One call of a learner: the whole problem, or one task of it, or all rows as one task. */
export interface Part {
  readonly problem: Problem;
  readonly configurations: readonly Configuration[];
  /** Index of each configuration among its trial's. */
  readonly indices: readonly number[];
  /** Index of the task that is learned alone. */
  readonly task?: number;
  /**
   * Tasks of the table that the part predicts, and where among the model's own tasks each is; none without a label in the
   * training rows: what a model says of such a task is no prediction.
   */
  readonly covers: readonly { readonly task: number; readonly own: number }[];
}

/**
 * The learner calls a trial is made of.
 * @param chosen which configurations to fit, for each call; absent: all. Joint with one choice a task: a call fits each
 * distinct choice once.
 */
export function partsOf(
  data: RunData,
  { key, configurations }: { key: ModelKey; configurations: FitTrial['configurations'] },
  rows: Int32Array,
  chosen?: readonly number[],
): readonly Part[] {
  const problem = data.problem(rows);
  const all = data.table.tasks.map((_, task) => task);
  const pick = (list: readonly Configuration[], indices: readonly number[] | undefined) => {
    const wanted = indices ?? list.map((_, i) => i);
    return { configurations: wanted.map((i) => list[i]), indices: wanted };
  };
  switch (key.scope) {
    case 'joint':
      return [
        {
          problem,
          ...pick(configurations[0], chosen && distinct(chosen)),
          covers: all.filter((task) => hasLabels(problem, task)).map((task) => ({ task, own: task })),
        },
      ];
    case 'pooled': {
      const { rowTask } = data.table;
      if (rowTask === undefined)
        throw new TrialError('no-labels', 'Only long data can be learned as one task.');
      const pooled = poolTasks(problem, rowTask);
      const labelled = { ...pooled, rows: rows.filter((row) => !Number.isNaN(pooled.labels[0][row])) };
      return [
        {
          problem: labelled,
          ...pick(configurations[0], chosen && distinct(chosen)),
          covers: hasLabels(labelled, 0) ? all.map((task) => ({ task, own: 0 })) : [],
        },
      ];
    }
    case 'single-task':
      return all.map((task) => ({
        problem: restrictToTask(problem, task),
        ...pick(configurations[task], chosen && [chosen.length === 1 ? chosen[0] : chosen[task]]),
        task,
        covers: hasLabels(problem, task) ? [{ task, own: 0 }] : [],
      }));
  }
}

export function learnerOf(kind: string): Learner {
  if (Object.hasOwn(learners, kind)) return learners[kind];
  throw new TrialError('unknown-learner', `There is no learner of kind "${kind}" in this version.`);
}

/**
 * Fits a part, and records its steps and what was fitted. Empty where no training row has a label for a task of it.
 * @param keepsStrength also which features it uses, and how much
 */
export async function fitPart(
  learner: Learner,
  part: Part,
  seed: number,
  context: TrialContext,
  keepsStrength = false,
): Promise<readonly FittedModel[]> {
  const { writer, steps, signal } = context;
  const task = part.task === undefined ? {} : { task: part.task };
  context.data.table.tasks.forEach(({ id }, t) => {
    if (part.covers.some((one) => one.task === t) || (part.task ?? t) !== t) return;
    writer.append({
      kind: 'warning',
      message: `No training row has a label for task "${id}": it is not predicted.`,
    });
  });
  if (part.covers.length === 0) return [];
  context.giveBack();
  const begun = context.checkpoints.begin(learner);
  if ('models' in begun) return begun.models;
  const models = await learner.fit(part.problem, part.configurations, {
    seed,
    signal,
    checkpoints: begun.checkpoints,
    report: ({ configuration, ...values }) => {
      steps.append({ ...values, configuration: part.indices[configuration], ...task });
      context.onStep();
    },
    ...(context.threads && { threads: context.threads }),
    giveBack: () => context.giveBack(),
    tensorBackend: () => context.tensorBackend(),
  });
  steps.rest();
  models.forEach((model, i) => {
    const { convergence, summary } = model;
    writer.append({
      kind: 'fitted',
      configuration: part.indices[i],
      ...task,
      lambda: part.configurations[i].lambda ?? null,
      convergence: { ...convergence, residual: finiteOrAbsent(convergence.residual) },
      ...summary,
      ...(keepsStrength && strongest(model)),
    });
  });
  context.checkpoints.end(models);
  return models;
}

/** The same models once more, for their predictions: nothing is recorded. */
export async function fitAgain(
  learner: Learner,
  part: Part,
  seed: number,
  context: TrialContext,
): Promise<readonly FittedModel[]> {
  if (part.covers.length === 0) return [];
  context.giveBack();
  return learner.fit(part.problem, part.configurations, {
    seed,
    signal: context.signal,
    report: () => context.onStep(),
    ...(context.threads && { threads: context.threads }),
    giveBack: () => context.giveBack(),
    tensorBackend: () => context.tensorBackend(),
  });
}

/** Features whose strength is kept of each fit. */
const MOST_FEATURES = 60;

function strongest(model: FittedModel): { readonly strength?: Readonly<Record<string, number>> } {
  const all = model.featureStrength?.();
  if (all === undefined) return {};
  const kept = Object.entries(all)
    .filter(([, value]) => value > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_FEATURES);
  return { strength: Object.fromEntries(kept.map(([name, value]) => [name, Number(value.toPrecision(5))])) };
}

/** JSON has no NaN or infinity. */
function finiteOrAbsent(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function distinct(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
