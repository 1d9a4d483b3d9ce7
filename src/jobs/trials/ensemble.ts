import {
  applyWeights,
  combineMean,
  crossFitWeightedMean,
  fitWeightedMean,
  type MemberPredictions,
  meanWeights,
} from '../../core/ensemble';
import { gather } from '../../core/evaluate';
import type { EnsembleTrial } from '../../core/experiment';
import type { TaskPredictions } from '../../core/learner';
import { writePredictions } from '../../store';
import type { TrialContext } from './context';
import { fileName } from './fit';
import { outOfFold, readMember, testPredictions } from './upstream';

/** Combines base models: weights from their out-of-fold predictions, cross-fitted for the validation score. */
export async function runEnsemble(spec: EnsembleTrial, context: TrialContext): Promise<void> {
  const { run, data, writer } = context;
  const members = spec.members.map((trials) => readMember(run, trials));
  const training = members.map((member) => outOfFold(run, data, member));
  const { weights, validation } = combine(spec, training, context);
  writeBlock(validation, data.table.trainRows, 'validation', context);
  const test = members.map((member) => testPredictions(run, data, member.refit));
  writeBlock(applyWeights(test, weights), data.table.testRows, 'test', context);
  const names = spec.members.map(({ key }) =>
    key.scope === 'joint' ? key.model : `${key.model} (${key.scope})`,
  );
  writer.append({ kind: 'result', result: { members: names, weights } });
}

interface Combined {
  readonly weights: readonly (readonly number[])[];
  readonly validation: readonly TaskPredictions[];
}

function combine(spec: EnsembleTrial, members: MemberPredictions, { data }: TrialContext): Combined {
  const { tasks, labels, sampleWeight, trainRows } = data.table;
  if (spec.combine === 'mean') {
    return { weights: meanWeights(tasks.length, members.length), validation: combineMean(members) };
  }
  const input = {
    tasks,
    labels: labels.map((one) => gather(one, trainRows)),
    ...(sampleWeight && { weights: gather(sampleWeight, trainRows) }),
    members,
  };
  const folds = data.folds(data.experiment.data.folds, 0);
  return { weights: fitWeightedMean(input).weights, validation: crossFitWeightedMean(input, folds) };
}

function writeBlock(
  predictions: readonly TaskPredictions[],
  rows: Int32Array,
  split: 'validation' | 'test',
  { run, data, trial, attempt, writer }: TrialContext,
): void {
  const values = data.layout.empty(rows.length);
  predictions.forEach((one, t) => {
    data.layout.put(values, t, one, rows);
  });
  const path = run.predictions(trial, attempt, split);
  const shape = { configurations: 1, columns: data.layout.columns, rows: rows.length };
  writePredictions(path, { ...shape, values });
  writer.append({ kind: 'predictions', file: fileName(path), ...shape, split });
}
