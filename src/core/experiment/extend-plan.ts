import type { Arm, ArmInputs } from './arms';
import type { Experiment } from './experiment';
import { familyOf, sweepOf } from './model-learner';
import { type PlanInputs, Planner } from './plan';
import { PlanError } from './plan-error';
import type { Adaptive, AdaptiveRung } from './search-plan';
import {
  type FitTrial,
  fitsOf,
  type MemberTrials,
  type Plan,
  type Scope,
  type SearchTrial,
  type TrialSpec,
} from './trial';

/** Configurations themselves, or how many more a Bayesian search is to propose. */
export type Addition = FitTrial['configurations'] | { readonly proposals: number };

/** Configurations that a run tries besides those it has: of one model, in each of its scopes, as many in all. */
export interface Extension {
  readonly model: string;
  readonly added: Readonly<Partial<Record<Scope, Addition>>>;
}

type Identity = Pick<PlanInputs, 'fingerprint' | 'engineVersion'> & Pick<ArmInputs, 'tasks'>;

/**
 * The plan that adds configurations to a run: fits of the new ones alone, then selection among old and new, the refit,
 * the ensembles that the model is in, and the report. Trials that the run has are not in it again. Pure.
 * @param plans of the run so far
 * @throws PlanError `unknown-model`; `not-extendable` for a search by halving
 */
export function extendPlan(
  experiment: Experiment,
  identity: Identity,
  plans: readonly Plan[],
  extension: Extension,
): Plan {
  const known = new Map(plans.flatMap(({ trials }) => trials).map((trial) => [trial.id, trial]));
  const planner = new Planner(experiment, identity);
  planner.adopt([...known.values()]);
  let isKnown = false;
  for (const member of lastReport(plans).models) {
    const added = member.key.model === extension.model ? extension.added[member.key.scope] : undefined;
    if (added === undefined) planner.adoptMember(member);
    else planner.addArm(extendedArm(experiment, member, known, added));
    isKnown ||= added !== undefined;
  }
  if (!isKnown) {
    const names = experiment.models.map(({ name }) => name).join(', ');
    throw new PlanError(
      'unknown-model',
      `the run has no base model ${extension.model}; its base models are ${names}`,
    );
  }
  planner.addEnsembles();
  planner.addTransfers();
  planner.addReport();
  const trials = planner.trials.filter(({ id }) => !known.has(id));
  const { version, models, folds } = plans[0];
  return { version, models, folds, trials, fitCount: trials.reduce((sum, trial) => sum + fitsOf(trial), 0) };
}

/** What the run's last word on its models is. */
export function lastReport(plans: readonly Plan[]): Extract<TrialSpec, { kind: 'report' }> {
  const report = plans.flatMap(({ trials }) => trials).findLast((trial) => trial.kind === 'report');
  if (report?.kind === 'report') return report;
  throw new PlanError('unknown-model', 'the run has no plan that ends in a report');
}

/** The barriers of a model's search, in order; none where its configurations were all known beforehand. */
export function searchesOf(
  { tuning = [] }: MemberTrials,
  trials: ReadonlyMap<string, TrialSpec>,
): readonly SearchTrial[] {
  return tuning
    .flatMap((id) => {
      const trial = trials.get(id);
      return trial?.kind === 'search' ? [trial] : [];
    })
    .sort((a, b) => a.rung - b.rung);
}

function extendedArm(
  experiment: Experiment,
  member: MemberTrials,
  trials: ReadonlyMap<string, TrialSpec>,
  added: Addition,
): Arm {
  const { key, fits, select } = member;
  const own = fits.flatMap((id) => {
    const trial = trials.get(id);
    return trial?.kind === 'fit' ? [trial] : [];
  });
  const selection = trials.get(select);
  const [{ learner, folds }] = own;
  const groups = own
    .filter(({ fold, repeat, proposed }) => fold === 0 && repeat === 0 && proposed === undefined)
    .sort((a, b) => (a.first ?? 0) - (b.first ?? 0))
    .map(({ configurations }) => configurations);
  const arm = {
    key,
    learner,
    folds,
    repeats: 1 + own.reduce((most, { repeat }) => Math.max(most, repeat), 0),
    rule: selection?.kind === 'select' ? selection.rule : 'best',
    per: selection?.kind === 'select' ? selection.per : 'model',
  } as const;
  if (!('proposals' in added)) return { ...arm, groups: [...groups, added] };
  const model = experiment.models.find(({ name }) => name === key.model);
  const together = model && familyOf(model).capabilities(model.parameters).together;
  const adaptive = moreRungs(
    experiment,
    key,
    searchesOf(member, trials),
    folds * arm.repeats,
    added.proposals,
  );
  return { ...arm, groups, adaptive, ...(together && { together }) };
}

/** The rungs of a Bayesian search so far, which come out as the trials that they are, and then more. */
function moreRungs(
  experiment: Experiment,
  { model }: MemberTrials['key'],
  searches: readonly SearchTrial[],
  cellCount: number,
  proposals: number,
): Adaptive {
  const [{ method, space } = { method: undefined, space: undefined }] = searches;
  if (method !== 'bayesian' || space === undefined) {
    throw new PlanError('not-extendable', haltedSearch(model));
  }
  const cells = [0, cellCount] as const;
  const batch = sweepOf(model, experiment)?.search?.batch ?? 1;
  const rungs: AdaptiveRung[] = [
    { count: space.drawn, cells },
    ...searches.map(({ count }) => ({ count, cells })),
  ];
  for (let left = proposals; left > 0; left -= batch) rungs.push({ count: Math.min(left, batch), cells });
  return { method, space, rungs };
}

/** Why halving is not extended, and what to do. */
export function haltedSearch(model: string): string {
  return `the search of ${model} is by halving: each of its rungs went on with the best of all it began with, so that more to begin with is another search. Start a run with a larger \`budget.configurations\`: finished work is taken over`;
}
