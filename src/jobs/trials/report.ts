import { buildLeaderboard, type LeaderboardEntry } from '../../core/evaluate';
import { CONSTANT_MODEL, type MemberTrials, type ReportTrial } from '../../core/experiment';
import type { RunFolder } from '../../store';
import { ensembleResult } from '../results';
import type { RunData } from '../run-data';
import { type TrialContext, TrialError } from './context';
import {
  type Member,
  outOfFold,
  readMember,
  resultOf,
  testPredictions,
  upstream,
  validationPredictions,
} from './upstream';

/**
 * Scores everything that completed, compares it with its baselines, writes the leaderboard. Models and ensembles that
 * failed are left out: the coordinator lets a report run once nothing it reads can still complete.
 */
export async function runReport(spec: ReportTrial, context: TrialContext): Promise<void> {
  const { run, data, writer } = context;
  const { tasks, labels, sampleWeight, rowGroup, trainRows, testRows } = data.table;
  const members = spec.models.flatMap((trials) => orMissing(() => readMember(run, trials)) ?? []);
  const entries = [
    ...members.map((member) => modelEntry(run, data, member)),
    ...spec.ensembles.flatMap((trial) => orMissing(() => ensembleEntry(run, data, trial, members)) ?? []),
  ];
  const names = new Set(entries.map(({ name }) => name));
  const leaderboard = buildLeaderboard({
    tasks,
    labels,
    ...(sampleWeight && { sampleWeight }),
    ...(rowGroup && { groups: rowGroup }),
    trainRows,
    testRows,
    entries: entries.map(({ baselineOf, ...entry }) =>
      baselineOf !== undefined && names.has(baselineOf) ? { ...entry, baselineOf } : entry,
    ),
    seed: spec.seed,
  });
  const { metrics } = data.experiment;
  writer.append({ kind: 'result', result: { ...leaderboard, ...(metrics && { metrics: [...metrics] }) } });
}

function modelEntry(run: RunFolder, data: RunData, member: Member): LeaderboardEntry {
  const { key } = member.trials;
  const { selection } = member;
  const test = data.table.testRows.length > 0 ? { test: testPredictions(run, data, member.refit) } : {};
  return {
    name: modelName(member.trials),
    role: key.scope === 'joint' && key.model !== CONSTANT_MODEL ? 'model' : 'baseline',
    ...(key.scope === 'joint' ? {} : { baselineOf: key.model }),
    key,
    learner: learnerKind(run, member.trials),
    lambda: lambdaOf(data, selection.chosenLambda),
    validation: outOfFold(run, data, member),
    ...test,
    selectedOnThis: selection.path.length > 1,
    cpuSeconds: costOf(member),
    warnings: [...selection.warnings, ...trainingWarnings(member)],
  };
}

function ensembleEntry(
  run: RunFolder,
  data: RunData,
  trial: string,
  members: readonly Member[],
): LeaderboardEntry {
  const spec = run.spec(trial);
  if (spec.kind !== 'ensemble')
    throw new TrialError('upstream-missing', `Trial ${trial} is not an ensemble.`);
  const own = upstream(run, trial);
  const result = resultOf(own, ensembleResult);
  const used = new Set(spec.members.map(({ refit }) => refit));
  const chosen = members.filter(({ trials }) => used.has(trials.refit));
  const test = data.table.testRows.length > 0 ? { test: testPredictions(run, data, own) } : {};
  return {
    name: spec.scope === 'joint' ? spec.name : `${spec.name} (${spec.scope})`,
    role: spec.scope === 'joint' ? 'ensemble' : 'baseline',
    ...(spec.scope === 'joint' ? {} : { baselineOf: spec.name }),
    learner: spec.combine,
    lambda: null,
    validation: validationPredictions(run, data, own),
    ...test,
    // The weights are cross-fitted, but the members' λ were chosen on these rows.
    selectedOnThis: chosen.some(({ selection }) => selection.path.length > 1),
    cpuSeconds: chosen.reduce((sum, member) => sum + costOf(member), own.cpuSeconds),
    warnings: [],
    members: result.members,
    weights: result.weights,
  };
}

function modelName({ key }: MemberTrials): string {
  if (key.model === CONSTANT_MODEL) return 'mean/majority';
  return key.scope === 'joint' ? key.model : `${key.model} (${key.scope})`;
}

function learnerKind(run: RunFolder, { refit }: MemberTrials): string {
  const spec = run.spec(refit);
  return spec.kind === 'refit' ? spec.learner : '';
}

/** One λ; or by task, where each has its own. */
function lambdaOf(data: RunData, chosen: readonly (number | null)[]): LeaderboardEntry['lambda'] {
  if (chosen.length === 1) return chosen[0];
  const byTask = data.table.tasks.flatMap(({ id }, t) => {
    const lambda = chosen[t];
    return lambda === null ? [] : [[id, lambda] as const];
  });
  return byTask.length === 0 ? null : Object.fromEntries(byTask);
}

function costOf({ fits, select, refit }: Member): number {
  return [...fits, select, refit].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** Fits that did not converge, of the chosen configuration only, and whatever the learners warned of, each once. */
function trainingWarnings({ fits, refit, selection }: Member): readonly string[] {
  const warnings = new Set<string>();
  let failed = 0;
  for (const { story } of [...fits, refit]) {
    for (const event of story.events) {
      if (event.kind === 'warning') warnings.add(event.message);
      const isChosen = (configuration: number, task: number | undefined) =>
        selection.chosen.length > 1 && task !== undefined
          ? selection.chosen[task] === configuration
          : selection.chosen.includes(configuration);
      if (
        event.kind === 'fitted' &&
        !event.convergence.converged &&
        isChosen(event.configuration, event.task)
      )
        failed++;
    }
  }
  if (failed > 0)
    warnings.add(`${failed} ${failed === 1 ? 'fit' : 'fits'} at the chosen λ did not converge.`);
  return [...warnings];
}

function orMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TrialError && error.code === 'upstream-missing') return undefined;
    throw error;
  }
}
