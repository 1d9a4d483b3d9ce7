import { dirname, resolve } from 'node:path';
import {
  assignFolds,
  buildTaskTable,
  type Dataset,
  experimentSources,
  type Problem,
  type TaskTable,
} from '../core/dataset';
import type { Experiment } from '../core/experiment';
import { seedFrom } from '../core/random';
import { loadDataset } from '../io';
import type { RunRecord, RunStore } from '../store';
import { JobError } from './contract';
import { experimentPathOf } from './experiment-path';
import { PredictionLayout } from './prediction-layout';

/** A run's data as every trial sees it: the same in every worker, as nothing of it depends on who asks. */
export class RunData {
  readonly layout: PredictionLayout;
  private readonly assigned = new Map<string, Int32Array>();

  constructor(
    readonly experiment: Experiment,
    readonly table: TaskTable,
  ) {
    this.layout = new PredictionLayout(table);
  }

  /** The tasks with these rows to learn from. */
  problem(rows: Int32Array): Problem {
    const { dataset, features, tasks, labels, sampleWeight } = this.table;
    return { dataset, features, tasks, labels, rows, ...(sampleWeight && { sampleWeight }) };
  }

  /** Training rows in the fold and outside it, both ascending. */
  fold(
    fold: number,
    folds: number,
    repeat: number,
  ): { readonly train: Int32Array; readonly heldOut: Int32Array } {
    const of = this.folds(folds, repeat);
    const { trainRows } = this.table;
    return {
      train: trainRows.filter((_, i) => of[i] !== fold),
      heldOut: trainRows.filter((_, i) => of[i] === fold),
    };
  }

  /** Fold of each training row. */
  folds(folds: number, repeat: number): Int32Array {
    const name = `${folds} ${repeat}`;
    let found = this.assigned.get(name);
    if (found === undefined) {
      const { trainRows: rows, tasks, labels, rowTask, rowGroup } = this.table;
      const { seed } = this.experiment.data;
      found = assignFolds({
        rows,
        tasks,
        labels,
        ...(rowTask && { rowTask }),
        ...(rowGroup && { rowGroup }),
        folds,
        seed: repeat === 0 ? seed : seedFrom(seed, 'repeat', repeat),
      });
      this.assigned.set(name, found);
    }
    return found;
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
  return loadDataset(path, { missing: data.missing, ...(cacheDir !== undefined && { cacheDir }) });
}

/**
 * The data of a run that exists.
 * @throws JobError `data-changed`
 */
export async function loadRunData(record: RunRecord, store: RunStore): Promise<RunData> {
  const tables: Record<string, Dataset> = {};
  const experiment = experimentPathOf(record, store.root);
  for (const source of experimentSources(record.experiment)) {
    tables[source] = await loadSource(source, record.experiment, experiment, store.dataCache());
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
