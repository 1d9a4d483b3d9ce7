import { skill } from '../../core/evaluate';
import { CONSTANT_MODEL, type FitTrial } from '../../core/experiment';
import type { JsonObject } from '../../core/learner';
import type { StoreIndex } from '../../store';
import { placedOf } from '../trials/placed';
import { ifThere } from '../trials/upstream';
import type { RunFacts, TrialFact } from './facts';

/** One configuration of a fit: who it is among all of its model, and how it did on the rows held out. */
export interface FoldScore {
  /** Number among all configurations of the model. */
  readonly configuration: number;
  /** Number among the fit's own, as its events have it. */
  readonly place: number;
  /** One λ, or one a task. */
  readonly lambdas: readonly (number | null)[];
  readonly parameters: JsonObject;
  /** In the tasks' primary metrics, null where undefined or not scored yet. */
  readonly scores: readonly (number | null)[];
  /** The same as skill, measured against the run's own mean/majority fit of the fold. */
  readonly skills: readonly (number | null)[];
}

/** Reads the scores of a run's fits; the mean/majority predictor's once a fold of a repeat. */
export class FoldScores {
  private readonly constants = new Map<string, readonly (number | null)[] | undefined>();

  constructor(
    private readonly index: StoreIndex,
    private readonly facts: RunFacts,
  ) {}

  /** Empty where it is not known yet which configurations the fit is of: its search has not come so far. */
  of(fit: TrialFact): readonly FoldScore[] {
    const { record } = this.facts;
    const run = this.index.store.run(record.run);
    const spec = fit.attempt === null ? undefined : run.spec(fit.trial);
    if (spec?.kind !== 'fit' || spec.outer !== undefined) return [];
    const placed = ifThere(() => placedOf(run, spec));
    if (placed === undefined) return [];
    const scores = this.scoresOf(fit);
    const constant = this.constantOf(spec);
    return placed.configurations[0].map((_, place) => {
      const own = scores[place] ?? record.tasks.map(() => null);
      return {
        configuration: placed.numbers[0][place],
        place,
        lambdas: placed.configurations.map((list) => list[place]?.lambda ?? null),
        parameters: placed.configurations[0][place].parameters,
        scores: own,
        skills: record.tasks.map((task, t) => skill(task, own[t], constant?.[t] ?? null)),
      };
    });
  }

  private constantOf({ fold, repeat }: FitTrial): readonly (number | null)[] | undefined {
    const key = `${fold} ${repeat}`;
    if (!this.constants.has(key)) {
      const run = this.index.store.run(this.facts.record.run);
      const constant = this.facts.trials.find(({ trial, name, kind, state, fold: own }) => {
        if (name !== CONSTANT_MODEL || kind !== 'fit' || own !== fold || state !== 'completed') return false;
        const spec = run.spec(trial);
        return spec.kind === 'fit' && spec.repeat === repeat && spec.outer === undefined;
      });
      this.constants.set(key, constant && this.scoresOf(constant)[0]);
    }
    return this.constants.get(key);
  }

  /** scores[place][task] in the tasks' primary metrics. */
  private scoresOf({ trial, attempt }: TrialFact): (number | null)[][] {
    const { run, tasks } = this.facts.record;
    const rows = this.index.all(
      `SELECT configuration, task, metrics FROM scores WHERE run = ? AND trial = ? AND attempt = ? AND split = 'validation'`,
      run,
      trial,
      attempt,
    );
    const scores: (number | null)[][] = [];
    for (const { configuration, task, metrics } of rows) {
      const values: unknown = JSON.parse(String(metrics));
      const primary = tasks[Number(task)]?.primary;
      const value =
        typeof values === 'object' && values !== null && primary ? Reflect.get(values, primary) : null;
      scores[Number(configuration)] ??= new Array<number | null>(tasks.length).fill(null);
      scores[Number(configuration)][Number(task)] = typeof value === 'number' ? value : null;
    }
    return scores;
  }
}

/** Where every task has its own λ: their geometric mean, so that the path keeps one axis. */
export function commonLambda(list: readonly (number | null)[]): number | null {
  const values = list.filter((lambda) => lambda !== null);
  if (values.length === 0) return null;
  if (values.every((lambda) => lambda === values[0])) return values[0];
  return Math.exp(values.reduce((sum, lambda) => sum + Math.log(lambda), 0) / values.length);
}
