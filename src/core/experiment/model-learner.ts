import { families } from '../learner/families';
import type { Family } from '../learner/family';
import type { Configuration, JsonObject } from '../learner/learner';
import type { Experiment, LambdaSpec, ModelSpec, SweepSpec } from './experiment';
import { PlanError } from './plan-error';
import { DEFAULT_GRID_POINTS } from './sweep-schema';
import type { Scope } from './trial';

/**
 * The λ of a model: its sweep's, else its own; where neither says, a grid from λ_max, and for a learner without
 * λ_max its default. Undefined when the learner has no λ, and for what is no model of the file.
 */
export function lambdaSpecOf(name: string, experiment: Experiment): LambdaSpec | undefined {
  const model = experiment.models.find((one) => one.name === name);
  if (model === undefined) return undefined;
  const { lambda, lambdaMax, defaultLambda = 0 } = familyOf(model).capabilities(model.parameters);
  if (!lambda) return undefined;
  return (
    sweepOf(name, experiment)?.lambda ??
    model.lambda ??
    (lambdaMax ? { kind: 'grid', points: DEFAULT_GRID_POINTS } : { kind: 'list', values: [defaultLambda] })
  );
}

/**
 * A grid that does not say how far down it goes, with how far the learner's own with these parameters does: the path of a smooth
 * penalty is longer than that of the penalty whose twin it is, or beside which it is swept.
 * @param parameters of what is trained: of a baseline, the twin's
 */
export function spanned(
  spec: LambdaSpec,
  model: Pick<ModelSpec, 'kind' | 'name'>,
  parameters: JsonObject,
): LambdaSpec {
  const { lambdaRatio: ratio } = familyOf(model).capabilities(parameters);
  return spec.kind === 'grid' && ratio !== undefined ? { ratio, ...spec } : spec;
}

export function sweepOf(model: string, experiment: Experiment): SweepSpec | undefined {
  return experiment.sweeps.find((sweep) => sweep.model === model);
}

/** How a point of hyperparameters becomes the learner's own in a scope: the baselines learn without sharing. */
export function configurer(model: Pick<ModelSpec, 'kind' | 'name'>, scope: Scope) {
  const family = familyOf(model);
  // Thousands of configurations have the same parameters: one object stands for them all.
  const twins = new Map<JsonObject, JsonObject>();
  const twinOf = (parameters: JsonObject): JsonObject => {
    const twin = twins.get(parameters) ?? family.singleTaskTwin(parameters);
    twins.set(parameters, twin);
    return twin;
  };
  return (parameters: JsonObject, lambda: number | undefined): Configuration => ({
    ...(lambda !== undefined && { lambda }),
    parameters: scope === 'joint' ? parameters : twinOf(parameters),
  });
}

/** @throws PlanError `unknown-learner` */
export function familyOf(model: Pick<ModelSpec, 'kind' | 'name'>): Family {
  if (!Object.hasOwn(families, model.kind)) {
    throw new PlanError(
      'unknown-learner',
      `the base model ${model.name} is of a kind that does not exist: ${model.kind}`,
    );
  }
  return families[model.kind];
}
