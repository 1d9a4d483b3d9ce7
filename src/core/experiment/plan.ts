import type { Task } from '../dataset/problem';
import { seedFrom } from '../random';
import { type Arm, type LambdaMax, modelArms, resolveModel } from './arms';
import type { Experiment } from './experiment';
import { PlanError } from './plan-error';
import type {
  EnsembleTrial,
  FitTrial,
  MemberTrials,
  Plan,
  RefitTrial,
  SelectTrial,
  TrialSpec,
} from './trial';
import { CONSTANT_MODEL } from './trial';
import { digest } from './trial-id';

export interface PlanInputs {
  /** Of the data as read. */
  readonly fingerprint: string;
  readonly engineVersion: string;
  readonly tasks: readonly Task[];
  /** Long data: every row belongs to one task, and all rows can be learned as one task (the pooled baseline). */
  readonly longForm: boolean;
  /** By model name, on all training rows; only models whose grid starts at λ_max need an entry. */
  readonly lambdaMax: Readonly<Record<string, LambdaMax>>;
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
  for (const model of models) {
    for (const arm of modelArms(model, experiment, inputs)) planner.addArm(arm);
  }
  planner.addEnsembles();
  planner.addReport();
  const { trials, fitCount } = planner;
  return { version: 1, models, folds: experiment.data.folds, trials, fitCount };
}

type Ensembled = EnsembleTrial['scope'];

class Planner {
  readonly trials: TrialSpec[] = [];
  fitCount = 0;
  private readonly members = new Map<string, MemberTrials>();
  private readonly ensembles: string[] = [];
  private readonly seed: number;
  /** Digest of everything outside the model that a trial's numbers depend on. */
  private readonly problem: string;

  constructor(
    private readonly experiment: Experiment,
    { fingerprint, engineVersion, tasks }: PlanInputs,
  ) {
    // Where a table lies does not change a result, and the number of folds is in the trials themselves.
    const { source: _source, folds: _folds, ...data } = experiment.data;
    const targets = experiment.tasks.map(({ id, target }) => [id, target]);
    this.seed = data.seed;
    this.problem = digest({ fingerprint, engineVersion, data, targets, tasks });
  }

  addArm(arm: Arm): void {
    const { key, learner, parameters, configurations, folds } = arm;
    const name = key.scope === 'joint' ? key.model : `${key.model} (${key.scope})`;
    // Hashed once, as every fold has the same; parameters once, as λ alone differs: a thousand tasks make long lists.
    const lambdas = configurations.map((list) => list.map(({ lambda }) => lambda ?? null));
    const work = digest({ key, learner, parameters, lambdas });
    const fits = Array.from({ length: folds }, (_, fold): FitTrial => {
      const seed = seedFrom(this.seed, key.model, fold, 0);
      return {
        id: this.id('fit', { work, fold, folds, repeat: 0, seed }),
        kind: 'fit',
        after: [],
        label: `${name} fold ${fold + 1}`,
        key,
        learner,
        configurations,
        fold,
        folds,
        repeat: 0,
        seed,
      };
    });
    const fitIds = fits.map((fit) => fit.id);
    const per = key.scope === 'single-task' ? 'task' : 'model';
    const select: SelectTrial = {
      id: this.id('select', { fits: fitIds, rule: arm.rule, per }),
      kind: 'select',
      after: fitIds,
      label: `${name} selection`,
      key,
      fits: fitIds,
      rule: arm.rule,
      per,
    };
    const seed = seedFrom(this.seed, key.model, 'refit', 0);
    const refit: RefitTrial = {
      id: this.id('refit', { work, select: select.id, seed }),
      kind: 'refit',
      after: [select.id],
      label: `${name} refit`,
      key,
      learner,
      configurations,
      select: select.id,
      seed,
    };
    this.trials.push(...fits, select, refit);
    this.members.set(memberName(key.model, key.scope), {
      key,
      fits: fitIds,
      select: select.id,
      refit: refit.id,
    });
    this.fitCount += countFits(configurations, folds);
  }

  addEnsembles(): void {
    for (const scope of ['joint', 'single-task'] as const) {
      for (const ensemble of this.experiment.ensembles) {
        const members = ensemble.of.flatMap((model) => this.members.get(memberName(model, scope)) ?? []);
        if (members.length > 0) this.addEnsemble(ensemble.name, scope, ensemble.combine, members);
      }
    }
  }

  private addEnsemble(
    name: string,
    scope: Ensembled,
    combine: EnsembleTrial['combine'],
    members: readonly MemberTrials[],
  ): void {
    const after = members.flatMap(({ fits, select, refit }) => [...fits, select, refit]);
    const seed = seedFrom(this.seed, name, 'ensemble', 0);
    const id = this.id('ensemble', { name, scope, combine, after, seed });
    const label = scope === 'joint' ? name : `${name} (${scope})`;
    this.trials.push({ id, kind: 'ensemble', after, label, name, scope, combine, members, seed });
    this.ensembles.push(id);
  }

  addReport(): void {
    const models = [...this.members.values()];
    const ensembles = this.ensembles;
    const after = [...models.flatMap(({ fits, select, refit }) => [...fits, select, refit]), ...ensembles];
    const seed = seedFrom(this.seed, 'report');
    const id = this.id('report', { after, seed });
    this.trials.push({ id, kind: 'report', after, label: 'report', models, ensembles, seed });
  }

  private id(kind: TrialSpec['kind'], content: object): string {
    return digest({ problem: this.problem, kind, ...content });
  }
}

const memberName = (model: string, scope: string): string => JSON.stringify([model, scope]);

/** Configurations × folds, for each task where each is fitted alone; and the refits. */
export function countFits(configurations: FitTrial['configurations'], folds: number): number {
  return configurations.length * (configurations[0].length * folds + 1);
}
