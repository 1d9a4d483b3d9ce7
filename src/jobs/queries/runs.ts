import { boardName, CONSTANT_MODEL } from '../../core/experiment';
import type { ModelState, RunDetail, RunSummary } from '../../protocol/runs';
import { alikeOf, estimateSecondsLeft, isTrainingKind, type StoreIndex, type TimedTrial } from '../../store';
import { trainedPart } from '../trained-part';
import type { RunFacts, TrialFact } from './facts';
import type { StepFiles } from './step-files';

/** The part of each running trial that is done, where it is known. */
type RunningParts = ReadonlyMap<string, number>;

export function summaryOf(facts: RunFacts, running: RunningParts = new Map()): RunSummary {
  const { record, experimentPath, status, ended, worked, workers, trials, leaderboard } = facts;
  const isOver = ended !== null;
  const best = leaderboard?.rows[0];
  return {
    run: record.run,
    experiment: experimentPath,
    name: record.name,
    status,
    started: record.created,
    ended,
    ...(isOver && { worked }),
    fits: fitsOf(trials),
    trials: {
      done: count(trials, 'completed'),
      failed: count(trials, 'failed') + count(trials, 'skipped'),
      running: count(trials, 'running'),
      total: trials.length,
    },
    secondsLeft:
      isOver || status === 'interrupted' ? null : secondsLeft(trials, Math.max(1, workers), running),
    best: best === undefined ? null : { name: best.name, mean: best.mean },
    backend: record.backend,
    ...(workers > 0 && { workers }),
  };
}

export function partsOf(index: StoreIndex, { record, trials }: RunFacts, files: StepFiles): RunningParts {
  const parts = new Map<string, number>();
  for (const fact of trials) {
    if (fact.state !== 'running' || fact.attempt === null) continue;
    const run = index.store.run(record.run);
    const part = trainedPart(run, run.spec(fact.trial), fact.attempt, files.of(run, fact), fact.fitted);
    if (part !== undefined) parts.set(fact.trial, part);
  }
  return parts;
}

export function detailOf(index: StoreIndex, facts: RunFacts, running: RunningParts): RunDetail {
  const { record, trials, leaderboard } = facts;
  return {
    summary: summaryOf(facts, running),
    tasks: record.tasks.map(({ id, type, target, labelled, primary }) => ({
      id,
      type,
      target,
      labelled,
      primary,
    })),
    models: modelStates(facts),
    warnings: [...failures(trials), ...warnings(index, record.run)],
    folder: index.store.run(record.run).path(),
    leaderboard,
  };
}

/** Models in the order of the plan, each with its baselines; then ensembles. */
function modelStates({ status, trials }: RunFacts): ModelState[] {
  const groups = new Map<string, TrialFact[]>();
  for (const trial of trials) {
    if (trial.name === null || trial.scope === null) continue;
    const ofEnsemble = trial.kind === 'ensemble' || trial.kind === 'chain';
    const name = JSON.stringify([ofEnsemble, trial.name, trial.scope]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [trial]);
    else group.push(trial);
  }
  return [...groups.values()].map((own): ModelState => {
    const [{ kind, name, scope }] = own;
    const model = name ?? '';
    const ownScope = scope === 'single-task' || scope === 'pooled' ? scope : 'joint';
    const isBaseline = ownScope !== 'joint' || model === CONSTANT_MODEL;
    return {
      name: boardName({ model, scope: ownScope }),
      role: isBaseline ? 'baseline' : kind === 'ensemble' || kind === 'chain' ? 'ensemble' : 'model',
      model,
      scope: ownScope,
      status: groupStatus(own, status),
      fits: fitsOf(own),
    };
  });
}

function groupStatus(trials: readonly TrialFact[], run: RunFacts['status']): ModelState['status'] {
  if (trials.every(({ state }) => state === 'completed')) return 'completed';
  if (trials.some(({ state }) => state === 'failed' || state === 'skipped')) return 'failed';
  if (run === 'cancelled') return 'cancelled';
  const isBegun = trials.some(({ state }) => state === 'running' || state === 'completed');
  return isBegun && (run === 'running' || run === 'paused') ? 'running' : 'waiting';
}

function fitsOf(trials: readonly TrialFact[]): { done: number; total: number } {
  let done = 0;
  let total = 0;
  for (const { fits, state, fitted } of trials) {
    total += fits;
    if (state === 'completed') done += fits;
    if (state === 'running') done += Math.min(fits, fitted);
  }
  return { done, total };
}

function secondsLeft(trials: readonly TrialFact[], workers: number, running: RunningParts): number | null {
  const timed = trials
    .filter(({ state }) => state !== 'failed' && state !== 'skipped')
    .map(({ trial, kind, name, scope, fits, state, seconds }): TimedTrial => {
      const part = running.get(trial);
      return {
        groups: alikeOf(kind, name ?? '', scope ?? ''),
        weight: Math.max(1, fits),
        isTraining: isTrainingKind(kind),
        state: state === 'completed' ? 'done' : state === 'running' ? 'running' : 'waiting',
        seconds,
        ...(part !== undefined && { part }),
      };
    });
  return estimateSecondsLeft(timed, workers);
}

function failures(trials: readonly TrialFact[]): string[] {
  return trials
    .filter(({ state }) => state === 'failed')
    .map(({ label, message }) => `${label} failed: ${message ?? 'its process was lost'}`);
}

function warnings(index: StoreIndex, run: string): string[] {
  return index
    .all(
      `SELECT DISTINCT t.label, w.message FROM warnings w JOIN trials t ON t.run = w.run AND t.trial = w.trial
       WHERE w.run = ? ORDER BY t.plan, t.place, w.seq LIMIT 200`,
      run,
    )
    .map(({ label, message }) => `${String(label)}: ${String(message)}`);
}

function count(trials: readonly TrialFact[], state: TrialFact['state']): number {
  return trials.reduce((sum, trial) => (trial.state === state ? sum + 1 : sum), 0);
}
