/** A choice among configurations that differ in λ. */
interface Choice {
  readonly configuration: number;
  readonly lambdas: readonly (number | null)[];
}

/** More tasks than this are counted, not named. */
const MAX_NAMED = 5;

/**
 * Words for choices at an end of their grid: a better λ may lie beyond it.
 * @param tasks names of the tasks, one a choice; absent where there is one choice for all
 */
export function edgeWarnings(choices: readonly Choice[], tasks: readonly string[] | undefined): string[] {
  const at = (end: (values: number[]) => number) => choices.map((choice) => isAt(choice, end));
  return [
    ...describe(
      at((values) => Math.min(...values)),
      choices,
      tasks,
      'smallest',
      'give the grid a smaller `to`',
    ),
    ...describe(
      at((values) => Math.max(...values)),
      choices,
      tasks,
      'largest',
      'give the grid a larger `from`',
    ),
  ];
}

function isAt({ configuration, lambdas }: Choice, end: (values: number[]) => number): boolean {
  const values = lambdas.filter((lambda) => lambda !== null);
  return new Set(values).size > 1 && lambdas[configuration] === end(values);
}

function describe(
  hits: readonly boolean[],
  choices: readonly Choice[],
  tasks: readonly string[] | undefined,
  which: string,
  remedy: string,
): string[] {
  const found = choices.flatMap((_, index) => (hits[index] ? [index] : []));
  if (found.length === 0) return [];
  if (tasks === undefined) {
    const [{ lambdas, configuration }] = choices;
    return [`the best λ (${shortNumber(lambdas[configuration])}) is the ${which} of its grid: ${remedy}`];
  }
  const names = found.slice(0, MAX_NAMED).map((index) => tasks[index]);
  const list = found.length > MAX_NAMED ? `${names.join(', ')}, …` : names.join(', ');
  return [
    `the best λ is the ${which} of its grid for ${found.length} of ${tasks.length} tasks (${list}): ${remedy}`,
  ];
}

function shortNumber(value: number | null): string {
  return value === null ? '' : String(Number(value.toPrecision(3)));
}
