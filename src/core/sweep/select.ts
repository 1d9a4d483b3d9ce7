import type { Selection } from '../evaluate/leaderboard';
import type { LambdaSpec } from '../experiment/experiment';
import type { SelectionRule } from '../experiment/trial';
import type { JsonObject } from '../learner/learner';
import { edgeWarnings } from './edges';
import { summarizeFolds } from './folds';

export interface SelectionInput {
  /**
   * skills[fold][configuration][task]: skill on the held-out rows against the mean/majority predictor, larger is
   * better; NaN or null where it is undefined (no labels in the fold, a fit that broke down).
   */
  readonly skills: readonly (readonly (readonly (number | null)[])[])[];
  readonly rule: SelectionRule;
  /** λ of every configuration, null where there is none: one list, or one a task where each has its own grid. */
  readonly lambdas: readonly (readonly (number | null)[])[];
  /** Swept hyperparameters of every configuration, λ apart; lists as in `lambdas`. Absent: λ alone is swept. */
  readonly values?: readonly (readonly JsonObject[])[];
  /** How the file gives the λ, for the words of warnings; absent: as a list. */
  readonly spec?: LambdaSpec;
  /** Task ids, for the words of warnings. */
  readonly tasks: readonly string[];
  /** One choice by the mean skill over tasks, or one a task by that task's skill. */
  readonly per: 'model' | 'task';
}

/**
 * The configuration of a sweep that the rule picks.
 *
 * `best`: the largest mean over folds; of equals the largest λ. `one-standard-error`: the largest λ whose mean is
 * within one standard error (over folds, of the best) of the best (Breiman et al. 1984, section 3.4.3); never a smaller
 * λ than the best's, and never other values than the best's of the other hyperparameters, under which a λ means something
 * else. A fold's score is the mean over the tasks that are defined in it. Configurations are compared on
 * the same cells: one that lacks a score others have (its fit broke down) is chosen only where all lack some.
 * @throws RangeError when there is no fold or no configuration
 */
export function selectConfigurations({
  skills,
  rule,
  lambdas,
  values,
  spec,
  tasks,
  per,
}: SelectionInput): Selection {
  const count = skills[0]?.length ?? 0;
  if (count === 0) throw new RangeError('A selection needs at least one fold and one configuration.');
  const taskIndices = tasks.map((_, t) => t);
  const summaries = Array.from({ length: count }, (_, c) => ({
    all: summarizeFolds(skills, c, taskIndices),
    tasks: taskIndices.map((t) => summarizeFolds(skills, c, [t])),
  }));
  const byTask = taskIndices.map((t) => summaries.map((summary) => summary.tasks[t]));
  const overAll = summaries.map((summary) => summary.all);
  const pickers = per === 'model' ? [overAll] : byTask;
  const lambdasOf = (index: number): readonly (number | null)[] => lambdas[index] ?? lambdas[0];
  const pathsOf = memoised((index) => pathNames(values?.[index] ?? values?.[0], count));
  const choose = (
    all: readonly (readonly FoldSummary[])[],
  ): { best: number[]; oneStandardError: number[] } => {
    // Without a score of its own a task has what is best for the others, rather than the largest λ, at which nothing is learned.
    const known = all.map((scores) => (isUndefined(scores) ? overAll : scores));
    const best = known.map((scores, index) => pickBest(scores, lambdasOf(index)));
    return {
      best,
      oneStandardError: known.map((scores, index) =>
        pickOneStandardError(scores, best[index], lambdasOf(index), pathsOf(index)),
      ),
    };
  };
  const { best, oneStandardError } = choose(pickers);
  const chosen = rule === 'best' ? best : oneStandardError;
  const alone = per === 'task' || tasks.length < 2 ? undefined : choose(byTask);
  const valuesOf = (index: number, configuration: number): JsonObject =>
    (values?.[index] ?? values?.[0])?.[configuration] ?? {};
  return {
    rule,
    chosen,
    chosenLambda: chosen.map((configuration, index) => lambdasOf(index)[configuration] ?? null),
    best,
    oneStandardError,
    ...(values && { chosenValues: chosen.map((configuration, index) => valuesOf(index, configuration)) }),
    ...(alone && { byTask: rule === 'best' ? alone.best : alone.oneStandardError }),
    path: summaries.map((summary, configuration) => ({
      configuration,
      lambda: lambdas.map((list) => list[configuration] ?? null),
      ...(values && { values: differing(values.map((list) => list[configuration] ?? {})) }),
      mean: summary.all.mean,
      standardError: summary.all.standardError,
      tasks: summary.tasks.map(({ mean, standardError }) => ({ mean, standardError })),
    })),
    warnings: [
      ...undefinedWarnings(pickers, tasks, per),
      ...edgeWarnings({
        choices: pickers.flatMap((scores, index) =>
          isUndefined(scores)
            ? []
            : [
                {
                  chosen: chosen[index],
                  best: best[index],
                  lambdas: samePath(lambdasOf(index), pathsOf(index), best[index]),
                  means: scores.map(({ mean }) => mean),
                  ...(per === 'task' && { task: tasks[index] }),
                },
              ],
        ),
        rule,
        spec,
        taskCount: tasks.length,
      }),
    ],
  };
}

