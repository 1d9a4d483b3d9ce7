import { basename } from 'node:path';
import {
  applyCombination,
  type EnsembleResult,
  errorCorrelation,
  type FittedCombination,
  fitCombination,
  type MemberPredictions,
  meanWeights,
  type WeightsInput,
} from '../../core/ensemble';
import { gather } from '../../core/evaluate';
import { boardName, type ChainMember, type EnsembleTrial, type MemberTrials } from '../../core/experiment';
import type { TaskPredictions } from '../../core/learner';
import { writeModel, writePredictions } from '../../store';
import type { RunData } from '../run-data';
import { averagePredictions } from './average';
import { chainOutOfFold } from './chain';
import type { TrialContext } from './context';
import { outOfFold, readBlock, readFits, testPredictions } from './member';
import { restoreFolds } from './restore';
import { upstream } from './upstream';

/** Combines base models: learns from their out-of-fold predictions, cross-fitted for the validation score. */
export async function runEnsemble(spec: EnsembleTrial, context: TrialContext): Promise<void> {
  if (spec.outer !== undefined) return runNested(spec, spec.outer, context);
  if (spec.chains) return runChains(spec, spec.chains, context);
  const { combiner } = spec;
  if (combiner.combine === 'chains') return;
  const { run, data, writer } = context;
  const { tasks } = data.table;
  const fitted = spec.members.map((trials) => readFits(run, trials));
  await restoreFolds(fitted, context);
  const members = fitted.map((member) => outOfFold(run, data, member));
  const input = inputOf(data, members);
  const folds = data.crossFitFolds();
  const found = await fitCombination(combiner, input, folds, fitContext(spec, context));
  writeBlock(found.validation, data.table.trainRows, 'validation', context);
  const test = spec.members.map((trials) => testOf(trials, context));
  writeBlock(applyCombination(found.combination, tasks, test), data.table.testRows, 'test', context);
  keepSecondLevel(found, context);
  writer.append({ kind: 'result', result: resultOf(spec, found, input) });
}

/** Inside a fold of the outer loop: learned on its training rows alone, says what it makes of the rows that are held out. */
async function runNested(spec: EnsembleTrial, outer: number, context: TrialContext): Promise<void> {
  const { run, data } = context;
  const { tasks } = data.table;
  const { train, heldOut } = data.outerFold(outer);
  const heldOutBy = (trial: string) =>
    blockPredictions(data, readBlock(run, upstream(run, trial), 'validation'), heldOut);
  if (spec.chains) {
    const chains = spec.chains.map(({ refit }) => heldOutBy(refit));
    return writeBlock(averagePredictions(chains), heldOut, 'validation', context);
  }
  if (spec.combiner.combine === 'chains') return;
  const fitted = spec.members.map((trials) => readFits(run, trials));
  await restoreFolds(fitted, context);
  const position = data.trainPositions();
  const rows = train.map((row) => position[row]);
  const members = fitted.map((member) =>
    outOfFold(run, data, member).map(({ values, width }) => ({ values: pick(values, width, rows), width })),
  );
  const { combination } = await fitCombination(
    spec.combiner,
    inputOf(data, members, train),
    data.crossFitFolds(outer),
    fitContext(spec, context),
  );
  const own = spec.members.map(({ refit }) => heldOutBy(refit));
  writeBlock(applyCombination(combination, tasks, own), heldOut, 'validation', context);
}

/** The mean of chains, each of which made its predictions itself. */
function runChains(spec: EnsembleTrial, chains: readonly ChainMember[], context: TrialContext): void {
  const { run, data, writer } = context;
  const { tasks, trainRows, testRows } = data.table;
  const validation = chains.map(({ folds }) => chainOutOfFold(run, data, folds));
  const test = chains.map(({ refit }) => testPredictions(run, data, upstream(run, refit)));
  writeBlock(averagePredictions(validation), trainRows, 'validation', context);
  writeBlock(averagePredictions(test), testRows, 'test', context);
  const members = spec.members.map(({ key }) => key.model);
  const ids = tasks.map(({ id }) => id);
  const names = chains.map(({ model, order }) => `${model}: ${order.map((t) => ids[t]).join(' → ')}`);
  const result: EnsembleResult = {
    members,
    weights: meanWeights(tasks.length, members.length),
    chains: chains.map(({ model, order }) => ({ model, order: order.map((t) => ids[t]) })),
    errorCorrelation: { members: names, tasks: errorCorrelation(inputOf(data, validation)) },
  };
  writer.append({ kind: 'result', result });
}

function resultOf(spec: EnsembleTrial, fitted: FittedCombination, input: WeightsInput): EnsembleResult {
  const members = spec.members.map(({ key }) => boardName(key));
  const { weights, influence, lambdas, selections } = fitted;
  return {
    members,
    weights,
    ...(influence && { influence }),
    ...(lambdas && { lambdas }),
    ...(selections && { selections: thinned(selections) }),
    errorCorrelation: { members, tasks: errorCorrelation(input) },
  };
}

/** Steps of greedy selection are for a view: where tasks and bags are many, those of the first bag stand for all. */
const MOST_SELECTIONS = 400;

function thinned(selections: NonNullable<FittedCombination['selections']>): EnsembleResult['selections'] {
  const count = selections.reduce((sum, bags) => sum + bags.length, 0);
  return selections.map((bags) => (count > MOST_SELECTIONS ? bags.slice(0, 1) : bags));
}

/** @param rows of the table that the predictions are of; default: all training rows */
function inputOf(data: RunData, members: MemberPredictions, rows = data.table.trainRows): WeightsInput {
  const { tasks, labels, sampleWeight } = data.table;
  return {
    tasks,
    labels: labels.map((one) => gather(one, rows)),
    ...(sampleWeight && { weights: gather(sampleWeight, rows) }),
    members,
  };
}

function blockPredictions({ table, layout }: RunData, block: Float32Array, rows: Int32Array) {
  return table.tasks.map((_, t) => layout.take(block, t, rows));
}

/** Rows, by their places, of predictions with `width` entries a row. */
function pick(values: Float32Array, width: number, rows: Int32Array): Float32Array {
  const picked = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    picked.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return picked;
}

/** What a member says of the test rows: its refit, or the mean of its models of the folds. */
function testOf({ bags, refit }: MemberTrials, { run, data }: TrialContext): readonly TaskPredictions[] {
  if (bags === undefined) return testPredictions(run, data, upstream(run, refit));
  return averagePredictions(bags.map((bag) => testPredictions(run, data, upstream(run, bag))));
}

function fitContext({ seed }: EnsembleTrial, context: TrialContext) {
  return {
    seed,
    signal: context.signal,
    report: () => context.onStep(),
    tensorBackend: () => context.tensorBackend(),
  };
}

/** Second levels of stacking are models as others are; a task without one takes the mean. */
function keepSecondLevel({ combination }: FittedCombination, context: TrialContext): void {
  if (combination.kind !== 'stacking') return;
  const { run, data, trial, attempt, writer } = context;
  const parts = combination.tasks.flatMap((model, t) => {
    const { id } = data.table.tasks[t];
    if (model === 'mean') {
      writer.append({
        kind: 'warning',
        message: `Too few labels for a second level of task "${id}": the mean of the members was taken.`,
      });
      return [];
    }
    return [{ tasks: [id], configuration: 0, model: model.serialize() }];
  });
  const folder = run.model(trial, attempt);
  writeModel(folder, { parts });
  writer.append({ kind: 'model', file: basename(folder) });
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
  writer.append({ kind: 'predictions', file: basename(path), ...shape, split });
}
