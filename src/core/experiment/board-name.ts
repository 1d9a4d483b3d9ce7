import { CONSTANT_MODEL, type ModelKey, type Scope, type TrialSpec } from './trial';

/** A model or an ensemble by how it meets the tasks: `linear`, and its baselines `linear (single-task)`, `linear (pooled)`. */
export function scopedName(name: string, scope: Scope): string {
  return scope === 'joint' ? name : `${name} (${scope})`;
}

/** Name of a model's row of the leaderboard. */
export function boardName({ model, scope }: ModelKey): string {
  return model === CONSTANT_MODEL ? 'mean/majority' : scopedName(model, scope);
}

/** Name of the row that a trial's model or ensemble is on the leaderboard; undefined for work in between. */
export function boardNameOf(trial: TrialSpec): string | undefined {
  if (trial.kind === 'refit') return trial.outer === undefined ? boardName(trial.key) : undefined;
  if (trial.kind !== 'ensemble' || trial.outer !== undefined) return undefined;
  return scopedName(trial.name, trial.scope);
}
