import { type ChosenValue, type LeaderboardEntry, taskChoices } from '../../core/evaluate';
import type { RunData } from '../run-data';
import type { Member } from './member';

/** One λ; or by task, where each has its own. */
export function lambdaOf(data: RunData, chosen: readonly (number | null)[]): LeaderboardEntry['lambda'] {
  if (chosen.length === 1) return chosen[0];
  const byTask = data.table.tasks.flatMap(({ id }, t) => {
    const lambda = chosen[t];
    return lambda === null ? [] : [[id, lambda] as const];
  });
  return byTask.length === 0 ? null : Object.fromEntries(byTask);
}

/** Values of the hyperparameters that were swept besides λ; by task, where the tasks' choices differ. */
export function chosenOf(
  { table }: RunData,
  { chosenValues }: Member['selection'],
): Pick<LeaderboardEntry, 'hyperparameters'> {
  if (chosenValues === undefined) return {};
  const names = new Set(chosenValues.flatMap((values) => Object.keys(values)));
  const chosen = [...names].map((name): [string, ChosenValue] => {
    const own = chosenValues.map((values) => values[name] ?? null);
    const isOne = own.every((value) => JSON.stringify(value) === JSON.stringify(own[0]));
    if (isOne) return [name, { value: own[0] }];
    return [name, { byTask: Object.fromEntries(table.tasks.map(({ id }, t) => [id, own[t]])) }];
  });
  return { hyperparameters: Object.fromEntries(chosen) };
}

/** What each task chose of a joint model's sweep; its baselines' choices are their λ. */
export function choicesOf(
  { table }: RunData,
  { trials, selection }: Member,
): Pick<LeaderboardEntry, 'choices'> {
  if (trials.key.scope !== 'joint') return {};
  const choices = taskChoices(
    selection,
    table.tasks.map(({ id }) => id),
  );
  return choices ? { choices } : {};
}
