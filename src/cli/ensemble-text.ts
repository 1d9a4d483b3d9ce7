import type { EnsembleDetail, Leaderboard, LeaderboardRow } from '../core/evaluate';

/** More tasks, or more members, than this are told by their mean and number. */
const MOST_TASKS = 6;
const MOST_MEMBERS = 6;

/** What every ensemble uses, and how alike its members' errors are: lines for a terminal. */
export function ensembleLines({ rows, tasks }: Leaderboard): readonly string[] {
  const ids = tasks.map(({ id }) => id);
  return rows.flatMap((row) =>
    row.role === 'ensemble' && row.ensemble ? [...linesOf(row, row.ensemble, ids), ''] : [],
  );
}

/** Decision thresholds of every row that has some. */
export function thresholdLines({ rows }: Leaderboard): readonly string[] {
  return rows.flatMap(({ name, thresholds = {} }) => {
    const own = Object.entries(thresholds).map(([task, value]) => `${task} ${value.toFixed(3)}`);
    return own.length > 0 ? [`${name}  ${own.join(', ')}`] : [];
  });
}

function linesOf(row: LeaderboardRow, detail: EnsembleDetail, tasks: readonly string[]): string[] {
  const { members = [], weights = {} } = row;
  const { chains, unused, influence, errorCorrelation } = detail;
  const lines = [
    `${row.name}  ${detail.combine} of ${members.join(', ')}${detail.refit ? '' : ', models of the folds'}`,
  ];
  if (chains) lines.push(`  ${chains.length} ${chains.length === 1 ? 'chain' : 'chains'}${orderOf(chains)}`);
  else if (!PLAIN.has(detail.combine)) {
    const word = detail.combine === 'stacking' ? 'shares of its weights' : 'weights';
    lines.push(`  ${word}`, ...weightLines(members, weights, tasks));
  }
  if (unused.length > 0) lines.push(`  not used by any task: ${unused.join(', ')}`);
  const across = influence && influenceOf(influence, tasks);
  if (across !== undefined) lines.push(`  from predictions of other tasks: ${percent(across)} on average`);
  const alike = meanCorrelation(errorCorrelation, tasks);
  if (alike !== undefined) {
    lines.push(
      `  errors of two ${chains ? 'chains' : 'members'} correlate by ${alike.toFixed(2)} on average`,
    );
  }
  return lines;
}

/** Combinations whose members count alike. */
const PLAIN: ReadonlySet<string> = new Set(['mean', 'median', 'vote']);

function weightLines(
  members: readonly string[],
  weights: Readonly<Record<string, readonly number[]>>,
  tasks: readonly string[],
): string[] {
  const describe = (of: readonly number[]): string => {
    const used = members
      .map((name, m) => ({ name, weight: of[m] }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight);
    if (used.length === 0) return 'none';
    const shown = used.slice(0, MOST_MEMBERS).map(({ name, weight }) => `${name} ${weight.toFixed(2)}`);
    const more = used.length - shown.length;
    return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  };
  if (tasks.length > MOST_TASKS) {
    const mean = members.map((_, m) => tasks.reduce((sum, id) => sum + weights[id][m] / tasks.length, 0));
    return [`    mean over ${tasks.length} tasks: ${describe(mean)}`];
  }
  const width = Math.max(...tasks.map((id) => id.length));
  return tasks.map((id) => `    ${id.padEnd(width)}  ${describe(weights[id])}`);
}

function orderOf(chains: NonNullable<EnsembleDetail['chains']>): string {
  const [{ order }] = chains;
  return chains.length === 1 && order.length <= MOST_TASKS ? `: ${order.join(' → ')}` : '';
}

/** Mean over tasks of the share that is not the task's own; undefined where it is nothing. */
function influenceOf(
  influence: Readonly<Record<string, readonly number[]>>,
  tasks: readonly string[],
): number | undefined {
  const others = tasks.map((id, t) =>
    influence[id].reduce((sum, share, s) => (s === t ? sum : sum + share), 0),
  );
  const mean = others.reduce((sum, share) => sum + share, 0) / tasks.length;
  return mean > 0 ? mean : undefined;
}

function meanCorrelation(
  { tasks: byTask }: EnsembleDetail['errorCorrelation'],
  tasks: readonly string[],
): number | undefined {
  let sum = 0;
  let pairs = 0;
  for (const id of tasks) {
    byTask[id]?.forEach((row, i) => {
      for (const value of row.slice(i + 1)) {
        if (value === null) continue;
        sum += value;
        pairs++;
      }
    });
  }
  return pairs > 0 ? sum / pairs : undefined;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
