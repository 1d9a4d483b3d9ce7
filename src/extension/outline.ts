import type { ParsedExperiment } from '../core/experiment';
import type { Experiment, LambdaSpec } from '../core/experiment/experiment';
import type { Hyperparameter, SweepableModel } from '../protocol/panel';

/** A task as its data have it. */
export interface FoundTask {
  readonly id: string;
  readonly type: string;
  /** Column. */
  readonly target: string;
  /** Rows with a label. */
  readonly labelled: number;
}

/** What the text of an experiment file says. */
export interface Understood {
  readonly parsed: ParsedExperiment;
  readonly outline: Outline;
  /** Tables, as it names them. */
  readonly sources: readonly string[];
}

/** What the trees and the sweep form need of an experiment file. */
export interface Outline {
  readonly tasks: readonly { readonly id: string; readonly target: string; readonly type?: string }[];
  readonly models: readonly { readonly name: string; readonly kind: string; readonly sweepable: boolean }[];
  readonly ensembles: readonly {
    readonly name: string;
    readonly combine: string;
    readonly of: readonly string[];
  }[];
  readonly sweepable: readonly SweepableModel[];
  readonly folds: number;
  /** One column says which task a row belongs to; the tasks are then known from the data only. */
  readonly longForm: boolean;
}

/** What a learner with these parameters can be swept over. */
export interface SweepAbility {
  readonly hyperparameters?: readonly Hyperparameter[];
  readonly lambda: boolean;
  readonly lambdaMax: boolean;
  /** Smallest over largest λ of a grid that does not say; absent: a thousandth. */
  readonly lambdaRatio?: number;
}

const DEFAULT_RATIO = 1e-3;

export function outlineOf(
  experiment: Experiment,
  ability: (model: Experiment['models'][number]) => SweepAbility,
): Outline {
  const abilities = experiment.models.map((model) => {
    const { hyperparameters = [], ...own } = ability(model);
    return { model, ...own, hyperparameters };
  });
  return {
    tasks: experiment.tasks.map(({ id, target, type }) => ({ id, target, type })),
    models: abilities.map(({ model, lambda }) => ({ name: model.name, kind: model.kind, sweepable: lambda })),
    ensembles: experiment.ensembles.map(({ name, combine, of }) => ({ name, combine, of })),
    sweepable: abilities
      .filter(({ lambda, hyperparameters }) => lambda || hyperparameters.length > 0)
      .map(({ model, lambda, lambdaMax, lambdaRatio, hyperparameters }) => ({
        name: model.name,
        kind: model.kind,
        lambda,
        hyperparameters: [...hyperparameters],
        lambdaMax,
        ratio: lambdaRatio ?? DEFAULT_RATIO,
        ...range(model.lambda),
      })),
    folds: experiment.data.folds,
    longForm: experiment.data.task !== undefined,
  };
}

function range(spec: LambdaSpec | undefined): Pick<SweepableModel, 'from' | 'to' | 'points'> {
  if (spec === undefined) return { from: null, to: null, points: null };
  if (spec.kind === 'grid') return { from: spec.from ?? null, to: spec.to ?? null, points: spec.points };
  const positive = spec.values.filter((value) => value > 0);
  if (positive.length === 0) return { from: null, to: null, points: null };
  return { from: Math.max(...positive), to: Math.min(...positive), points: spec.values.length };
}
