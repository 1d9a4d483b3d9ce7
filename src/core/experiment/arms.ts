import { canPool, type Task } from '../dataset';
import { families } from '../learner/families';
import type { Family } from '../learner/family';
import type { Configuration, JsonObject } from '../learner/learner';
import { GridError, resolveGrid } from '../sweep';
import type { Experiment, LambdaSpec, ModelSpec, SweepSpec } from './experiment';
import { PlanError } from './plan-error';
import { DEFAULT_GRID_POINTS } from './schema';
import type { FitTrial, ModelKey, ResolvedModel, Scope, SelectionRule } from './trial';

/** λ_max of one model: of the joint fit, of each task's twin, of all rows as one task. */
export interface LambdaMax {
  readonly joint?: number;
  readonly twin?: readonly number[];
  readonly pooled?: number;
}

/** One scope of one model, ready to become trials. */
export interface Arm {
  readonly key: ModelKey;
  readonly learner: string;
  /** Of all configurations, which differ in λ alone. */
  readonly parameters: JsonObject;
  readonly configurations: FitTrial['configurations'];
  readonly folds: number;
  readonly rule: SelectionRule;
}

interface ArmInputs {
  readonly tasks: readonly Task[];
  readonly longForm: boolean;
  readonly lambdaMax: Readonly<Record<string, LambdaMax>>;
}

/** A model with its grids as numbers. */
export function resolveModel(model: ModelSpec, experiment: Experiment, inputs: ArmInputs): ResolvedModel {
  const family = familyOf(model);
  const twinParameters = family.singleTaskTwin(model.parameters);
  const base = { name: model.name, learner: model.kind, parameters: model.parameters, twinParameters };
  const spec = lambdaSpecOf(model.name, experiment);
  if (spec === undefined) return base;
  const { joint, twin, pooled } = inputs.lambdaMax[model.name] ?? {};
  const grid = (max: number | undefined): number[] => gridOf(model.name, spec, max, joint);
  return {
    ...base,
    lambdas: grid(joint),
    ...(hasTwins(inputs.tasks) ? { twinLambdas: inputs.tasks.map((_, t) => grid(twin?.[t])) } : {}),
    ...(hasPooled(inputs) ? { pooledLambdas: grid(pooled) } : {}),
  };
}

/** The scopes in which a model is learned: jointly, one task at a time, all rows as one task. */
export function modelArms(model: ResolvedModel, experiment: Experiment, inputs: ArmInputs): Arm[] {
  const sweep = sweepOf(model.name, experiment);
  const arm = (
    scope: Scope,
    parameters: JsonObject,
    lambdas: readonly (readonly number[] | undefined)[],
  ): Arm => ({
    key: { model: model.name, scope },
    learner: model.learner,
    parameters,
    configurations: lambdas.map((list) => path(parameters, list)),
    folds: sweep?.folds ?? experiment.data.folds,
    rule: sweep?.rule ?? 'best',
  });
  const found = [arm('joint', model.parameters, [model.lambdas])];
  if (!experiment.models.some((one) => one.name === model.name)) return found;
  if (hasTwins(inputs.tasks)) {
    const lambdas = inputs.tasks.map((_, t) => model.twinLambdas?.[t]);
    found.push(arm('single-task', model.twinParameters, lambdas));
  }
  if (hasPooled(inputs)) found.push(arm('pooled', model.twinParameters, [model.pooledLambdas]));
  return found;
}

/** Whether planning needs λ_max of the model: its grid is given by its number of points alone. */
export function needsLambdaMax(model: ModelSpec, experiment: Experiment): boolean {
  const spec = lambdaSpecOf(model.name, experiment);
  return spec?.kind === 'grid' && spec.from === undefined;
}

/**
 * The λ of a model: its sweep's, else its own; where neither says, a grid from λ_max, and for a learner without
 * λ_max its default. Undefined when the learner has no λ, and for what is no model of the file.
 */
export function lambdaSpecOf(name: string, experiment: Experiment): LambdaSpec | undefined {
  const model = experiment.models.find((one) => one.name === name);
  if (model === undefined) return undefined;
  const {
    lambda,
    lambdaMax,
    lambdaRatio,
    defaultLambda = 0,
  } = familyOf(model).capabilities(model.parameters);
  if (!lambda) return undefined;
  const spec: LambdaSpec =
    sweepOf(name, experiment)?.lambda ??
    model.lambda ??
    (lambdaMax ? { kind: 'grid', points: DEFAULT_GRID_POINTS } : { kind: 'list', values: [defaultLambda] });
  return spec.kind === 'grid' && lambdaRatio !== undefined ? { ratio: lambdaRatio, ...spec } : spec;
}

function familyOf(model: ModelSpec): Family {
  if (!Object.hasOwn(families, model.kind)) {
    throw new PlanError(
      'unknown-learner',
      `the base model ${model.name} is of a kind that does not exist: ${model.kind}`,
    );
  }
  return families[model.kind];
}

function sweepOf(model: string, experiment: Experiment): SweepSpec | undefined {
  return experiment.sweeps.find((sweep) => sweep.model === model);
}

/**
 * A task that no feature says anything about has λ_max 0: every λ gives the same model, so the joint grid serves it,
 * and all arms keep one number of configurations.
 */
function gridOf(
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

function path(parameters: JsonObject, lambdas: readonly number[] | undefined): readonly Configuration[] {
  return lambdas === undefined ? [{ parameters }] : lambdas.map((lambda) => ({ lambda, parameters }));
}

const hasTwins = (tasks: readonly Task[]): boolean => tasks.length > 1;

function hasPooled({ longForm, tasks }: ArmInputs): boolean {
  return longForm && hasTwins(tasks) && canPool(tasks);
}
