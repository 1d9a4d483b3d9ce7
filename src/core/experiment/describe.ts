import { countFits } from './plan';
import type { FitTrial, ModelKey, Plan } from './trial';

/** What a person is told before launch: how many fits, and of what. */
export interface PlanDescription {
  readonly fits: number;
  readonly trials: number;
  readonly models: readonly {
    readonly key: ModelKey;
    /** Tasks fitted on their own; 1 where one fit serves all. */
    readonly tasks: number;
    readonly configurations: number;
    readonly folds: number;
    /** tasks × (configurations × folds + 1 refit). */
    readonly fits: number;
  }[];
}

export function describePlan({ trials, fitCount }: Plan): PlanDescription {
  const first = trials.filter((trial): trial is FitTrial => trial.kind === 'fit' && trial.fold === 0);
  const models = first.map(({ key, configurations, folds }) => ({
    key,
    tasks: configurations.length,
    configurations: configurations[0].length,
    folds,
    fits: countFits(configurations, folds),
  }));
  return { fits: fitCount, trials: trials.length, models };
}
