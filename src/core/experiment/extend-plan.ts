import type { Arm, ArmInputs } from './arms';
import type { Experiment } from './experiment';
import { fitsOf, type PlanInputs, Planner } from './plan';
import { PlanError } from './plan-error';
import type { FitTrial, MemberTrials, Plan, Scope, TrialSpec } from './trial';

/** Configurations that a run tries besides those it has: of one model, in each of its scopes, as many in all. */
export interface Extension {
  readonly model: string;
  readonly added: Readonly<Partial<Record<Scope, FitTrial['configurations']>>>;
}

type Identity = Pick<PlanInputs, 'fingerprint' | 'engineVersion'> & Pick<ArmInputs, 'tasks'>;

/**
 * The plan that adds configurations to a run: fits of the new ones alone, then selection among old and new, the refit,
 * the ensembles that the model is in, and the report. Trials that the run has are not in it again. Pure.
 * @param plans of the run so far
 * @throws PlanError `unknown-model`; `not-extendable` for an adaptive search, whose barriers have decided
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
    else planner.addArm(extendedArm(member, known, added));
    isKnown ||= added !== undefined;
  }
  if (!isKnown) throw new PlanError('unknown-model', `the run has no base model ${extension.model}`);
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

function extendedArm(
  { key, fits, select }: MemberTrials,
  trials: ReadonlyMap<string, TrialSpec>,
  added: FitTrial['configurations'],
): Arm {
  const own = fits.flatMap((id) => {
    const trial = trials.get(id);
    return trial?.kind === 'fit' ? [trial] : [];
  });
  if (own.some(({ proposed }) => proposed !== undefined)) {
    throw new PlanError(
      'not-extendable',
      `the search of ${key.model} is adaptive: what it tried depends on its budget. Start a run with a larger budget; finished work is taken over`,
    );
  }
  const selection = trials.get(select);
  const [{ learner, folds }] = own;
  const groups = own
    .filter(({ fold, repeat }) => fold === 0 && repeat === 0)
    .sort((a, b) => (a.first ?? 0) - (b.first ?? 0))
    .map(({ configurations }) => configurations);
  return {
    key,
    learner,
    groups: [...groups, added],
    folds,
    repeats: 1 + own.reduce((most, { repeat }) => Math.max(most, repeat), 0),
    rule: selection?.kind === 'select' ? selection.rule : 'best',
    per: selection?.kind === 'select' ? selection.per : 'model',
  };
}
