import type { LambdaSpec } from '../experiment/experiment';
import type { SelectionRule } from '../experiment/trial';

/** A choice among configurations that differ in λ, where there were scores to choose by. */
export interface Choice {
  readonly chosen: number;
  readonly best: number;
  readonly lambdas: readonly (number | null)[];
  /** Score of each configuration, NaN where it is undefined. */
  readonly means: readonly number[];
  /** The task it is for; absent where one choice is for all. */
  readonly task?: string;
}

export interface Choices {
  readonly choices: readonly Choice[];
  readonly rule: SelectionRule;
  /** How the file gives the λ; absent: as a list. */
  readonly spec?: LambdaSpec;
  /** Tasks of the experiment, those without a choice included. */
  readonly taskCount: number;
}

/** More tasks than this are counted, not named. */
const MAX_NAMED = 5;

/** Skills nearer than this are those of one model: beyond λ_max a larger λ changes nothing. */
const SAME_SKILL = 1e-6;

/** Words for choices at an end of their grid, where the file can name a λ beyond it that may be better. */
export function edgeWarnings({ choices, rule, spec, taskCount }: Choices): string[] {
  const byBest = rule === 'best';
  const larger = largerRemedy(spec);
  return [
    // What the one-standard-error rule chooses depends on the best score, so that is the one to be sure of.
    ...describe(
      choices.filter(({ best, lambdas }) => isSmallest(lambdas, best)),
      ({ best, lambdas }) => lambdas[best],
      `${byBest ? 'the best λ' : 'the λ with the best score'}{} is the smallest of its grid`,
      (hit) => smallerRemedy(spec, hit),
      taskCount,
    ),
    ...(larger === undefined
      ? []
      : describe(
          choices.filter((choice) => isLargest(choice)),
          ({ chosen, lambdas }) => lambdas[chosen],
          `${byBest ? 'the best λ' : 'the chosen λ'}{} is the largest of its grid`,
          () => larger,
          taskCount,
        )),
  ];
}

function smallerRemedy(spec: LambdaSpec | undefined, { lambdas }: Choice): string {
  if (spec?.kind !== 'grid') return 'add smaller values to the list';
  if (spec.to !== undefined) return 'give the grid a smaller `to`';
  const grid = distinct(lambdas);
  return `give the grid a smaller \`ratio\` than ${spec.ratio ?? shortNumber(grid[0] / grid[grid.length - 1])}`;
}

/** Undefined where the grid begins at λ_max: above it, all models are the same. */
function largerRemedy(spec: LambdaSpec | undefined): string | undefined {
  if (spec?.kind !== 'grid') return 'add larger values to the list';
  return spec.from === undefined ? undefined : 'give the grid a larger `from`';
}

/** No λ is below 0. */
function isSmallest(lambdas: readonly (number | null)[], configuration: number): boolean {
  const [smallest, next] = distinct(lambdas);
  return next !== undefined && smallest > 0 && lambdas[configuration] === smallest;
}

function isLargest({ chosen, lambdas, means }: Choice): boolean {
  const [largest, next] = distinct(lambdas).reverse();
  if (next === undefined || lambdas[chosen] !== largest) return false;
  return !(Math.abs(means[chosen] - means[lambdas.indexOf(next)]) <= SAME_SKILL);
}

/** Ascending. */
function distinct(lambdas: readonly (number | null)[]): number[] {
  return [...new Set(lambdas.filter((lambda) => lambda !== null))].sort((a, b) => a - b);
}

/** @param words with `{}` where the λ goes, if there is one choice for all */
function describe(
  hits: readonly Choice[],
  lambdaOf: (choice: Choice) => number | null,
  words: string,
  remedyFor: (choice: Choice) => string,
  taskCount: number,
): string[] {
  if (hits.length === 0) return [];
  const remedy = remedyFor(hits[0]);
  const names = hits.flatMap(({ task }) => task ?? []);
  if (names.length === 0)
    return [`${words.replace('{}', ` (${shortNumber(lambdaOf(hits[0]))})`)}: ${remedy}`];
  const list = names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ', …' : '');
  return [`${words.replace('{}', '')} for ${names.length} of ${taskCount} tasks (${list}): ${remedy}`];
}

function shortNumber(value: number | null): string {
  return value === null ? '' : String(Number(value.toPrecision(3)));
}
