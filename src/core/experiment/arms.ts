import { canPool, type Task } from '../dataset';
import type { Configuration, JsonObject } from '../learner/learner';
import { GridError, resolveGrid } from '../sweep';
import { gridOf } from '../sweep/search';
import type { Experiment, LambdaSpec, ModelSpec, SweepSpec } from './experiment';
import { configurer, familyOf, lambdaSpecOf, spanned, sweepOf } from './model-learner';
import { PlanError } from './plan-error';
import { type Adaptive, searchOf } from './search-plan';
import type { FitTrial, ModelKey, ResolvedModel, Scope, SelectionRule } from './trial';
import { digest } from './trial-id';

/** λ_max of one model with one set of parameters: of the joint fit, of each task's twin, of all rows as one task. */
export interface LambdaMax {
  readonly joint?: number;
  readonly twin?: readonly number[];
  readonly pooled?: number;
}

/** One scope of one model, ready to become trials. */
export interface Arm {
  readonly key: ModelKey;
  readonly learner: string;
  /** Configurations that are known when the run is planned, one entry a trial and fold. */
  readonly groups: readonly FitTrial['configurations'][];
  /** The learner fits what a search proposes at once in one call. */
  readonly together?: boolean;
  /** Later configurations depend on the scores of these. */
  readonly adaptive?: Adaptive;
  readonly folds: number;
  readonly repeats: number;
  readonly rule: SelectionRule;
  readonly per: 'model' | 'task';
}

export interface ArmInputs {
  readonly tasks: readonly Task[];
  readonly longForm: boolean;
  /** By `lambdaMaxKey`. */
  readonly lambdaMax: Readonly<Record<string, LambdaMax>>;
}

/** A set of parameters whose λ grid starts at λ_max, and the key that the plan looks for it by. */
export interface LambdaMaxNeed {
  readonly key: string;
  readonly kind: string;
  readonly parameters: JsonObject;
}

/** A model with the grids of its own parameters as numbers. */
export function resolveModel(model: ModelSpec, experiment: Experiment, inputs: ArmInputs): ResolvedModel {
  const twinParameters = familyOf(model).singleTaskTwin(model.parameters);
  const base = { name: model.name, learner: model.kind, parameters: model.parameters, twinParameters };
  const spec = lambdaSpecOf(model.name, experiment);
  if (spec === undefined) return base;
  // Where parameters that λ_max depends on are swept, the configurations themselves say what their grids are.
  const known = Object.hasOwn(inputs.lambdaMax, model.name) || !startsAtMax(spec);
  if (!known && sweepOf(model.name, experiment)?.over !== undefined) return base;
  const lists = (scope: Scope) => lambdasOf(model, model.parameters, scope, spec, inputs);
  return {
    ...base,
    lambdas: lists('joint')[0],
    ...(hasTwins(inputs.tasks) ? { twinLambdas: lists('single-task') } : {}),
    ...(hasPooled(inputs) ? { pooledLambdas: lists('pooled')[0] } : {}),
  };
}

/** The mean/majority predictor, tuned by nothing, on the experiment's folds. */
export function constantArm(learner: string, { data }: Experiment): Arm {
  return {
    key: { model: learner, scope: 'joint' },
    learner,
    groups: [[[{ parameters: {} }]]],
    folds: data.folds,
    repeats: data.scheme?.repeats ?? 1,
    rule: 'best',
    per: 'model',
  };
}

