import { basename } from 'node:path';
import {
  buildLeaderboard,
  diagnose,
  gainMatrix,
  type LeaderboardEntry,
  type LeaderboardInput,
  type RelatednessMatrix,
  spreadOf,
} from '../../core/evaluate';
import {
  boardName,
  CONSTANT_MODEL,
  type EnsembleTrial,
  type MemberTrials,
  type ReportTrial,
  scopedName,
} from '../../core/experiment';
import { learners } from '../../core/learner';
import { type RunFolder, readModel } from '../../store';
import { collectGarbage } from '../memory';
import { ensembleResult, transferResult } from '../results';
import type { RunData } from '../run-data';
import { choicesOf, chosenOf, lambdaOf } from './chosen';
import { type TrialContext, TrialError } from './context';
import { type Cost, ensembleCost, memberCost } from './costs';
import { ensembleDetail } from './ensemble-detail';
import {
  type Member,
  nestedPredictions,
  outOfFold,
  readMember,
  testPredictions,
  validationPredictions,
} from './member';
import { numberAt, placedOf } from './placed';
import { restoreFolds } from './restore';
import { ifThere, resultOf, type Upstream, upstream } from './upstream';

/** A base model that completed, with what it took. */
interface CostedMember extends Member {
  readonly cost: Cost;
}

/**
 * Scores everything that completed, compares it with its baselines, writes the leaderboard. Models and ensembles that
 * failed are left out: the coordinator lets a report run once nothing it reads can still complete.
 */
export async function runReport(spec: ReportTrial, context: TrialContext): Promise<void> {
  const { run, data, writer } = context;
  const { tasks, labels, sampleWeight, rowGroup, rowTime, rowTask, trainRows, testRows } = data.table;
  const members = spec.models.flatMap((trials) => ifThere(() => costed(run, readMember(run, trials))) ?? []);
  await restoreFolds(members, context);
  const entries = [
    ...members.map((member) => modelEntry(run, data, member)),
    ...spec.ensembles.flatMap(
      (trial) => ifThere(() => ensembleEntry(run, data, trial, members, spec.nested?.[trial])) ?? [],
    ),
  ];
  const names = new Set(entries.map(({ name }) => name));
  const input: LeaderboardInput = {
    tasks,
    labels,
    ...(sampleWeight && { sampleWeight }),
    ...(rowGroup && { groups: rowGroup }),
    ...(rowTime && { times: rowTime }),
    trainRows,
    testRows,
    entries: entries.map(({ baselineOf, ...entry }) =>
      baselineOf !== undefined && names.has(baselineOf) ? { ...entry, baselineOf } : entry,
    ),
    seed: spec.seed,
    ...thresholdsOf(data),
    longForm: rowTask !== undefined,
    learned: (name) =>
      learnedBy(
        run,
        members.find(({ trials }) => boardName(trials.key) === name),
      ),
  };
  const gains = gainsOf(run, spec);
  const leaderboard = buildLeaderboard({ ...input, ...(gains && { gains }) });
  writer.append({ kind: 'diagnosis', diagnosis: diagnose(input, leaderboard) });
  const { metrics } = data.experiment;
  writer.append({ kind: 'result', result: { ...leaderboard, ...(metrics && { metrics: [...metrics] }) } });
}

/** How binary tasks are decided, and the folds to choose that over; nothing where no task says. */
function thresholdsOf(data: RunData): Pick<LeaderboardInput, 'thresholds' | 'folds'> {
  const thresholds = data.table.tasks.map((_, t) => data.taskSpec(t).threshold);
  if (thresholds.every((one) => one === undefined)) return {};
  return { thresholds, folds: data.crossFitFolds() };
}

/** Mean over folds of what learning in pairs gained, with its standard error; undefined where it was not asked for. */
function gainsOf(run: RunFolder, { transfers = [] }: ReportTrial): RelatednessMatrix | undefined {
  const found = transfers.flatMap((trial) => ifThere(() => upstream(run, trial)) ?? []);
  const folds = found.map((one) => resultOf(one, transferResult).gains);
  const spec = found.length > 0 ? run.spec(found[0].trial) : undefined;
  if (spec?.kind !== 'transfer' || folds.length === 0) return undefined;
  const spreads = folds[0].map((row, i) =>
    row.map((_, j) => spreadOf(folds.flatMap((fold) => fold[i][j] ?? []))),
  );
  return gainMatrix(
    spec.key.model,
    spreads.map((row) => row.map(({ mean }) => mean)),
    spreads.map((row) => row.map(({ standardError }) => standardError)),
  );
}

function costed(run: RunFolder, member: Member): CostedMember {
  return { ...member, cost: memberCost(run, member) };
}

