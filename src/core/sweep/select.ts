import type { Selection } from '../evaluate/leaderboard';
import type { LambdaSpec } from '../experiment/experiment';
import type { SelectionRule } from '../experiment/trial';
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
 * λ than the best's. A fold's score is the mean over the tasks that are defined in it. Configurations are compared on
 * the same cells: one that lacks a score others have (its fit broke down) is chosen only where all lack some.
 * @throws RangeError when there is no fold or no configuration
 */
export function selectConfigurations({ skills, rule, lambdas, spec, tasks, per }: SelectionInput): Selection {
  const count = skills[0]?.length ?? 0;
  if (count === 0) throw new RangeError('A selection needs at least one fold and one configuration.');
  const taskIndices = tasks.map((_, t) => t);
  const summaries = Array.from({ length: count }, (_, c) => ({
    all: summarizeFolds(skills, c, taskIndices),
    tasks: taskIndices.map((t) => summarizeFolds(skills, c, [t])),
  }));
  const pickers =
    per === 'model'
      ? [summaries.map((summary) => summary.all)]
      : taskIndices.map((t) => summaries.map((summary) => summary.tasks[t]));
  const lambdasOf = (index: number): readonly (number | null)[] => lambdas[index] ?? lambdas[0];
  const best = pickers.map((scores, index) => pickBest(scores, lambdasOf(index)));
  const oneStandardError = pickers.map((scores, index) =>
    pickOneStandardError(scores, best[index], lambdasOf(index)),
  );
  const chosen = rule === 'best' ? best : oneStandardError;
  return {
    rule,
    chosen,
    chosenLambda: chosen.map((configuration, index) => lambdasOf(index)[configuration] ?? null),
    best,
    oneStandardError,
    path: summaries.map((summary, configuration) => ({
      configuration,
      lambda: lambdas.map((list) => list[configuration] ?? null),
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
                  lambdas: lambdasOf(index),
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
): number {
  const threshold = scores[best].mean - scores[best].standardError;
  let chosen = best;
  for (const [c, { mean, cells }] of scores.entries()) {
    if (cells < scores[best].cells || !(mean >= threshold)) continue;
    if (lambdaOf(lambdas, c) > lambdaOf(lambdas, chosen)) chosen = c;
  }
  return chosen;
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
  const of = per === 'model' ? '' : ` for ${empty.map((t) => tasks[t]).join(', ')}`;
  return [`no fold gives a score${of}: the first configuration was taken`];
}