/** The scopes in which a model is learned: jointly, one task at a time, all rows as one task. */
export function modelArms(model: ModelSpec, experiment: Experiment, inputs: ArmInputs): Arm[] {
  const sweep = sweepOf(model.name, experiment);
  const { data } = experiment;
  const scopes: Scope[] = ['joint'];
  if (hasTwins(inputs.tasks)) scopes.push('single-task');
  if (hasPooled(inputs)) scopes.push('pooled');
  return scopes.map((scope): Arm => {
    const folds = (isCounted(data.scheme?.by) ? sweep?.folds : undefined) ?? data.folds;
    const arm = {
      key: { model: model.name, scope },
      learner: model.kind,
      folds,
      repeats: data.scheme?.repeats ?? 1,
      rule: sweep?.rule ?? 'best',
      per: scope === 'single-task' || (scope === 'joint' && sweep?.select === 'per-task') ? 'task' : 'model',
    } as const;
    const configure = configurer(model, scope);
    const spec = lambdaSpecOf(model.name, experiment);
    if (sweep?.search === undefined) {
      const lists = gridConfigurations(model, sweep, scope, spec, inputs);
      refuseOverBudget(sweep, lists, arm);
      return { ...arm, groups: groupsOf(lists, model) };
    }
    const lambdas = spec && lambdasOf(model, model.parameters, scope, spec, inputs);
    const { first, adaptive } = searchOf({
      model,
      search: sweep.search,
      sweep,
      spec,
      lambdas,
      lists: scope === 'single-task' ? inputs.tasks.length : 1,
      seed: data.seed,
      folds: arm.folds,
      repeats: arm.repeats,
      configure,
    });
    const { together = false } = familyOf(model).capabilities(model.parameters);
    return { ...arm, together, groups: drawnGroups(first, together), ...(adaptive && { adaptive }) };
  });
}

/** Sets of parameters whose λ_max planning needs: those of a grid that is given by its number of points alone. */
export function lambdaMaxNeeds(experiment: Experiment): LambdaMaxNeed[] {
  return experiment.models.flatMap((model) => {
    const spec = lambdaSpecOf(model.name, experiment);
    if (spec === undefined || !startsAtMax(spec)) return [];
    const sweep = sweepOf(model.name, experiment);
    const points = sweep?.search === undefined ? parameterPoints(model, sweep) : [model.parameters];
    return points.map((parameters) => ({
      key: lambdaMaxKey(model, parameters),
      kind: model.kind,
      parameters,
    }));
  });
}

/** λ of one set of parameters in one scope: one list, or (single-task) one a task. */
export function lambdasOf(
  model: ModelSpec,
  parameters: JsonObject,
  scope: Scope,
  spec: LambdaSpec,
  { tasks, lambdaMax }: ArmInputs,
): number[][] {
  const { joint, twin, pooled } = lambdaMax[lambdaMaxKey(model, parameters)] ?? {};
  const own = spanned(spec, model, configurer(model, scope)(parameters, undefined).parameters);
  const grid = (max: number | undefined): number[] => usableGrid(model.name, own, max, joint);
  if (scope === 'single-task') return tasks.map((_, t) => grid(twin?.[t]));
  return [grid(scope === 'pooled' ? pooled : joint)];
}

function gridConfigurations(
  model: ModelSpec,
  sweep: SweepSpec | undefined,
  scope: Scope,
  spec: LambdaSpec | undefined,
  inputs: ArmInputs,
): FitTrial['configurations'] {
  const configure = configurer(model, scope);
  const lists: Configuration[][] = [];
  for (const parameters of parameterPoints(model, sweep)) {
    const lambdas: readonly (readonly (number | undefined)[])[] =
      spec === undefined
        ? (scope === 'single-task' ? inputs.tasks : [0]).map(() => [undefined])
        : lambdasOf(model, parameters, scope, spec, inputs);
    lambdas.forEach((list, index) => {
      lists[index] ??= [];
      lists[index].push(...list.map((lambda) => configure(parameters, lambda)));
    });
  }
  return lists;
}

/** The model's parameters with every combination of the others that are swept. */
function parameterPoints(model: ModelSpec, sweep: SweepSpec | undefined): JsonObject[] {
  const dimensions = Object.entries(sweep?.over ?? {}).map(([name, values]) => ({ name, values }));
  return gridOf({ dimensions }).map((point) => ({ ...model.parameters, ...point }));
}