function modelEntry(run: RunFolder, data: RunData, member: CostedMember): LeaderboardEntry {
  const { key } = member.trials;
  const { selection } = member;
  const nested = ifThere(() => nestedPredictions(run, data, member.trials.outer?.refits));
  return {
    name: boardName(key),
    role: key.scope === 'joint' && key.model !== CONSTANT_MODEL ? 'model' : 'baseline',
    ...(key.scope === 'joint' ? {} : { baselineOf: key.model }),
    key,
    learner: learnerKind(run, member.trials),
    lambda: lambdaOf(data, selection.chosenLambda),
    ...chosenOf(data, selection),
    ...choicesOf(data, member),
    ...(nested && { nested: () => nested }),
    validation: () => {
      // Of the entries before.
      collectGarbage();
      return outOfFold(run, data, member);
    },
    ...testOf(run, data, member.refit),
    selectedOnThis: selection.path.length > 1,
    level: 1,
    ...member.cost,
    warnings: [...selection.warnings, ...trainingWarnings(run, member)],
  };
}

function ensembleEntry(
  run: RunFolder,
  data: RunData,
  trial: string,
  members: readonly CostedMember[],
  outer: readonly string[] | undefined,
): LeaderboardEntry {
  const own = upstream(run, trial);
  const spec = run.spec(trial);
  if (spec.kind !== 'ensemble')
    throw new TrialError('upstream-missing', `Trial ${trial} is not an ensemble.`);
  const result = resultOf(own, ensembleResult);
  const used = new Set(spec.members.map(({ refit }) => refit));
  const chosen = members.filter(({ trials }) => used.has(trials.refit));
  const parts = [
    ...(spec.chains ?? []).flatMap(({ folds, refit }) => [...folds, refit]),
    ...spec.members.flatMap(({ bags }) => bags ?? []),
  ];
  const within = (outer ?? []).flatMap((id) => {
    const fold = run.spec(id);
    return fold.kind === 'ensemble' ? [id, ...(fold.chains ?? []).map(({ refit }) => refit)] : [];
  });
  const nested = ifThere(() => nestedPredictions(run, data, outer));
  return {
    name: scopedName(spec.name, spec.scope),
    role: spec.scope === 'joint' ? 'ensemble' : 'baseline',
    ...(spec.scope === 'joint' ? {} : { baselineOf: spec.name }),
    learner: spec.combiner.combine,
    lambda: null,
    ...(nested && { nested: () => nested }),
    validation: () => validationPredictions(run, data, own),
    ...testOf(run, data, own),
    // The weights are cross-fitted, but the members' λ were chosen on these rows.
    selectedOnThis: chosen.some(({ selection }) => selection.path.length > 1),
    level: levelOf(spec),
    ...ensembleCost(
      run,
      [
        own,
        ...parts.map((one) => upstream(run, one)),
        ...within.flatMap((one) => ifThere(() => upstream(run, one)) ?? []),
      ],
      chosen.map(({ cost }) => cost),
    ),
    warnings: [],
    members: result.members,
    weights: result.weights,
    ensemble: ensembleDetail(spec, result, data.table.tasks),
  };
}

/** A combination of predictions is above its members; what was trained on predictions is above that. */
function levelOf({ combiner }: EnsembleTrial): number {
  return combiner.combine === 'stacking' || combiner.combine === 'chains' ? 3 : 2;
}

function testOf(run: RunFolder, data: RunData, source: Upstream): Pick<LeaderboardEntry, 'test'> {
  return data.table.testRows.length > 0 ? { test: () => testPredictions(run, data, source) } : {};
}

/** The weights that a joint model learned for each task; undefined where it has no such thing. */
function learnedBy(run: RunFolder, member: Member | undefined): readonly Float64Array[] | undefined {
  if (member === undefined) return undefined;
  const { trial, story } = member.refit;
  const { parts } = readModel(
    run.store.root,
    run.relative('models', basename(run.model(trial, story.attempt))),
  );
  const [part] = parts;
  if (parts.length !== 1 || !Object.hasOwn(learners, part.model.learner)) return undefined;
  return learners[part.model.learner].load(part.model).taskVectors?.();
}

function learnerKind(run: RunFolder, { refit }: MemberTrials): string {
  const spec = run.spec(refit);
  return spec.kind === 'refit' ? spec.learner : '';
}

/** Fits that did not converge, of the chosen configuration only, and whatever the learners warned of, each once. */
function trainingWarnings(run: RunFolder, { fits, refit, selection }: Member): readonly string[] {
  const warnings = new Set<string>();
  let failed = 0;
  for (const { trial, story } of [...fits, refit]) {
    const spec = run.spec(trial);
    const placed = spec.kind === 'fit' ? placedOf(run, spec) : undefined;
    for (const event of story.events) {
      if (event.kind === 'warning') warnings.add(event.message);
      const isChosen = (configuration: number, task: number | undefined) =>
        selection.chosen.length > 1 && task !== undefined
          ? selection.chosen[task] === configuration
          : selection.chosen.includes(configuration);
      if (
        event.kind === 'fitted' &&
        !event.convergence.converged &&
        isChosen(placed ? numberAt(placed, event.configuration, event.task) : event.configuration, event.task)
      )
        failed++;
    }
  }
  if (failed > 0)
    warnings.add(`${failed} ${failed === 1 ? 'fit' : 'fits'} at the chosen λ did not converge.`);
  return [...warnings];
}
