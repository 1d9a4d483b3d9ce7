import { type Dataset, type Task, taskWidth } from '../../core/dataset';
import {
  applyCombination,
  type ChainLink,
  type Combination,
  predictChain,
  type StackedTask,
} from '../../core/ensemble';
import type { BagTrial, EnsembleTrial, ModelKey, RefitTrial } from '../../core/experiment';
import { type FittedModel, learners, type TaskPredictions } from '../../core/learner';
import { type ModelBundle, type RunFolder, readModel } from '../../store';
import { JobError } from '../contract';
import { ensembleResult } from '../results';
import { averagePredictions } from '../trials/average';
import { resultOf, type Upstream, upstream } from '../trials/upstream';

/** Predicts rows of a table that has the features' columns, one prediction a task of the run. */
export type Predictor = (dataset: Dataset, rows: Int32Array) => readonly TaskPredictions[];

/**
 * A saved model of a run, or one fold's.
 * @throws JobError `no-model`, TrialError `upstream-missing`
 */
export function modelPredictor(
  run: RunFolder,
  tasks: readonly Task[],
  { id, key }: Pick<RefitTrial | BagTrial, 'id' | 'key'>,
): Predictor {
  const parts = readBundle(run, upstream(run, id)).parts.map((part) => ({
    model: load(part),
    serves: part.tasks.map((name) => ({
      task: taskNamed(tasks, name),
      own: ownTask(key, taskNamed(tasks, name)),
    })),
  }));
  return (dataset, rows) => {
    const predictions = tasks.map((task) => unknown(task, rows.length));
    for (const { model, serves } of parts) {
      const own = model.predict(dataset, rows);
      for (const { task, own: index } of serves) predictions[task] = own[index];
    }
    return predictions;
  };
}

/** The models that a saved model consists of, and the tasks that each serves. */
export function modelParts(
  run: RunFolder,
  { id }: Pick<RefitTrial, 'id'>,
): readonly { readonly tasks: readonly string[]; readonly model: FittedModel }[] {
  return readBundle(run, upstream(run, id)).parts.map((part) => ({ tasks: part.tasks, model: load(part) }));
}

/** Where a model keeps a task: joint models have all tasks of the run, others one. */
function ownTask({ scope }: ModelKey, task: number): number {
  return scope === 'joint' ? task : 0;
}

/** An ensemble: its members, and what combines them. */
export function ensemblePredictor(
  run: RunFolder,
  tasks: readonly Task[],
  spec: EnsembleTrial,
  only: (predictions: readonly TaskPredictions[], rows: Int32Array) => readonly TaskPredictions[],
): Predictor {
  if (spec.chains) {
    const chains = spec.chains.map(({ refit }) => chainPredictor(run, tasks, refit));
    return (dataset, rows) => averagePredictions(chains.map((chain) => chain(dataset, rows)));
  }
  const members = spec.members.map((member) => {
    const trials = (member.bags ?? [member.refit]).map((id) => ({ id, key: member.key }));
    const models = trials.map((trial) => modelPredictor(run, tasks, trial));
    return (dataset: Dataset, rows: Int32Array) =>
      averagePredictions(models.map((model) => model(dataset, rows)));
  });
  const combination = combinationOf(run, tasks, spec);
  return (dataset, rows) =>
    applyCombination(
      combination,
      tasks,
      members.map((member) => only(member(dataset, rows), rows)),
    );
}

function chainPredictor(run: RunFolder, tasks: readonly Task[], trial: string): Predictor {
  const links = readBundle(run, upstream(run, trial)).parts.map((part): ChainLink => {
    return { task: taskNamed(tasks, part.tasks[0]), model: load(part) };
  });
  return (dataset, rows) => predictChain(tasks, links, dataset, rows);
}

function combinationOf(run: RunFolder, tasks: readonly Task[], { id, combiner }: EnsembleTrial): Combination {
  const own = upstream(run, id);
  switch (combiner.combine) {
    case 'median':
    case 'vote':
      return { kind: combiner.combine };
    case 'stacking': {
      const { parts } = readBundle(run, own);
      const stacked = tasks.map(({ id: task }): StackedTask => {
        const part = parts.find((one) => one.tasks[0] === task);
        return part ? load(part) : 'mean';
      });
      return { kind: 'stacking', tasks: stacked };
    }
    default:
      return { kind: 'weights', weights: resultOf(own, ensembleResult).weights };
  }
}

function readBundle(run: RunFolder, { trial, story }: Upstream): ModelBundle {
  const event = story.events.findLast((one) => one.kind === 'model');
  if (event?.kind !== 'model') {
    throw new JobError(
      'no-model',
      `Trial ${trial.slice(0, 12)} kept no model. Resume the run to do it again.`,
    );
  }
  return readModel(run.store.root, run.relative('models', event.file));
}

function load({ model }: ModelBundle['parts'][number]): FittedModel {
  if (Object.hasOwn(learners, model.learner)) return learners[model.learner].load(model);
  throw new JobError('no-model', `There is no learner of kind "${model.learner}" in this version.`);
}

function taskNamed(tasks: readonly Task[], id: string): number {
  const found = tasks.findIndex((task) => task.id === id);
  if (found >= 0) return found;
  throw new JobError('no-model', `A saved model is of a task "${id}" that the run does not have.`);
}

function unknown(task: Task, rows: number): TaskPredictions {
  const width = taskWidth(task);
  return { values: new Float32Array(rows * width).fill(Number.NaN), width };
}
