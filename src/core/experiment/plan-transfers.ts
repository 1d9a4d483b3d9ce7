import { PlanError } from './plan-error';
import type { MemberTrials, RefitTrial, Scope, TransferTrial, TrialSpec } from './trial';

/** Tasks that are learned in pairs at most: 780 pairs on every fold. */
const MOST_PAIRED_TASKS = 40;

interface TransferPlanning {
  readonly model: string;
  readonly tasks: number;
  readonly trials: ReadonlyMap<string, TrialSpec>;
  /** Trials of the model in a scope; undefined where it has none. */
  member(scope: Scope): MemberTrials | undefined;
  id(content: object): string;
}

/**
 * One trial for each fold of a joint model, after its choice and its twin's.
 * @throws PlanError `unknown-model`, `too-many-tasks`
 */
export function planTransfers({ model, tasks, trials, member, id }: TransferPlanning): TransferTrial[] {
  const [joint, twin] = [member('joint'), member('single-task')];
  if (joint === undefined || twin === undefined) {
    throw new PlanError('unknown-model', `relatedness: there is no base model ${model} to learn the pairs`);
  }
  if (tasks > MOST_PAIRED_TASKS) {
    throw new PlanError(
      'too-many-tasks',
      `relatedness: ${tasks} tasks make ${(tasks * (tasks - 1)) / 2} pairs; at most ${MOST_PAIRED_TASKS} tasks are learned in pairs. ` +
        'Take the key out: the correlation of what was learned needs no fits of its own',
    );
  }
  const [all, alone] = [refitOf(trials, joint), refitOf(trials, twin)];
  return joint.fits.map((fit, index): TransferTrial => {
    const content = { joint: joint.select, twin: twin.select, fit };
    return {
      id: id(content),
      kind: 'transfer',
      after: [joint.select, twin.select],
      label: `${model} pairs fold ${index + 1}`,
      key: joint.key,
      learner: all.learner,
      joint: { configurations: all.configurations, select: joint.select },
      twin: { configurations: alone.configurations, select: twin.select },
      fit,
      pairs: (tasks * (tasks - 1)) / 2,
    };
  });
}

function refitOf(trials: ReadonlyMap<string, TrialSpec>, { key, refit }: MemberTrials): RefitTrial {
  const trial = trials.get(refit);
  if (trial?.kind === 'refit') return trial;
  throw new PlanError('unknown-model', `the base model ${key.model} has no refit`);
}
