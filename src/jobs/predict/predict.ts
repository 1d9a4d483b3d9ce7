import { resolve } from 'node:path';
import type { Column, Dataset, Task } from '../../core/dataset';
import { boardNameOf, type RefitTrial, type TrialSpec } from '../../core/experiment';
import type { TaskPredictions } from '../../core/learner';
import { readTable } from '../../io';
import { type RunFolder, type RunRecord, RunStore } from '../../store';
import { JobError } from '../contract';
import { readLeaderboard } from '../results';
import { ensemblePredictor, modelPredictor, type Predictor } from './predictors';

export interface PredictOptions {
  /** Absolute path of the `.taskweave` folder. */
  readonly store: string;
  readonly run: string;
  /** Name of a row of the leaderboard; absent: the model or ensemble with the best validation. */
  readonly model?: string;
  /** Table of new rows, with the columns of the features. */
  readonly table: string;
}

export interface TablePredictions {
  /** Name of the row of the leaderboard that predicted. */
  readonly model: string;
  readonly table: Dataset;
  readonly tasks: readonly PredictedTask[];
  /** Long data: the task of every row, -1 where the table names none of the run's. */
  readonly rowTask?: Int32Array;
}

export interface PredictedTask {
  readonly id: string;
  readonly type: Task['type'];
  readonly classes: readonly string[];
  readonly predictions: TaskPredictions;
  /** Binary: a probability above this is the positive class. */
  readonly threshold: number;
}

/**
 * Predicts the rows of a table by a model or an ensemble that a run saved.
 * @throws JobError `no-model`, DataError where the table has not the columns of the features
 */
export async function predictTable(options: PredictOptions): Promise<TablePredictions> {
  const run = RunStore.open(resolve(options.store)).run(options.run);
  const record = run.record();
  const trials = run.plans().flatMap((plan) => plan.trials);
  const model = options.model ?? bestModel(run, trials);
  const tasks = record.tasks.map(({ id, type, classes }): Task => ({ id, type, classes, weight: 1 }));
  const table = await readTable(resolve(options.table), { missing: record.experiment.data.missing });
  const rowTask = rowTasks(record, tasks, table);
  const own = (predictions: readonly TaskPredictions[], rows: Int32Array) =>
    rowTask ? predictions.map((one, t) => ownRows(one, rows, rowTask, t)) : predictions;
  const predict = predictorNamed(run, trials, tasks, model, own);
  const rows = Int32Array.from({ length: table.rowCount }, (_, row) => row);
  const predictions = own(predict(table, rows), rows);
  const thresholds = thresholdsOf(run, trials, model);
  return {
    model,
    table,
    tasks: tasks.map(({ id, type, classes }, t) => ({
      id,
      type,
      classes,
      predictions: predictions[t],
      threshold: thresholds[id] ?? 0.5,
    })),
    ...(rowTask && { rowTask }),
  };
}

export function predictorNamed(
  run: RunFolder,
  trials: readonly TrialSpec[],
  tasks: readonly Task[],
  name: string,
  own: Parameters<typeof ensemblePredictor>[3],
): Predictor {
  const trial = trialNamed(trials, name);
  if (trial?.kind === 'refit') return modelPredictor(run, tasks, trial);
  if (trial?.kind === 'ensemble') return ensemblePredictor(run, tasks, trial, own);
  const names = [...new Set(trials.flatMap((one) => boardNameOf(one) ?? []))];
  throw new JobError('no-model', `Run ${run.run} has no model "${name}". It has ${names.join(', ')}.`);
}

/** The trial that saved the model of this name; undefined for an ensemble. */
export function refitNamed(trials: readonly TrialSpec[], name: string): RefitTrial | undefined {
  const trial = trialNamed(trials, name);
  return trial?.kind === 'refit' ? trial : undefined;
}

/** The last of that name: a run that was extended has another refit, and another of each ensemble that the model is in. */
function trialNamed(trials: readonly TrialSpec[], name: string): TrialSpec | undefined {
  return trials.findLast((trial) => boardNameOf(trial) === name);
}

/** By validation: to choose by the test split would be to select on it. */
export function bestModel(run: RunFolder, trials: readonly TrialSpec[]): string {
  const rows = boardOf(run, trials)?.rows.filter(({ role }) => role !== 'baseline') ?? [];
  if (rows.length === 0) {
    throw new JobError('no-model', `Run ${run.run} has no leaderboard to choose a model by. Name one.`);
  }
  return rows.reduce((best, row) => (row.validation.mean > best.validation.mean ? row : best)).name;
}

function thresholdsOf(
  run: RunFolder,
  trials: readonly TrialSpec[],
  model: string,
): Readonly<Record<string, number>> {
  return boardOf(run, trials)?.rows.find(({ name }) => name === model)?.thresholds ?? {};
}

function boardOf(run: RunFolder, trials: readonly TrialSpec[]) {
  const report = trials.findLast(({ kind }) => kind === 'report');
  return report ? readLeaderboard(run, report.id) : null;
}

/** Long data: whose row each is, by the column that says so. Tables of one file a task ask about all tasks. */
function rowTasks({ experiment }: RunRecord, tasks: readonly Task[], table: Dataset): Int32Array | undefined {
  const name = experiment.data.task;
  if (name === undefined) return undefined;
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined) {
    throw new JobError(
      'invalid-table',
      `The table has no column "${name}", which says which task a row belongs to. Add it.`,
    );
  }
  const index = new Map(tasks.map(({ id }, t) => [id, t]));
  return Int32Array.from({ length: table.rowCount }, (_, row) => index.get(cellText(column, row)) ?? -1);
}

/** A cell as the file had it, as nearly as typed columns keep it; empty where it has no value. */
export function cellText(column: Column, row: number): string {
  if (column.kind === 'numeric') return Number.isNaN(column.values[row]) ? '' : String(column.values[row]);
  return column.codes[row] < 0 ? '' : column.categories[column.codes[row]];
}

/** Long data: predictions of a row's own task alone. */
export function ownRows(
  { values, width }: TaskPredictions,
  rows: Int32Array,
  rowTask: Int32Array,
  task: number,
): TaskPredictions {
  return {
    values: values.map((value, i) => (rowTask[rows[Math.floor(i / width)]] === task ? value : Number.NaN)),
    width,
  };
}
