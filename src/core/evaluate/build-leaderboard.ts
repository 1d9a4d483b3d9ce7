import type { Task } from '../dataset/problem';
import { CONSTANT_MODEL } from '../experiment/trial';
import type { TaskPredictions } from '../learner/learner';
import { advise } from './advice';
import { compareSplit, correctMeans, type UnjudgedRow } from './compare-split';
import { EvaluationError } from './error';
import type { Difference, Leaderboard, LeaderboardRow } from './leaderboard';
import { type LeaderboardEntry, type LeaderboardInput, predictionsOn } from './leaderboard-input';
import { primaryMetric } from './metric';
import { paretoFront } from './pareto';
import { relate } from './relate';
import { Resamples } from './resamples';
import type { Scores } from './scores';
import { meanSkill, skill } from './skill';
import { primaryScore, type Split, scoreSplit, splitOf, thresholdsOn } from './split';
import { correctionNote } from './verdict';

/**
 * Scores every entry on the test split (out-of-fold where there is none) and out-of-fold, measures skill against the
 * mean/majority predictor, and compares every model and ensemble with its single-task baseline.
 *
 * A task that the constant can be scored on but an entry cannot (it predicted nothing) counts as skill 0 in the entry's
 * mean, with a warning: failing on a hard task must not raise a mean.
 *
 * @throws EvaluationError `no-constant`, `unknown-baseline`, `shape`, `class-code`
 */
export function buildLeaderboard(input: LeaderboardInput): Leaderboard {
  const constant = constantEntry(input.entries);
  checkBaselines(input.entries);
  const scored = input.testRows.length > 0 ? 'test' : 'validation';
  const validation = splitOf(input, input.trainRows, constant.validation());
  const shown =
    scored === 'test' ? splitOf(input, input.testRows, predictionsOn(constant, scored)) : validation;
  const nested = constant.nested && splitOf(input, input.trainRows, constant.nested());
  const resamples = new Resamples(input.seed);
  const rows = input.entries.map((entry): UnjudgedRow => {
    const own = entry.validation();
    const thresholds = thresholdsOn(input, validation, own);
    const outOfFold = scoreSplit(
      input.tasks,
      validation,
      own,
      thresholds.map((one) => one?.crossFitted),
    );
    const predictions = predictionsOn(entry, scored);
    const here =
      scored === 'test'
        ? scoreSplit(
            input.tasks,
            shown,
            predictions,
            thresholds.map((one) => one?.kept),
          )
        : outOfFold;
    const baseline = singleTaskBaseline(input.entries, entry);
    const against =
      baseline && compareSplit(input.tasks, shown, predictions, predictionsOn(baseline, scored), resamples);
    return {
      name: entry.name,
      role: entry.role,
      ...(entry.baselineOf !== undefined && { baselineOf: entry.baselineOf }),
      ...(entry.key && { key: entry.key }),
      learner: entry.learner,
      lambda: entry.lambda,
      ...(entry.hyperparameters && { hyperparameters: entry.hyperparameters }),
      ...(entry.choices && { choices: entry.choices }),
      scores: byTask(input.tasks, here.scores),
      mean: meanSkillOf(input.tasks, here.scores, shown.reference),
      together: here.together,
      validation: {
        scores: byTask(input.tasks, outOfFold.scores),
        mean: meanSkillOf(input.tasks, outOfFold.scores, validation.reference),
        selectedOnThis: entry.selectedOnThis,
        together: outOfFold.together,
      },
      ...(entry.nested && nested && { nested: nestedScores(input, nested, entry.nested()) }),
      ...(entry.level !== undefined && { level: entry.level }),
      cpuSeconds: entry.cpuSeconds,
      ...(entry.fitSeconds !== undefined && { fitSeconds: entry.fitSeconds }),
      ...(entry.predictSeconds !== undefined && { predictSeconds: entry.predictSeconds }),
      ...(entry.sizeBytes !== undefined && { sizeBytes: entry.sizeBytes }),
      ...(entry.parameters !== undefined && { parameters: entry.parameters }),
      negativeTransfer: negativeTransfer(input.tasks, against?.differences),
      ...against,
      ...(entry.members && { members: entry.members }),
      ...(entry.weights && { weights: byTask(input.tasks, entry.weights) }),
      ...(entry.ensemble && { ensemble: entry.ensemble }),
      ...(thresholds.some((one) => one !== undefined) && {
        thresholds: Object.fromEntries(
          input.tasks.flatMap(({ id }, t) => {
            const one = thresholds[t];
            return one ? [[id, one.kept] as const] : [];
          }),
        ),
      }),
      warnings: [...entry.warnings, ...unscoredWarnings(input.tasks, here.scores, shown.reference)],
    };
  });
  const ranked = rankRows(correctMeans(rows));
  const relatedness = relate(input, ranked);
  const board = {
    split: scored,
    tasks: input.tasks.map((task, t) => ({
      id: task.id,
      type: task.type,
      primary: primaryMetric(task.type),
      labelled: labelledIn(input.labels[t], input.trainRows),
      labelledTest: labelledIn(input.labels[t], input.testRows),
    })),
    ...(relatedness && { relatedness }),
    rows: ranked,
  } as const;
  const note = correctionNote(board);
  return { ...board, advice: advise(board), ...(note !== undefined && { note }) };
}

