import type { DataSpec, Experiment, TaskSpec } from '../experiment/experiment';
import { concatenate } from './concat';
import type { Column, Dataset } from './dataset';
import { DataError } from './errors';
import { inferTask, taskLabels } from './infer';
import type { Task } from './problem';
import { foldsOf, groupsOf, sampleWeights, taskColumn } from './roles';
import { splitTest } from './split';
import { splitByColumn, splitByTime, timesOf } from './split-column';
import type { TaskTable } from './task-table';

/** Tables by their source, as the experiment file writes it. */
export type Sources = Readonly<Record<string, Dataset>>;

/** Every source an experiment reads, each once, in the order of the tasks. */
export function experimentSources({ data, tasks }: Experiment): string[] {
  const sources = tasks.map(({ source }) => source ?? data.source);
  return [...new Set(sources.filter((source) => source !== undefined))];
}

/**
 * An experiment's data made ready: wide (one column a task), long (`data.task`: the one entry of `tasks` names the
 * label, and every distinct value of the task column is a task), or one file a task.
 * Features are the columns of `data.features`, or all, without targets, `data.exclude` and the columns that say
 * task, group, time, weight or split.
 * @param tables the tables by source, or the only one
 * @throws DataError
 */
export function buildTaskTable(tables: Sources | Dataset, experiment: Experiment): TaskTable {
  const { data } = experiment;
  if (experiment.tasks.length === 0) {
    throw new DataError('no-tasks', 'the experiment has no tasks', 'Name at least one under `tasks`');
  }
  const labelled = labelTasks(tables, experiment);
  const { dataset, tasks, labels, rowTask } = labelled;
  if (dataset.rowCount === 0) {
    throw new DataError('empty-table', 'the table has no rows', 'Give `data.source` a table with data');
  }
  const rowGroup = data.group === undefined ? undefined : groupsOf(find(dataset, data.group, 'data.group'));
  const sampleWeight =
    data.weight === undefined ? undefined : sampleWeights(find(dataset, data.weight, 'data.weight'));
  const rows = Int32Array.from({ length: dataset.rowCount }, (_, row) => row);
  const split =
    data.split !== undefined
      ? splitByColumn(find(dataset, data.split, 'data.split'))
      : data.time !== undefined
        ? splitByTime(find(dataset, data.time, 'data.time'), rows, data.test)
        : splitTest({ rows, tasks, labels, rowTask, rowGroup, fraction: data.test, seed: data.seed });
  const { by, column: foldColumn } = data.scheme ?? {};
  const rowTime = data.time === undefined ? undefined : timesOf(find(dataset, data.time, 'data.time'));
  const rowFold =
    by === 'column' && foldColumn !== undefined
      ? foldsOf(find(dataset, foldColumn, 'data.folds.column'), split.trainRows)
      : undefined;
  return {
    dataset,
    features: featuresOf(dataset, experiment),
    tasks,
    targets: labelled.targets,
    labels,
    ...split,
    ...(sampleWeight && { sampleWeight }),
    ...(rowTask && { rowTask }),
    ...(rowGroup && { rowGroup }),
    ...(rowTime && { rowTime }),
    ...(rowFold && { rowFold }),
  };
}

interface LabelledTable {
  readonly dataset: Dataset;
  readonly tasks: readonly Task[];
  readonly targets: readonly string[];
  readonly labels: readonly Float64Array[];
  readonly rowTask?: Int32Array;
}

function labelTasks(tables: Sources | Dataset, experiment: Experiment): LabelledTable {
  const { data, tasks } = experiment;
  const sources = experimentSources(experiment);
  const tableOf = (source: string | undefined): Dataset => {
    if (isDataset(tables)) return tables;
    const dataset = source === undefined ? undefined : tables[source];
    if (dataset !== undefined) return dataset;
    throw new DataError(
      'no-source',
      source === undefined ? 'a task has no table' : `the table '${source}' was not read`,
      'Name the file under `data.source`, or give each task a `source`',
    );
  };
  if (sources.length <= 1) {
    const dataset = tableOf(sources[0]);
    return data.task === undefined ? labelWide(dataset, tasks) : labelLong(dataset, data.task, tasks);
  }
  if (data.task !== undefined || sources.length < tasks.length) {
    throw new DataError(
      'shared-source',
      data.task === undefined
        ? 'some tasks share a file and some have their own'
        : '`data.task` and several files were given together',
      'Put all tasks in one table, or give each task a file of its own',
    );
  }
  return labelFiles(
    tasks.map(({ source }) => tableOf(source ?? data.source)),
    tasks,
  );
}

