import type { JsonObject } from '../learner/learner';
import { formatLambda } from './format';
import type { LeaderboardRow, Selection, TaskChoices } from './leaderboard';

/** What of a selection says who chose what. */
type Chosen = Pick<Selection, 'chosen' | 'byTask'> & {
  readonly path: readonly Pick<Selection['path'][number], 'lambda' | 'values'>[];
};

/** What each task chose of a sweep by itself; undefined where there was one configuration, or one task. */
export function taskChoices(
  { byTask, chosen, path }: Chosen,
  tasks: readonly string[],
): TaskChoices | undefined {
  const own = byTask ?? (chosen.length === tasks.length ? chosen : undefined);
  if (own === undefined || tasks.length < 2 || path.length < 2) return undefined;
  const numbers: number[] = [];
  const optionOf = (configuration: number): number => {
    const known = numbers.indexOf(configuration);
    return known >= 0 ? known : numbers.push(configuration) - 1;
  };
  const picked = Object.fromEntries(tasks.map((id, t) => [id, optionOf(own[t])]));
  const given = byTask ? optionOf(chosen[0]) : undefined;
  const isSwept = new Set(path.map(({ lambda: [lambda] }) => lambda)).size > 1;
  const options = numbers.map((configuration) => {
    const [lambda] = isSwept ? path[configuration].lambda : [];
    const [values] = path[configuration].values ?? [];
    return {
      ...(lambda !== null && lambda !== undefined && { lambda }),
      ...(values && Object.keys(values).length > 0 && { values }),
    };
  });
  return { options, tasks: picked, ...(given !== undefined && { given }) };
}

/** More tasks of one choice than this are told by their number. */
const MOST_NAMED = 6;

/** What the tasks of a model chose, in words: a sentence, and a line for each choice, the most frequent first. */
export function choiceLines({ choices }: Pick<LeaderboardRow, 'choices'>): readonly string[] {
  if (choices === undefined) return [];
  const { options, tasks, given } = choices;
  const of = options.map((option, o) => ({
    words: optionWords(option),
    isGiven: o === given,
    tasks: Object.keys(tasks).filter((id) => tasks[id] === o),
  }));
  const differing = of.reduce((sum, one) => (one.isGiven ? sum : sum + one.tasks.length), 0);
  const count = Object.keys(tasks).length;
  const title =
    given === undefined
      ? 'each task has its own choice'
      : `all tasks were given ${of[given].words}; ${differing === 0 ? 'each would have chosen it' : `${differing} of ${count} would have chosen otherwise`}`;
  const lines = of
    .filter((one) => one.tasks.length > 0)
    .sort((a, b) => b.tasks.length - a.tasks.length)
    .map((one) => `${one.words}: ${named(one.tasks)}`);
  return differing === 0 && given !== undefined ? [title] : [title, ...lines];
}

function optionWords({
  lambda,
  values = {},
}: {
  readonly lambda?: number;
  readonly values?: JsonObject;
}): string {
  const parts = [
    ...(lambda === undefined ? [] : [`λ ${formatLambda(lambda)}`]),
    ...Object.entries(values).map(
      ([name, value]) => `${name} ${typeof value === 'number' ? formatLambda(value) : String(value)}`,
    ),
  ];
  return parts.length === 0 ? 'the defaults' : parts.join(', ');
}

function named(tasks: readonly string[]): string {
  if (tasks.length <= MOST_NAMED) return tasks.join(', ');
  return `${tasks.slice(0, MOST_NAMED - 1).join(', ')} and ${tasks.length - MOST_NAMED + 1} more tasks`;
}
