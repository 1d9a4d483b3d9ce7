import { seedFrom } from '../random';
import { type Arm, type ArmInputs, constantArm, modelArms, resolveModel } from './arms';
import type { Experiment } from './experiment';
import { planArm } from './plan-arm';
import { planEnsembles } from './plan-ensembles';
import { PlanError } from './plan-error';
import { planTransfers } from './plan-transfers';
import type { MemberTrials, Plan, TransferTrial, TrialSpec } from './trial';
import { CONSTANT_MODEL, fitsOf } from './trial';
import { digest } from './trial-id';

/**
 * `longForm`: every row belongs to one task, and all rows can be learned as one task (the pooled baseline).
 * `lambdaMax`: on all training rows, by the keys of `lambdaMaxNeeds`.
 */
export interface PlanInputs extends ArmInputs {
  /** Of the data as read. */
  readonly fingerprint: string;
  readonly engineVersion: string;
}

/**
 * All work of an experiment as a graph of trials: for every model its fits, selection and refit, jointly, one task at
 * a time (the baseline) and, for long data, pooled; the mean/majority predictor; the ensembles over the models and
 * over their twins; the report. With one task only there is nothing to share, and no twin. Trials come after the
 * trials they read. Pure: the same inputs give the same plan, ids included.
 * @throws PlanError when a grid starts at a λ_max that `inputs` does not give, or there is nothing to plan
 */
export function plan(experiment: Experiment, inputs: PlanInputs): Plan {
  if (inputs.tasks.length === 0) throw new PlanError('no-tasks', 'there is no task to learn');
  const planner = new Planner(experiment, inputs);
  const constant = { name: CONSTANT_MODEL, learner: CONSTANT_MODEL, parameters: {}, twinParameters: {} };
  const models = [constant, ...experiment.models.map((model) => resolveModel(model, experiment, inputs))];
  planner.addArm(constantArm(CONSTANT_MODEL, experiment));
  for (const model of experiment.models) {
    for (const arm of modelArms(model, experiment, inputs)) planner.addArm(arm);
  }
  planner.addEnsembles();
  planner.addTransfers();
  planner.addReport();
  const { trials, fitCount } = planner;
  return { version: 1, models, folds: experiment.data.folds, trials, fitCount };
}

/** Gathers the trials of an experiment: models, then ensembles, then the report. */
export class Planner {
  readonly trials: TrialSpec[] = [];
  fitCount = 0;
  private readonly members = new Map<string, MemberTrials>();
  private readonly ensembles: string[] = [];
  private nested: Readonly<Record<string, readonly string[]>> = {};
  private readonly transfers: TransferTrial[] = [];
  private readonly seed: number;
  private readonly tasks: readonly string[];
  private readonly scheme: object | undefined;
  /** Digest of everything outside the model that a trial's numbers depend on. */
  private readonly problem: string;

  constructor(
    private readonly experiment: Experiment,
    { fingerprint, engineVersion, tasks }: Pick<PlanInputs, 'fingerprint' | 'engineVersion' | 'tasks'>,
  ) {
    // Where a table lies does not change a result, and the number of folds is in the trials themselves.
    const { source: _source, folds: _folds, scheme, ...data } = experiment.data;
    // More repeats, or an outer loop, leave the work that is done as it was.
    const { repeats: _repeats, outer: _outer, ...kind } = scheme ?? {};
    this.scheme = scheme && kind;
    const targets = experiment.tasks.map(({ id, target, classWeight }) => [id, target, classWeight]);
    this.seed = data.seed;
    this.tasks = tasks.map(({ id }) => id);
    this.problem = digest({ fingerprint, engineVersion, data, targets, tasks });
  }

  /** Trials that are planned already, for what reads them. */
  adopt(trials: readonly TrialSpec[]): void {
    this.trials.push(...trials);
  }

  /** A model that stays as it was planned. */
  adoptMember(member: MemberTrials): void {
    this.members.set(memberName(member.key.model, member.key.scope), member);
  }

  addArm(arm: Arm): void {
    const { data } = this.experiment;
    const { trials, member } = planArm(arm, {
      seed: this.seed,
      scheme: this.scheme,
      outer: data.scheme?.outer ?? 0,
      id: (kind, content) => this.id(kind, content),
    });
    this.trials.push(...trials);
    this.members.set(memberName(arm.key.model, arm.key.scope), member);
    this.fitCount += trials.reduce((sum, trial) => sum + fitsOf(trial), 0);
  }

  addEnsembles(): void {
    const { trials, ensembles, nested, fitCount } = planEnsembles({
      ensembles: this.experiment.ensembles,
      tasks: this.tasks,
      seed: this.seed,
      folds: this.experiment.data.folds,
      trials: new Map(this.trials.map((trial) => [trial.id, trial])),
      member: (model, scope) => this.members.get(memberName(model, scope)),
      id: (kind, content) => this.id(kind, content),
    });
    this.trials.push(...trials);
    this.ensembles.push(...ensembles);
    this.nested = nested;
    this.fitCount += fitCount;
  }

  /** A trial a fold that learns every pair of tasks, where the experiment asks for it and there are pairs. */
  addTransfers(): void {
    const { relatedness } = this.experiment;
    if (relatedness === undefined || this.tasks.length < 2) return;
    this.transfers.push(
      ...planTransfers({
        model: relatedness.model,
        tasks: this.tasks.length,
        trials: new Map(this.trials.map((trial) => [trial.id, trial])),
        member: (scope) => this.members.get(memberName(relatedness.model, scope)),
        id: (content) => this.id('transfer', content),
      }),
    );
    this.trials.push(...this.transfers);
    this.fitCount += this.transfers.reduce((sum, trial) => sum + fitsOf(trial), 0);
  }

  addReport(): void {
    const models = [...this.members.values()];
    const ensembles = this.ensembles;
    const transfers = this.transfers.map(({ id }) => id);
    const after = [
      ...models.flatMap(({ fits, select, refit, tuning = [], outer }) => [
        ...fits,
        ...tuning,
        select,
        refit,
        ...(outer ? [...outer.tuning, ...outer.refits] : []),
      ]),
      ...ensembles,
      ...Object.values(this.nested).flat(),
      ...transfers,
    ];
    const seed = seedFrom(this.seed, 'report');
    const thresholds = this.experiment.tasks.map(({ threshold }) => threshold);
    const id = this.id('report', { after, seed, thresholds });
    this.trials.push({
      id,
      kind: 'report',
      after,
      label: 'report',
      models,
      ensembles,
      seed,
      ...(Object.keys(this.nested).length > 0 && { nested: this.nested }),
      ...(transfers.length > 0 && { transfers }),
    });
  }

  private id(kind: TrialSpec['kind'], content: object): string {
    return digest({ problem: this.problem, kind, ...content });
  }
}

const memberName = (model: string, scope: string): string => JSON.stringify([model, scope]);
