import { formatSigned } from './format';
import type { Leaderboard, LeaderboardRow } from './leaderboard';
import { metricNamed } from './metric';
import type { Relatedness } from './relatedness';
import { isCorrectedAway } from './verdict';

/** Names in a sentence before the rest is only counted. */
const MOST_NAMES = 6;

type Board = Pick<Leaderboard, 'tasks' | 'rows' | 'relatedness'>;

/**
 * What to do about what the leaderboard found: of the best model or ensemble with a baseline, which tasks to learn
 * apart, and whether sharing is worth its cost; and which tasks go together. Nothing is said that a verdict does not
 * carry.
 */
export function advise(board: Board): string[] {
  const best = board.rows.find(({ differences }) => differences !== undefined);
  if (best === undefined) return [];
  const baseline = board.rows.find(
    ({ baselineOf, key }) => baselineOf === best.name && key?.scope !== 'pooled',
  );
  return [
    ...onTransfer(best, baseline),
    ...onWhole(board, best, baseline),
    ...onPooled(board),
    ...onGroups(board, best),
  ];
}

function onTransfer(row: LeaderboardRow, baseline: LeaderboardRow | undefined): string[] {
  const hurt = row.negativeTransfer.toSorted((a, b) => differenceOf(row, a) - differenceOf(row, b));
  if (hurt.length === 0) return [];
  const named = names(
    hurt.map((task) => `${task} (${formatSigned(differenceOf(row, task))} ${gainOf(row, task)})`),
    hurt.length,
  );
  const instead = baseline ? `, where ${baseline.name} does better` : '';
  return [
    `Sharing hurts ${named} in ${row.name}: learn ${hurt.length === 1 ? 'it' : 'them'} apart${instead}.`,
  ];
}

function onWhole(board: Board, row: LeaderboardRow, baseline: LeaderboardRow | undefined): string[] {
  const { meanDifference } = row;
  if (meanDifference === undefined || baseline === undefined) return [];
  const cost = costOf(row, baseline);
  switch (meanDifference.verdict) {
    case 'helped':
      return [`Over all tasks, sharing helped ${row.name}: ${meanDifference.words}; it cost ${cost}.`];
    case 'negative transfer':
      return [`Over all tasks, sharing hurt ${row.name}: ${meanDifference.words}. Take ${baseline.name}.`];
    case 'no difference shown': {
      const numbers = meanDifference.words.replace(/^no difference shown: /, '');
      return [
        isCorrectedAway(meanDifference)
          ? `Over all tasks, no difference is shown between ${row.name} and ${baseline.name} (${numbers}): the interval leaves out 0, but it is one of several, and the verdict is corrected for that; it cost ${cost}.`
          : `Over all tasks, no difference is shown between ${row.name} and ${baseline.name} (${numbers}); it cost ${cost}.`,
      ];
    }
    case 'too few rows to tell': {
      const where = board.tasks.length === 1 ? 'the task has' : 'every task has';
      return [
        `Whether sharing helped cannot be told: ${where} too few labelled rows, or groups of rows, to score on.`,
      ];
    }
  }
}

/** `1.8 times the CPU seconds of linear (single-task)`; nothing much to compare below a tenth of a second. */
function costOf(row: LeaderboardRow, baseline: LeaderboardRow): string {
  const ratio = row.cpuSeconds / Math.max(baseline.cpuSeconds, 1e-9);
  const text = ratio >= 10 ? ratio.toFixed(0) : ratio >= 0.095 ? ratio.toFixed(1) : ratio.toPrecision(1);
  return `${row.cpuSeconds.toFixed(1)} CPU seconds, ${text} times those of ${baseline.name}`;
}

/** A rank and no verdict, and said so: the pooled model has no interval of its own. */
function onPooled({ rows: [first] }: Board): string[] {
  if (first?.key?.scope !== 'pooled') return [];
  return [
    `The best mean is that of ${first.name}, which does not know whose row it sees: with the rows there are, what the tasks have in common weighs more than what tells them apart.`,
  ];
}

function onGroups(board: Board, row: LeaderboardRow): string[] {
  const groups = board.relatedness && groupsOf(board.relatedness);
  if (groups === undefined || groups.list.length < 2 || row.negativeTransfer.length === 0) return [];
  const written = groups.list.map((group) => `{${names(group, group.length)}}`).join(', ');
  return [`By ${groups.by}, tasks that go together are ${written}: try an experiment for each group.`];
}

/** The clusters by gains where they were measured, else by parameters, else by predictions. */
function groupsOf({ tasks, matrices }: Relatedness) {
  const by = {
    gain: 'gains in pairs',
    parameters: 'learned parameters',
    predictions: 'predictions',
  } as const;
  const found = (['gain', 'parameters', 'predictions'] as const).flatMap(
    (kind) => matrices.find((matrix) => matrix.kind === kind) ?? [],
  )[0];
  if (found === undefined) return undefined;
  const list: string[][] = [];
  for (const t of found.order) {
    list[found.clusters[t]] ??= [];
    list[found.clusters[t]].push(tasks[t]);
  }
  return { by: by[found.kind], list };
}

function names(list: readonly string[], total: number): string {
  if (list.length <= MOST_NAMES) return list.join(', ');
  return `${list.slice(0, MOST_NAMES).join(', ')} and ${total - MOST_NAMES} more`;
}

const differenceOf = (row: LeaderboardRow, task: string): number => row.differences?.[task]?.value ?? 0;

const gainOf = (row: LeaderboardRow, task: string): string =>
  metricNamed(row.differences?.[task]?.metric ?? 'auc').gainName;