function labelWide(dataset: Dataset, specs: readonly TaskSpec[]): LabelledTable {
  const columns = specs.map((spec) => targetOf(dataset, spec));
  const tasks = specs.map((spec, t) => inferTask(spec, columns[t]));
  return {
    dataset,
    tasks,
    targets: specs.map(({ target }) => target),
    labels: tasks.map((task, t) => taskLabels(task, columns[t])),
  };
}

function labelLong(dataset: Dataset, taskName: string, specs: readonly TaskSpec[]): LabelledTable {
  if (specs.length !== 1) {
    throw new DataError(
      'no-tasks',
      `\`data.task\` makes a task of every value of column '${taskName}', and \`tasks\` has ${specs.length} entries`,
      'Keep one entry under `tasks`, the one that names the label column',
    );
  }
  const spec = specs[0];
  const target = targetOf(dataset, spec);
  const { ids, rowTask } = taskColumn(find(dataset, taskName, 'data.task'));
  const shared = inferTask(spec, target);
  const all = taskLabels(shared, target);
  const labels = ids.map(() => new Float64Array(dataset.rowCount).fill(NaN));
  rowTask.forEach((t, row) => {
    labels[t][row] = all[row];
  });
  return {
    dataset,
    tasks: ids.map((id) => ({ ...shared, id })),
    targets: ids.map(() => spec.target),
    labels,
    rowTask,
  };
}

function labelFiles(datasets: readonly Dataset[], specs: readonly TaskSpec[]): LabelledTable {
  const dataset = concatenate(datasets);
  const rowTask = new Int32Array(dataset.rowCount);
  const tasks: Task[] = [];
  let offset = 0;
  const labels = specs.map((spec, t) => {
    const column = targetOf(datasets[t], spec);
    const task = inferTask(spec, column);
    tasks.push(task);
    const own = new Float64Array(dataset.rowCount).fill(NaN);
    own.set(taskLabels(task, column), offset);
    rowTask.fill(t, offset, offset + datasets[t].rowCount);
    offset += datasets[t].rowCount;
    return own;
  });
  return { dataset, tasks, targets: specs.map(({ target }) => target), labels, rowTask };
}

function featuresOf(dataset: Dataset, { data, tasks }: Experiment): number[] {
  const roles = columnRoles(data, tasks);
  for (const name of data.exclude) find(dataset, name, 'data.exclude');
  const features = (data.features ?? []).map((name) => {
    find(dataset, name, 'data.features');
    const role = roles.get(name);
    if (role === undefined) return name;
    throw new DataError(
      'column-role',
      `a feature is also ${role}`,
      'Take it out of `data.features`, or out of its other place',
      { column: name },
    );
  });
  const wanted = data.features === undefined ? undefined : new Set(features);
  const indices = dataset.columns.flatMap(({ name }, index) =>
    !roles.has(name) && (wanted?.has(name) ?? true) ? [index] : [],
  );
  if (indices.length > 0) return indices;
  throw new DataError(
    'no-features',
    'no column is left to learn from',
    'Take some columns out of `data.exclude`, or list `data.features`',
  );
}

/** Columns that no learner may look at, with the place that says so. */
function columnRoles(data: DataSpec, tasks: readonly TaskSpec[]): Map<string, string> {
  const roles = new Map<string, string>(data.exclude.map((name) => [name, 'under `data.exclude`']));
  for (const key of ['task', 'group', 'time', 'weight', 'split'] as const) {
    const name = data[key];
    if (name !== undefined) roles.set(name, `\`data.${key}\``);
  }
  if (data.scheme?.column !== undefined) roles.set(data.scheme.column, '`data.folds.column`');
  for (const { id, target } of tasks) roles.set(target, `the target of task '${id}'`);
  return roles;
}

function targetOf(dataset: Dataset, spec: TaskSpec): Column {
  return find(dataset, spec.target, `target of task '${spec.id}'`);
}

function find(dataset: Dataset, name: string, role: string): Column {
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const names = dataset.columns.slice(0, 12).map((candidate) => `'${candidate.name}'`);
  throw new DataError(
    'unknown-column',
    `the table has no column '${name}' (${role})`,
    `Its columns are ${names.join(', ')}${dataset.columns.length > 12 ? ', …' : ''}`,
  );
}

function isDataset(tables: Sources | Dataset): tables is Dataset {
  return Array.isArray(tables.columns);
}
