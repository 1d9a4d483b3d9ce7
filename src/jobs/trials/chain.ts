import { basename } from 'node:path';
import { fitChain, predictChain } from '../../core/ensemble';
import type { ChainTrial } from '../../core/experiment';
import type { TaskPredictions } from '../../core/learner';
import { type RunFolder, writeModel, writePredictions } from '../../store';
import { selectionResult } from '../results';
import type { RunData } from '../run-data';
import { averagePredictions } from './average';
import { type TrialContext, TrialError } from './context';
import { readBlock } from './member';
import { learnerOf } from './parts';
import { configurationsOf } from './placed';
import { resultOf, upstream } from './upstream';

/** Fits one chain on the training rows of a fold, or on all: predicts the fold's rows, or the test rows, and keeps the links. */
export async function runChain(spec: ChainTrial, context: TrialContext): Promise<void> {
  const { run, data, trial, attempt, writer } = context;
  const { table, layout } = data;
  const configurations = configurationsOf(run, spec);
  const { chosen } = resultOf(upstream(run, spec.select), selectionResult);
  const choices = table.tasks.map((_, t) => (chosen.length === 1 ? chosen[0] : chosen[t]));
  const { train, predicted } = rowsOf(spec, context);
  const links = await fitChain(
    {
      problem: data.problem(train),
      order: spec.order,
      folds: spec.innerFolds,
      ...(table.rowTask && { rowTask: table.rowTask }),
      ...(table.rowGroup && { rowGroup: table.rowGroup }),
      learner: learnerOf(spec.learner),
      configurations: choices.map((choice, t) => (configurations[t] ?? configurations[0])[choice]),
    },
    {
      seed: spec.seed,
      signal: context.signal,
      report: () => context.onStep(),
      ...(context.threads && { threads: context.threads }),
      tensorBackend: () => context.tensorBackend(),
    },
  );
  for (const { task, model } of links) {
    const { id } = table.tasks[task];
    if (model === undefined) {
      writer.append({
        kind: 'warning',
        message: `No training row has a label for task "${id}": it is not predicted.`,
      });
    } else if (!model.convergence.converged) {
      writer.append({ kind: 'warning', message: `The chain's model of task "${id}" did not converge.` });
    }
  }
  const begun = performance.now();
  const predictions = predictChain(table.tasks, links, table.dataset, predicted);
  const seconds = (performance.now() - begun) / 1000;
  const values = layout.empty(predicted.length);
  predictions.forEach((one, t) => {
    layout.put(values, t, one, predicted);
  });
  const split = spec.fit === undefined && spec.outer === undefined ? 'test' : 'validation';
  if (split === 'test') {
    const folder = run.model(trial, attempt);
    const parts = links.flatMap(({ task, model }) =>
      model
        ? [{ tasks: [table.tasks[task].id], configuration: choices[task], model: model.serialize() }]
        : [],
    );
    writeModel(folder, { parts });
    writer.append({ kind: 'model', file: basename(folder) });
  }
  const path = run.predictions(trial, attempt, split);
  const shape = { configurations: 1, columns: layout.columns, rows: predicted.length };
  writePredictions(path, { ...shape, values });
  writer.append({ kind: 'predictions', file: basename(path), ...shape, split, seconds });
}

/** Predictions of all training rows by the trials of one chain on the folds, repeats averaged; NaN where never held out. */
export function chainOutOfFold(
  run: RunFolder,
  data: RunData,
  folds: readonly string[],
): readonly TaskPredictions[] {
  const { layout, table } = data;
  const positions = data.trainPositions();
  const sources = folds.map((trial) => {
    const spec = run.spec(trial);
    const fit = spec.kind === 'chain' && spec.fit !== undefined ? run.spec(spec.fit) : undefined;
    if (fit?.kind !== 'fit')
      throw new TrialError('upstream-missing', `Trial ${trial} is no chain of a fold.`);
    const { heldOut } = data.fold(fit.fold, fit.folds, fit.repeat);
    const own = readBlock(run, upstream(run, trial), 'validation');
    const all = layout.empty(table.trainRows.length);
    for (let c = 0; c < layout.columns; c++) {
      heldOut.forEach((row, i) => {
        all[c * table.trainRows.length + positions[row]] = own[c * heldOut.length + i];
      });
    }
    return table.tasks.map((_, t) => layout.take(all, t, table.trainRows));
  });
  return averagePredictions(sources);
}

function rowsOf(
  spec: ChainTrial,
  { run, data }: TrialContext,
): { readonly train: Int32Array; readonly predicted: Int32Array } {
  const { trainRows, testRows } = data.table;
  if (spec.outer !== undefined) {
    const { train, heldOut } = data.outerFold(spec.outer);
    return { train, predicted: heldOut };
  }
  if (spec.fit === undefined) return { train: trainRows, predicted: testRows };
  const fit = run.spec(spec.fit);
  if (fit.kind !== 'fit') throw new TrialError('upstream-missing', `Trial ${spec.fit} is not a fit.`);
  const { train, heldOut } = data.fold(fit.fold, fit.folds, fit.repeat);
  return { train, predicted: heldOut };
}
