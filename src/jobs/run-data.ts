import { dirname, resolve } from 'node:path';
import {
  buildTaskTable,
  classWeights,
  cutFolds,
  type Dataset,
  experimentSources,
  type FoldAssignment,
  type Problem,
  type TaskTable,
} from '../core/dataset';
import type { Experiment, TaskSpec } from '../core/experiment';
import { seedFrom } from '../core/random';
import { loadDataset } from '../io';
import type { RunRecord, RunStore } from '../store';
import { JobError } from './contract';
import { experimentPathOf } from './experiment-path';
import { LARGE_DATA } from './memory';
import { PredictionLayout } from './prediction-layout';

/** Folds of a cross-fit that cannot use the experiment's. */
const CROSS_FIT_FOLDS = 5;

/** A run's data as every trial sees it: the same in every worker, as nothing of it depends on who asks. */
export class RunData {
  readonly layout: PredictionLayout;
  private readonly assigned = new Map<string, FoldAssignment>();

  constructor(
    readonly experiment: Experiment,
    readonly table: TaskTable,
  ) {
    this.layout = new PredictionLayout(table);
  }

  /** The tasks with these rows to learn from. */
  problem(rows: Int32Array): Problem {
    const { dataset, features, tasks, labels, sampleWeight, rowGroup, rowTime } = this.table;
    const weighted = tasks.map((_, t) => this.taskSpec(t).classWeight);
    const labelWeight = weighted.map(
      (weight, t) => weight && classWeights(tasks[t], weight, labels[t], rows, sampleWeight),
    );
    return {
      dataset,
      features,
      tasks,
      labels,
      rows,
      ...(sampleWeight && { sampleWeight }),
      ...(rowGroup && { rowGroup }),
      ...(rowTime && { rowTime }),
      ...(weighted.some((weight) => weight !== undefined) && { labelWeight }),
    };
  }

  /** What the file says of task `t`; in long data one entry is about all tasks. */
  taskSpec(t: number): TaskSpec {
    const { tasks } = this.experiment;
    return tasks[t] ?? tasks[0];
  }

  /**
   * Training rows in the fold and outside it, both ascending.
   * @param outer fold of the outer loop within whose training part it is; absent: within all training rows
   */
  fold(
    fold: number,
    folds: number,
    repeat: number,
    outer?: number,
  ): { readonly train: Int32Array; readonly heldOut: Int32Array } {
    return this.cut(folds, repeat, outer).parts(fold);
  }

  /** Rows that train and rows that are held out in a fold of the outer loop. */
  outerFold(outer: number): { readonly train: Int32Array; readonly heldOut: Int32Array } {
    return this.outer().parts(outer);
  }

  /**
   * Fold of each training row by which what learns from out-of-fold predictions is cross-fitted: the experiment's, where
   * they cover the rows. Rows that are held out once only (hold-out), or never, are cut anew.
   * @param outer fold of the outer loop whose training rows they are of; absent: all training rows
   */
  crossFitFolds(outer?: number): Int32Array {
    const { folds, scheme, seed } = this.experiment.data;
    if (scheme?.by !== 'hold-out') return this.cut(folds, 0, outer).of;
    const rows = outer === undefined ? this.table.trainRows : this.outerFold(outer).train;
    const { tasks, labels, rowTask, rowGroup } = this.table;
    const input = { rows, tasks, labels, rowTask, rowGroup, folds: CROSS_FIT_FOLDS, repeat: 0 };
    return cutFolds({ ...input, seed: seedFrom(seed, 'cross-fit') }).of;
  }

  /** Place among the training rows of each row of the table; -1 for others. */
  trainPositions(): Int32Array {
    const { dataset, trainRows } = this.table;
    const positions = new Int32Array(dataset.rowCount).fill(-1);
    trainRows.forEach((row, i) => {
      positions[row] = i;
    });
    return positions;
  }

  private cut(folds: number, repeat: number, outer: number | undefined): FoldAssignment {
    const { seed } = this.experiment.data;
    const name = `${folds} ${repeat} ${outer}`;
    const known = this.assigned.get(name);
    if (known) return known;
    const rows = outer === undefined ? this.table.trainRows : this.outerFold(outer).train;
    const own = outer === undefined ? seed : seedFrom(seed, 'within', outer);
    const made = this.assign(rows, folds, repeat, own);
    this.assigned.set(name, made);
    return made;
  }

  private outer(): FoldAssignment {
    const { seed, scheme } = this.experiment.data;
    const known = this.assigned.get('outer');
    if (known) return known;
    const made = this.assign(this.table.trainRows, scheme?.outer ?? 0, 0, seedFrom(seed, 'outer'));
    this.assigned.set('outer', made);
    return made;
  }

  private assign(rows: Int32Array, folds: number, repeat: number, seed: number): FoldAssignment {
    const { tasks, labels, rowTask, rowGroup, rowTime, rowFold } = this.table;
    const { scheme } = this.experiment.data;
    return cutFolds({
      rows,
      tasks,
      labels,
      ...(rowTask && { rowTask }),
      ...(rowGroup && { rowGroup }),
      ...(rowTime && { rowTime }),
      ...(rowFold && { rowFold }),
      ...(scheme && { scheme }),
      folds,
      repeat,
      seed,
    });
  }
}

/** Reads one table, through the store's cache of typed columns where there is one. */
export function loadSource(
  source: string,
  { data }: Experiment,
  experimentPath: string,
  cacheDir: string | undefined,
): Promise<Dataset> {
  const path = resolve(dirname(experimentPath), source);
  return loadDataset(path, {
    missing: data.missing,
    mostInMemory: LARGE_DATA,
    ...(cacheDir !== undefined && { cacheDir }),
  });
}

/**
 * The data of a run that exists.
 * @param known tables that this process has read already, by their names in the experiment
 * @throws JobError `data-changed`
 */
export async function loadRunData(
  record: RunRecord,
  store: RunStore,
  known: Readonly<Record<string, Dataset>> = {},
): Promise<RunData> {
  const tables: Record<string, Dataset> = {};
  const experiment = experimentPathOf(record, store.root);
  for (const source of experimentSources(record.experiment)) {
    tables[source] =
      known[source] ?? (await loadSource(source, record.experiment, experiment, store.dataCache()));
  }
  const table = buildTaskTable(tables, record.experiment);
  if (table.dataset.fingerprint === record.fingerprint) return new RunData(record.experiment, table);
  const names = Object.keys(tables).join(', ');
  throw new JobError(
    'data-changed',
    `The data (${names}) is not what run ${record.run} began with: its fingerprint is ` +
      `${table.dataset.fingerprint.slice(0, 12)}, the run's ${record.fingerprint.slice(0, 12)}. ` +
      'Put the data back as it was, or start a new run.',
  );
}
