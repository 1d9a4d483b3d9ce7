import { inferTaskType, type TaskType } from '../dataset';
import { families } from '../learner/families';
import { featureNames } from './check-columns';
import type { Path } from './document';
import type { Diagnostic, LambdaSpec, ModelSpec } from './experiment';
import { pointAt } from './explain';
import { nearest } from './nearest';
import type { ParsedExperiment } from './parse';
import { valueAt } from './schema-walk';
import { findColumn, type TaskTables } from './task-tables';

/** A summary of a column lists as many categories, and no more. */
const MOST_LISTED = 1000;

/** Models asked for what their learner cannot do: a λ it has not, a grid without its start, a type of task, an order of texts. */
export function checkModels(parsed: ParsedExperiment, tables: TaskTables): Diagnostic[] {
  const { models, sweeps } = parsed.draft;
  return [
    ...models.flatMap((model) => [
      ...checkLambda(parsed, model, model.lambda, ['models', model.name, 'lambda']),
      ...checkTaskTypes(parsed, model, tables),
      ...checkNumericFeatures(parsed, model, tables),
      ...checkTaskNames(parsed, model, tables),
      ...checkTargets(parsed, model, tables),
      ...checkCompared(parsed, model, tables),
    ]),
    ...sweeps.flatMap((sweep) => {
      const model = models.find((one) => one.name === sweep.model);
      return model === undefined
        ? []
        : checkLambda(parsed, model, sweep.lambda, ['sweeps', sweep.name, 'over', 'lambda']);
    }),
  ];
}

function checkLambda(
  parsed: ParsedExperiment,
  model: ModelSpec,
  spec: LambdaSpec | undefined,
  path: Path,
): Diagnostic[] {
  if (spec === undefined || !Object.hasOwn(families, model.kind)) return [];
  const can = families[model.kind].capabilities(model.parameters);
  if (!can.lambda) {
    return [
      pointAt(parsed, path, 'key', {
        code: 'no-lambda',
        message: `${model.name} (${model.kind}) has no λ to vary`,
        remedy: path[0] === 'sweeps' ? 'sweep another base model' : 'take `lambda` out',
      }),
    ];
  }
  if (can.lambdaMax || spec.kind !== 'grid' || spec.from !== undefined) return [];
  return [
    pointAt(parsed, path, 'key', {
      code: 'no-lambda-max',
      message: `the λ grid of ${model.name} has no start: a ${model.kind} model has no λ_max to begin from`,
      remedy: 'add `from` and `to` to the grid, or write a list, `lambda: [0.01, 0.001, 0.0001]`',
    }),
  ];
}

function checkTaskTypes(parsed: ParsedExperiment, model: ModelSpec, tables: TaskTables): Diagnostic[] {
  if (!Object.hasOwn(families, model.kind)) return [];
  const { taskTypes } = families[model.kind].capabilities(model.parameters);
  const refused = parsed.draft.tasks.filter((task, index) => {
    const column = findColumn(tables.byTask[index], task.target);
    const type = task.type ?? (column === undefined ? undefined : inferTaskType(column));
    return type !== undefined && !taskTypes.includes(type);
  });
  if (refused.length === 0) return [];
  return [
    pointAt(parsed, ['models', model.name], 'key', {
      code: 'task-type',
      message: `${model.name} (${model.kind}) learns ${taskTypes.join(' and ')} tasks only, not ${refused.map((task) => task.id).join(', ')}`,
      remedy: 'take out the base model, or those tasks',
    }),
  ];
}

/** Columns that a model's parameters name, which have to be numbers it may look at. */
function checkNumericFeatures(parsed: ParsedExperiment, model: ModelSpec, tables: TaskTables): Diagnostic[] {
  if (!tables.complete || !Object.hasOwn(families, model.kind)) return [];
  const features = featureNames(parsed, tables);
  const isNumeric = (name: string): boolean =>
    tables.all.every((table) => (findColumn(table, name)?.kind ?? 'numeric') === 'numeric');
  return (families[model.kind].numericFeatures?.(model.parameters) ?? []).flatMap((path) => {
    const name = path[path.length - 1];
    const place = ['models', model.name, ...path];
    if (!features.includes(name)) {
      const meant = nearest(name, features.filter(isNumeric));
      return [
        pointAt(parsed, place, 'key', {
          code: 'missing-column',
          message: `"${name}" is no feature`,
          remedy: meant === undefined ? 'name a feature, or take it out' : `write "${meant}"`,
          replacement: meant,
        }),
      ];
    }
    if (isNumeric(name)) return [];
    return [
      pointAt(parsed, place, 'key', {
        code: 'not-numeric',
        message: `the column "${name}" has no order: it does not hold numbers`,
        remedy: 'name a column of numbers, or take it out',
      }),
    ];
  });
}