type FoldSummary = ReturnType<typeof summarizeFolds>;

function pickBest(scores: readonly FoldSummary[], lambdas: readonly (number | null)[]): number {
  const most = Math.max(...scores.map((score) => score.cells));
  let best = -1;
  for (const [c, { mean, cells }] of scores.entries()) {
    if (cells < most) continue;
    const gain = best < 0 ? Infinity : mean - scores[best].mean;
    if (gain > 0 || (!(gain < 0) && lambdaOf(lambdas, c) > lambdaOf(lambdas, best))) best = c;
  }
  return best;
}

function pickOneStandardError(
  scores: readonly FoldSummary[],
  best: number,
  lambdas: readonly (number | null)[],
  paths: readonly string[],
): number {
  const threshold = scores[best].mean - scores[best].standardError;
  let chosen = best;
  for (const [c, { mean, cells }] of scores.entries()) {
    if (cells < scores[best].cells || !(mean >= threshold) || paths[c] !== paths[best]) continue;
    if (lambdaOf(lambdas, c) > lambdaOf(lambdas, chosen)) chosen = c;
  }
  return chosen;
}

/** Names of the values of the other hyperparameters: those of one name are one λ path. */
function pathNames(values: readonly JsonObject[] | undefined, count: number): string[] {
  return Array.from({ length: count }, (_, c) => JSON.stringify(values?.[c] ?? {}));
}

/** λ of the configurations of one path; null for the others, which have ends of their own. */
function samePath(
  lambdas: readonly (number | null)[],
  paths: readonly string[],
  configuration: number,
): (number | null)[] {
  return lambdas.map((lambda, c) => (paths[c] === paths[configuration] ? lambda : null));
}

/** One entry where all lists have the same. */
function differing(values: readonly JsonObject[]): readonly JsonObject[] {
  const [first] = values;
  const name = JSON.stringify(first);
  return values.every((one) => JSON.stringify(one) === name) ? [first] : values;
}

function memoised<T>(make: (index: number) => T): (index: number) => T {
  const made = new Map<number, T>();
  return (index) => {
    const known = made.get(index) ?? make(index);
    made.set(index, known);
    return known;
  };
}

/** Without a λ no configuration shares more than another. */
function lambdaOf(lambdas: readonly (number | null)[], configuration: number): number {
  return lambdas[configuration] ?? -Infinity;
}

const isUndefined = (scores: readonly FoldSummary[]): boolean => scores.every(({ cells }) => cells === 0);

function undefinedWarnings(
  pickers: readonly (readonly FoldSummary[])[],
  tasks: readonly string[],
  per: SelectionInput['per'],
): string[] {
  const empty = pickers.flatMap((scores, index) => (isUndefined(scores) ? [index] : []));
  if (empty.length === 0) return [];
  if (per === 'model') return ['no fold gives a score: the first configuration was taken'];
  const of = empty.map((t) => tasks[t]).join(', ');
  const instead =
    empty.length < pickers.length
      ? 'what is best for the other tasks was taken'
      : 'the first configuration was taken';
  return [`no fold gives a score for ${of}: ${instead}`];
}