/** Most configurations that one trial trains together. */
export const MOST_TOGETHER = 64;

/**
 * Configurations as trials: those that differ in λ alone stay together (a warm-started path), and others as far as the
 * learner trains them in one pass. Ones that are the same, as of twins that lack a swept parameter, are tried once.
 */
function groupsOf(lists: FitTrial['configurations'], model: ModelSpec): FitTrial['configurations'][] {
  const { together } = familyOf(model).capabilities(model.parameters);
  const paths = new Map<JsonObject | string, number[]>();
  const names = new Map<JsonObject, string>();
  const nameOf = (parameters: JsonObject): string => {
    const name = names.get(parameters) ?? digest(parameters);
    names.set(parameters, name);
    return name;
  };
  const seen = new Set<string>();
  lists[0].forEach((configuration, c) => {
    const path = nameOf(configuration.parameters);
    const own = JSON.stringify([path, ...lists.map((list) => list[c].lambda ?? null)]);
    if (seen.has(own)) return;
    seen.add(own);
    paths.set(path, [...(paths.get(path) ?? []), c]);
  });
  const groups: number[][] = [];
  for (const path of paths.values()) {
    const last = groups.at(-1);
    if (together && last && last.length + path.length <= MOST_TOGETHER) last.push(...path);
    else groups.push([...path]);
  }
  return groups.map((indices) => lists.map((list) => indices.map((c) => list[c])));
}

/** Draws as trials, in their order: a search knows them by their numbers. */
function drawnGroups(lists: FitTrial['configurations'], together: boolean): FitTrial['configurations'][] {
  const size = together ? MOST_TOGETHER : 1;
  return Array.from({ length: Math.ceil(lists[0].length / size) }, (_, g) =>
    lists.map((list) => list.slice(g * size, (g + 1) * size)),
  );
}

function refuseOverBudget(
  sweep: SweepSpec | undefined,
  lists: FitTrial['configurations'],
  { key, folds, repeats }: Pick<Arm, 'key' | 'folds' | 'repeats'>,
): void {
  const most = sweep?.budget?.fits;
  if (most === undefined || sweep === undefined || key.scope !== 'joint') return;
  const fits = lists[0].length * folds * repeats + 1;
  if (fits <= most) return;
  throw new PlanError(
    'over-budget',
    `the sweep ${sweep.name} has a grid of ${lists[0].length} configurations, ${fits} fits, and a budget of ${most}: give it fewer points, or \`search: random\`, which stays within its budget`,
  );
}

function startsAtMax(spec: LambdaSpec): boolean {
  return spec.kind === 'grid' && spec.from === undefined;
}

function isCounted(by: string | undefined): boolean {
  return by === undefined || by === 'stratified' || by === 'random' || by === 'time';
}

function lambdaMaxKey(model: ModelSpec, parameters: JsonObject): string {
  const own = Object.entries(parameters).every(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(model.parameters[name]),
  );
  return own ? model.name : `${model.name} ${digest(parameters)}`;
}

/**
 * A task that no feature says anything about has λ_max 0: every λ gives the same model, so the joint grid serves it,
 * and all arms keep one number of configurations.
 */
function usableGrid(
  name: string,
  spec: LambdaSpec,
  own: number | undefined,
  joint: number | undefined,
): number[] {
  const usable = [own, joint].find((max) => max !== undefined && max > 0 && Number.isFinite(max));
  const flat = own === 0 || joint === 0 ? 1 : undefined;
  try {
    return resolveGrid(spec, usable ?? flat);
  } catch (error) {
    if (error instanceof GridError)
      throw new PlanError('no-lambda-max', `the base model ${name}: ${error.message}`);
    throw error;
  }
}

const hasTwins = (tasks: readonly Task[]): boolean => tasks.length > 1;

function hasPooled({ longForm, tasks }: ArmInputs): boolean {
  return longForm && hasTwins(tasks) && canPool(tasks);
}