/** Tasks that a model's parameters name: entries of `tasks`, or the values of `data.task` where that is what tasks are. */
function checkTaskNames(parsed: ParsedExperiment, model: ModelSpec, tables: TaskTables): Diagnostic[] {
  if (!Object.hasOwn(families, model.kind)) return [];
  const known = taskIds(parsed, tables);
  if (known === undefined) return [];
  const { taskNames, taskKeys } = families[model.kind];
  const named = (taskNames?.(model.parameters) ?? []).map((path) => {
    const place = ['models', model.name, ...path];
    return { place, name: valueAt(parsed.raw, place), at: 'value' as const };
  });
  const keys = (taskKeys?.(model.parameters) ?? []).map((path) => {
    return { place: ['models', model.name, ...path], name: path[path.length - 1], at: 'key' as const };
  });
  return [...named, ...keys].flatMap(({ place, name, at }) => {
    if (typeof name !== 'string' || known.includes(name)) return [];
    const meant = nearest(name, known);
    return [
      pointAt(parsed, place, at, {
        code: 'unknown-task',
        message: `there is no task "${name}"`,
        remedy:
          meant === undefined
            ? `write one of ${known.slice(0, 8).join(', ')}${known.length > 8 ? ', …' : ''}`
            : `write "${meant}"`,
        replacement: meant,
      }),
    ];
  });
}

/** Targets below what a model's loss is for, as counts are not. */
function checkTargets(parsed: ParsedExperiment, model: ModelSpec, tables: TaskTables): Diagnostic[] {
  if (!Object.hasOwn(families, model.kind)) return [];
  const { leastTarget } = families[model.kind];
  const isLong = parsed.draft.data.task !== undefined;
  return parsed.draft.tasks.flatMap((task, index) => {
    const least = leastTarget?.(model.parameters, isLong ? undefined : task.id);
    const column = findColumn(tables.byTask[index], task.target);
    if (least === undefined || column?.kind !== 'numeric' || column.range === undefined) return [];
    if ((task.type ?? inferTaskType(column)) !== 'regression' || column.range.min >= least) return [];
    return [
      pointAt(parsed, ['models', model.name, 'loss'], 'value', {
        code: 'negative-counts',
        message: `the column "${task.target}" goes down to ${column.range.min}, and the loss "poisson" is for counts, from ${least} on`,
        remedy: `write "squared" or "huber", or a map of tasks to their losses in which "${task.id}" is "squared"`,
      }),
    ];
  });
}

/** Tasks with one column of weights have none in common with a multiclass task, which has one a class. */
function checkCompared(parsed: ParsedExperiment, model: ModelSpec, tables: TaskTables): Diagnostic[] {
  if (!Object.hasOwn(families, model.kind) || parsed.draft.data.task !== undefined) return [];
  const typeOf = (name: string): TaskType | undefined => {
    const index = parsed.draft.tasks.findIndex(({ id }) => id === name);
    if (index < 0) return undefined;
    const task = parsed.draft.tasks[index];
    const column = findColumn(tables.byTask[index], task.target);
    return task.type ?? (column && inferTaskType(column));
  };
  return (families[model.kind].comparedTasks?.(model.parameters) ?? []).flatMap(({ path, tasks: [a, b] }) => {
    const [first, second] = [typeOf(a), typeOf(b)];
    if (first === undefined || second === undefined) return [];
    if ((first === 'multiclass') === (second === 'multiclass')) return [];
    return [
      pointAt(parsed, ['models', model.name, ...path], 'value', {
        code: 'unrelated-tasks',
        message: `"${a}" (${first}) and "${b}" (${second}) have no weights that can be compared`,
        remedy: 'join tasks that are numbers or binary, or that have the same classes',
      }),
    ];
  });
}

/** Ids of all tasks; undefined where they are values of a column that is not known, or not to its end. */
function taskIds({ draft }: ParsedExperiment, tables: TaskTables): string[] | undefined {
  const { task } = draft.data;
  if (task === undefined) return draft.tasks.map(({ id }) => id);
  if (!tables.complete) return undefined;
  const columns = tables.all.flatMap((table) => findColumn(table, task) ?? []);
  const listed = columns.flatMap(
    ({ categories, values }) => (categories ?? values)?.map(({ value }) => String(value)) ?? [],
  );
  const all = columns.reduce((sum, { distinct }) => sum + distinct, 0);
  return columns.length > 0 && listed.length >= all && listed.length < MOST_LISTED ? listed : undefined;
}
