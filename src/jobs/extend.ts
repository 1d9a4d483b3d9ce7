import { resolve } from 'node:path';
import type { Task } from '../core/dataset';
import {
  type Addition,
  type Extension,
  extendPlan,
  type FitTrial,
  haltedSearch,
  lastReport,
  type MemberTrials,
  moreDraws,
  type Plan,
  PlanError,
  searchesOf,
  sweepOf,
} from '../core/experiment';
import type { Configuration } from '../core/learner';
import { logSpaced, refineAround } from '../core/sweep';
import { liveCoordinator, type RunFolder, RunStore } from '../store';
import { type ExtendOptions, JobError, type RunOutcome } from './contract';
import { selectionResult } from './results';
import { openRunLog } from './run-log';
import { continueRun, refuseOtherEngine } from './start';
import { resultOf, upstream } from './trials/upstream';

/**
 * Tries more configurations of one model in a run that is complete: only the new fits are done, then the choice, the
 * refit, the ensembles it is in, and the leaderboard again.
 * @throws JobError `cannot-extend`, `already-running`, `engine-differs`, `data-changed`
 */
export async function extendRun(options: ExtendOptions): Promise<RunOutcome> {
  const run = RunStore.open(resolve(options.store)).run(options.run);
  refuseOtherEngine(run);
  if (liveCoordinator(run.store.root, run.lock()) !== undefined) {
    throw new JobError(
      'already-running',
      `Run ${run.run} is being worked on. Extend it when it has ended, or cancel it first.`,
    );
  }
  const plans = run.plans();
  const next = planExtension(run, plans, options);
  run.writePlan(plans.length, next);
  const log = openRunLog(run);
  log.append({ kind: 'planned', plan: plans.length, trials: next.trials.length, fits: next.fitCount });
  log.close();
  return continueRun(run, options);
}

function planExtension(run: RunFolder, plans: readonly Plan[], options: ExtendOptions): Plan {
  const record = run.record();
  const weights = new Map(record.experiment.tasks.map(({ id, weight }) => [id, weight]));
  const [{ weight: shared }] = record.experiment.tasks;
  const tasks = record.tasks.map(
    ({ id, type, classes }): Task => ({ id, type, classes, weight: weights.get(id) ?? shared }),
  );
  const identity = { fingerprint: record.fingerprint, engineVersion: record.versions.engine, tasks };
  try {
    const members = lastReport(plans).models.filter(({ key }) => key.model === options.model);
    const added = members.map(
      (member) => [member.key.scope, additions(run, plans, member, options)] as const,
    );
    const extension: Extension = { model: options.model, added: Object.fromEntries(added) };
    return extendPlan(record.experiment, identity, plans, extension);
  } catch (error) {
    if (error instanceof PlanError) throw new JobError('cannot-extend', `Run ${run.run}: ${error.message}.`);
    throw error;
  }
}

/** What one scope of the model gets: more draws or proposals of its search, or more λ with what was chosen else. */
function additions(
  run: RunFolder,
  plans: readonly Plan[],
  member: MemberTrials,
  { model, points, from, to }: ExtendOptions,
): Addition {
  const { experiment } = run.record();
  const trials = new Map(plans.flatMap((one) => one.trials.map((trial) => [trial.id, trial] as const)));
  const [search] = searchesOf(member, trials);
  if (search?.method === 'halving') throw new PlanError('not-extendable', haltedSearch(model));
  const isSearched = sweepOf(model, experiment)?.search !== undefined;
  if (isSearched && (from !== undefined || to !== undefined)) {
    throw new PlanError(
      'not-extendable',
      `the search of ${model} looks for λ in the range of its sweep. Leave out the ends of λ: more of its own points are tried`,
    );
  }
  if (search) return { proposals: points };
  const tried = configurationsOf(run, member);
  const resolved = plans[0].models.find(({ name }) => name === model);
  const draws = resolved && moreDraws(experiment, resolved, member.key.scope, tried, points);
  if (draws) return draws;
  const { chosen } = resultOf(upstream(run, member.select), selectionResult);
  const lists = tried.map((list, l): Configuration[] => {
    const best = list[chosen[l] ?? chosen[0]];
    const own = list.flatMap(({ lambda, parameters }) =>
      lambda !== undefined && JSON.stringify(parameters) === JSON.stringify(best.parameters) ? [lambda] : [],
    );
    if (best.lambda === undefined) return [];
    const lambdas =
      from === undefined && to === undefined
        ? refineAround(own, best.lambda, points)
        : logSpaced(
            from ?? own.reduce((a, b) => Math.max(a, b)),
            to ?? own.reduce((a, b) => Math.min(a, b)),
            points,
          );
    return lambdas.map((lambda) => ({ lambda, parameters: best.parameters }));
  });
  if (lists.every((list) => list.length === points)) return lists;
  throw new JobError(
    'cannot-extend',
    `${model} has no λ that could be refined. Start a run with more values; finished work is taken over.`,
  );
}

/** All that the run tried of a model's scope, by number. */
function configurationsOf(run: RunFolder, { refit, key }: MemberTrials): FitTrial['configurations'] {
  const spec = run.spec(refit);
  if (spec.kind === 'refit') return spec.configurations;
  throw new PlanError('unknown-model', `the model ${key.model} has no refit`);
}
