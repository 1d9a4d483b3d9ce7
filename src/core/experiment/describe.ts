import { fitsOf, type ModelKey, type Plan, type TrialSpec } from './trial';

/** What a person is told before launch: how many fits, and of what. */
export interface PlanDescription {
  readonly fits: number;
  readonly trials: number;
  readonly models: readonly ModelDescription[];
  /** Fits that are not of a base model's own tuning and refit. */
  readonly others: readonly OtherFits[];
}

export interface OtherFits {
  /** Of an ensemble: chains of tasks; of a model: kept of each fold (an ensemble with `refit: false`), tasks in pairs. */
  readonly kind: 'chains' | 'members of folds' | 'pairs of tasks';
  /** The ensemble or, else, the base model. */
  readonly name: string;
  readonly fits: number;
}

export interface ModelDescription {
  readonly key: ModelKey;
  /** Tasks fitted on their own; 1 where one fit serves all. */
  readonly tasks: number;
  /** That are tried; those that a search gives up after its first folds included. */
  readonly configurations: number;
  readonly folds: number;
  /** All fits of it: on folds, repeats and an outer loop, and the refits, of each task that is fitted alone. */
  readonly fits: number;
}

export function describePlan({ trials, fitCount }: Plan): PlanDescription {
  const models = new Map<string, ModelDescription>();
  const halving = new Set(
    trials.flatMap((one) => (one.kind === 'search' && one.method === 'halving' ? one.id : [])),
  );
  const others = new Map<string, OtherFits>();
  for (const trial of trials) {
    const other = otherFits(trial);
    if (other !== undefined) {
      const name = JSON.stringify([other.kind, other.name]);
      others.set(name, { ...other, fits: other.fits + (others.get(name)?.fits ?? 0) });
    }
    if (trial.kind !== 'fit' && trial.kind !== 'refit') continue;
    const { key } = trial;
    const name = JSON.stringify([key.model, key.scope]);
    const tasks = trial.configurations.length;
    const before = models.get(name) ?? { key, tasks, configurations: 0, folds: 0, fits: 0 };
    const isFirst =
      trial.kind === 'fit' &&
      trial.fold + trial.repeat === 0 &&
      trial.outer === undefined &&
      // What halving proposes has been counted.
      !(trial.proposed && halving.has(trial.proposed.search));
    models.set(name, {
      ...before,
      configurations: before.configurations + (isFirst ? trial.configurations[0].length : 0),
      folds: trial.kind === 'fit' ? trial.folds : before.folds,
      fits: before.fits + fitsOf(trial),
    });
  }
  return {
    fits: fitCount,
    trials: trials.length,
    models: [...models.values()],
    others: [...others.values()],
  };
}

function otherFits(trial: TrialSpec): OtherFits | undefined {
  switch (trial.kind) {
    case 'chain':
      return { kind: 'chains', name: trial.name, fits: fitsOf(trial) };
    case 'bag':
      return { kind: 'members of folds', name: trial.key.model, fits: fitsOf(trial) };
    case 'transfer':
      return { kind: 'pairs of tasks', name: trial.key.model, fits: fitsOf(trial) };
    default:
      return undefined;
  }
}
