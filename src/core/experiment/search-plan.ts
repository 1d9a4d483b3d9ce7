import type { Configuration, JsonObject } from '../learner/learner';
import { seedFrom } from '../random';
import { draw, gridOf, gridSize, pointAt, rungsOf, type Space } from '../sweep/search';
import type { Dimension, Experiment, LambdaSpec, ModelSpec, SearchSpec, SweepSpec } from './experiment';
import { configurer, lambdaSpecOf, sweepOf } from './model-learner';
import { PlanError } from './plan-error';
import type { FitTrial, ResolvedModel, Scope, SearchSpace, SearchTrial } from './trial';

/** Configurations of a search whose budget is not written. */
const DEFAULT_CONFIGURATIONS = 30;

/** What a search still fits after its first batch, barrier by barrier. */
export interface Adaptive {
  readonly method: SearchTrial['method'];
  readonly space: SearchSpace;
  /** The first batch is rung 0. */
  readonly rungs: readonly AdaptiveRung[];
}

export interface AdaptiveRung {
  readonly count: number;
  /** Cells (fold × repeat) that its configurations are fitted on, from the first to before the last. */
  readonly cells: readonly [number, number];
  readonly resource?: { readonly parameter: string; readonly value: number };
}

interface SearchInputs {
  readonly model: ModelSpec;
  readonly sweep: SweepSpec;
  readonly search: SearchSpec;
  readonly spec: LambdaSpec | undefined;
  /** λ grid of each list of configurations; absent: the learner has none. */
  readonly lambdas: readonly (readonly number[])[] | undefined;
  /** Number of lists: the tasks of a single-task twin, else 1. */
  readonly lists: number;
  readonly seed: number;
  readonly folds: number;
  readonly repeats: number;
  readonly configure: ReturnType<typeof configurer>;
}

/** The configurations that a search begins with, and what follows from their scores. */
export function searchOf(inputs: SearchInputs): {
  readonly first: FitTrial['configurations'];
  readonly adaptive?: Adaptive;
} {
  const { model, sweep, search, spec, lambdas, seed } = inputs;
  const cells = inputs.folds * inputs.repeats;
  const most = resourceOf(inputs, cells);
  const count = countOf(inputs, cells, most);
  const rungs = rungsFor(search, count, cells, most);
  const [{ count: drawn, resource }] = rungs;
  const space: SearchSpace = {
    parameters: model.parameters,
    over: sweep.over ?? {},
    ...(spec && lambdas && { lambda: lambdas.map((list) => lambdaDimension(spec, list)) }),
    drawn,
    seed: seedFrom(seed, model.name, 'search'),
  };
  const enumerated = search.method === 'halving' ? enumeration(inputs, space) : undefined;
  const at = { space, ...(resource && { resource }) };
  const first = Array.from({ length: inputs.lists }, (_, list) =>
    Array.from({ length: drawn }, (_, i) =>
      enumerated
        ? configured(at, list, enumerated[list][i], inputs.configure)
        : configured(
            at,
            list,
            pointAt(spaceOf(space, list), drawnUnit(space, list, i, search.method)),
            inputs.configure,
          ),
    ),
  );
  if (rungs.length === 1) return { first };
  return { first, adaptive: { method: search.method === 'halving' ? 'halving' : 'bayesian', space, rungs } };
}

/**
 * The next draws of a random or quasi-random sweep, after those it has tried; undefined where the sweep is none.
 * @param resolved the model as planned: the ends of its λ range
 */
export function moreDraws(
  experiment: Experiment,
  resolved: ResolvedModel,
  scope: Scope,
  tried: FitTrial['configurations'],
  count: number,
): FitTrial['configurations'] | undefined {
  const sweep = sweepOf(resolved.name, experiment);
  const model = experiment.models.find(({ name }) => name === resolved.name);
  const method = sweep?.search?.method;
  if (model === undefined || sweep === undefined || (method !== 'random' && method !== 'quasi-random')) {
    return undefined;
  }
  const spec = lambdaSpecOf(model.name, experiment);
  const own = { joint: resolved.lambdas, pooled: resolved.pooledLambdas, 'single-task': undefined }[scope];
  const lambdas = scope === 'single-task' ? resolved.twinLambdas : own && [own];
  const space: SearchSpace = {
    parameters: model.parameters,
    over: sweep.over ?? {},
    ...(spec && lambdas && { lambda: lambdas.map((list) => lambdaDimension(spec, list)) }),
    drawn: tried[0].length,
    seed: seedFrom(experiment.data.seed, model.name, 'search'),
  };
  const configure = configurer(model, scope);
  return tried.map((list, l) =>
    Array.from({ length: count }, (_, i) => {
      const point = pointAt(spaceOf(space, l), drawnUnit(space, l, list.length + i, method));
      return configured({ space }, l, point, configure);
    }),
  );
}

/** Unit coordinates of the `index`-th configuration drawn before the first barrier. */
export function drawnUnit(
  space: SearchSpace,
  list: number,
  index: number,
  method: SearchSpec['method'] = 'quasi-random',
): number[] {
  const { dimensions } = spaceOf(space, list);
  return draw(method === 'random' ? 'random' : 'quasi-random', index, dimensions.length, space.seed);
}