function nestedScores(
  { tasks }: LeaderboardInput,
  split: Split,
  predictions: readonly TaskPredictions[],
): NonNullable<LeaderboardRow['nested']> {
  const { scores } = scoreSplit(tasks, split, predictions, []);
  return { scores: byTask(tasks, scores), mean: meanSkillOf(tasks, scores, split.reference) };
}

/** Best mean first, with ranks, and the front of mean against cost marked. */
function rankRows(rows: readonly LeaderboardRow[]): LeaderboardRow[] {
  const sorted = rows.toSorted((a, b) => b.mean - a.mean);
  const front = paretoFront(sorted.map(({ mean, cpuSeconds }) => ({ score: mean, cost: cpuSeconds })));
  return sorted.map((row, i) => ({
    ...row,
    rank: sorted.findIndex(({ mean }) => mean === row.mean) + 1,
    onFront: front[i],
  }));
}

function constantEntry(entries: readonly LeaderboardEntry[]): LeaderboardEntry {
  const constant = entries.find((entry) => entry.key?.model === CONSTANT_MODEL);
  if (constant) return constant;
  throw new EvaluationError(
    'no-constant',
    'The leaderboard has no mean/majority predictor; every run must have one, as skill is measured against it.',
  );
}

function checkBaselines(entries: readonly LeaderboardEntry[]): void {
  const names = new Set(entries.map(({ name }) => name));
  for (const { name, baselineOf } of entries) {
    if (baselineOf === undefined || names.has(baselineOf)) continue;
    throw new EvaluationError(
      'unknown-baseline',
      `"${name}" is the baseline of "${baselineOf}", which is not on the leaderboard.`,
    );
  }
}

/** The entry's single-task twin (an ensemble's: the same combiner over twins); never the pooled model. */
function singleTaskBaseline(
  entries: readonly LeaderboardEntry[],
  entry: LeaderboardEntry,
): LeaderboardEntry | undefined {
  if (entry.role === 'baseline') return undefined;
  return entries.find(({ baselineOf, key }) => baselineOf === entry.name && key?.scope !== 'pooled');
}

function meanSkillOf(
  tasks: readonly Task[],
  scores: readonly Scores[],
  reference: readonly Scores[],
): number {
  return meanSkill(
    tasks.map((task, t) => {
      const constant = primaryScore(task, reference[t]);
      const defined = skill(task, primaryScore(task, scores[t]), constant);
      return defined ?? (constant === null ? null : 0);
    }),
  );
}

function unscoredWarnings(
  tasks: readonly Task[],
  scores: readonly Scores[],
  reference: readonly Scores[],
): string[] {
  return tasks
    .filter((task, t) => primaryScore(task, scores[t]) === null && primaryScore(task, reference[t]) !== null)
    .map(({ id }) => `No usable predictions for task "${id}": counted as no better than mean/majority.`);
}

function negativeTransfer(
  tasks: readonly Task[],
  differences: Readonly<Record<string, Difference>> | undefined,
): string[] {
  return tasks.map(({ id }) => id).filter((id) => differences?.[id]?.verdict === 'negative transfer');
}

function labelledIn(labels: Float64Array, rows: Int32Array): number {
  let count = 0;
  for (const row of rows) if (!Number.isNaN(labels[row])) count++;
  return count;
}

function byTask<T>(tasks: readonly Task[], values: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(tasks.map(({ id }, t) => [id, values[t]]));
}
