import type { CategoricalColumn, Column, Dataset } from '../../../src/core/dataset';
import type { DataSpec, Experiment, TaskSpec } from '../../../src/core/experiment/experiment';

export function numeric(name: string, ...values: readonly number[]): Column {
  return { kind: 'numeric', name, values: Float64Array.from(values) };
}

/** A categorical column from its texts, null where missing; the dictionary is sorted, as readers make it. */
export function text(
  name: string,
  values: readonly (string | null)[],
  kind: CategoricalColumn['kind'] = 'categorical',
): Column {
  const categories = [...new Set(values.filter((value) => value !== null))].sort();
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : categories.indexOf(value)));
  return { kind, name, codes, categories };
}

export function table(...columns: readonly Column[]): Dataset {
  const first = columns[0];
  const rowCount = first.kind === 'numeric' ? first.values.length : first.codes.length;
  return { rowCount, columns, fingerprint: columns.map(({ name }) => name).join() };
}

export function experiment(
  tasks: readonly (Partial<TaskSpec> & { readonly id: string })[],
  data: Partial<DataSpec> = {},
): Experiment {
  return {
    data: { exclude: [], test: 0, folds: 5, seed: 1, missing: ['', 'NA', '?'], ...data },
    tasks: tasks.map((task) => ({ target: task.id, weight: 1, ...task })),
    models: [],
    sweeps: [],
    ensembles: [],
  };
}