/** The dimensions that a list of configurations is searched in, λ first. */
export function spaceOf({ over, lambda }: SearchSpace, list: number): Space {
  const others = Object.entries(over).map(([name, values]) => ({ name, values }));
  return { dimensions: lambda ? [{ name: 'lambda', values: lambda[list] }, ...others] : others };
}

/** The configuration at a point of the unit cube, as the learner of a search trial's scope takes it. */
export function proposedConfiguration(
  trial: Pick<SearchTrial, 'key' | 'learner' | 'space' | 'resource'>,
  list: number,
  unit: readonly number[],
): Configuration {
  const configure = configurer({ kind: trial.learner, name: trial.key.model }, trial.key.scope);
  return configured(trial, list, pointAt(spaceOf(trial.space, list), unit), configure);
}

function configured(
  { space, resource }: Pick<SearchTrial, 'space' | 'resource'>,
  list: number,
  { lambda, ...values }: JsonObject,
  configure: ReturnType<typeof configurer>,
): Configuration {
  const own = resource && { [resource.parameter]: resource.value };
  const parameters = { ...space.parameters, ...values, ...own };
  return configure(parameters, space.lambda?.[list] && typeof lambda === 'number' ? lambda : undefined);
}

function lambdaDimension(spec: LambdaSpec, grid: readonly number[]): Dimension {
  if (spec.kind === 'list' || grid.length === 1) return { kind: 'list', values: grid };
  const [from] = grid;
  const to = grid[grid.length - 1];
  return { kind: 'range', from, to, points: grid.length, scale: 'log', integer: false };
}

/** All points, where halving has no budget and every dimension has its values or points written. */
function enumeration({ sweep, lists }: SearchInputs, space: SearchSpace): JsonObject[][] | undefined {
  if (sweep.budget?.configurations !== undefined) return undefined;
  const own = Array.from({ length: lists }, (_, list) => spaceOf(space, list));
  if (!isListed(sweep) || space.drawn < gridSize(own[0])) return undefined;
  return own.map(gridOf);
}

/** Ranges are drawn from; lists, and the grid of λ, can be gone through. */
function isListed({ over = {} }: SweepSpec): boolean {
  return Object.values(over).every(({ kind }) => kind === 'list');
}

/** Of what a rung gives more: cells, or the value of a hyperparameter up to the model's own. */
function resourceOf({ model, search }: SearchInputs, cells: number): number {
  if (search.method !== 'halving' || search.resource === 'folds') return cells;
  const value = model.parameters[search.resource];
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw new PlanError(
    'no-resource',
    `halving ${model.name} by ${search.resource}: that is no whole number of the model. Write \`resource: folds\`, or a hyperparameter such as epochs, trees or rounds`,
  );
}

/** What the budget says; where it is short of fits, as many configurations as they pay for. */
function countOf(inputs: SearchInputs, cells: number, most: number): number {
  const { sweep, search, lambdas, spec } = inputs;
  const { configurations, fits } = sweep.budget ?? {};
  const listed = search.method === 'halving' && isListed(sweep);
  const lambda = spec && lambdas ? lambdaDimension(spec, lambdas[0]) : undefined;
  const own = {
    ...(lambda && { lambda: [lambda] }),
    parameters: {},
    over: sweep.over ?? {},
    drawn: 0,
    seed: 0,
  };
  let count = configurations ?? (listed ? gridSize(spaceOf(own, 0)) : DEFAULT_CONFIGURATIONS);
  if (fits === undefined) return count;
  const needed = (n: number): number =>
    rungsFor(search, n, cells, most).reduce(
      (sum, rung) => sum + rung.count * (rung.cells[1] - rung.cells[0]),
      1,
    );
  while (count > 1 && needed(count) > fits) count--;
  if (needed(count) <= fits) return count;
  throw new PlanError(
    'over-budget',
    `the sweep ${sweep.name} may do ${fits} fits, and one configuration alone needs ${needed(1)}: raise \`budget.fits\``,
  );
}

function rungsFor(search: SearchSpec, count: number, cells: number, most: number): AdaptiveRung[] {
  if (search.method === 'halving') {
    const rungs = rungsOf(count, most, search.factor);
    return rungs.map(({ configurations, resource }, rung): AdaptiveRung => {
      if (search.resource !== 'folds') {
        const own = { parameter: search.resource, value: resource };
        return { count: configurations, cells: [0, cells], resource: own };
      }
      return { count: configurations, cells: [rung === 0 ? 0 : rungs[rung - 1].resource, resource] };
    });
  }
  if (search.method !== 'bayesian') return [{ count, cells: [0, cells] }];
  const first = Math.min(count, Math.max(2, search.batch, Math.ceil(count / 3)));
  const rungs: AdaptiveRung[] = [{ count: first, cells: [0, cells] }];
  for (let left = count - first; left > 0; left -= search.batch) {
    rungs.push({ count: Math.min(left, search.batch), cells: [0, cells] });
  }
  return rungs;
}
