import {
  buildTaskTable,
  canPool,
  type Dataset,
  type Problem,
  poolTasks,
  restrictToTask,
  summarize,
  type TaskTable,
} from '../core/dataset';
import { primaryMetric } from '../core/evaluate';
import {
  byPlace,
  checkExperiment,
  type Diagnostic,
  type Experiment,
  type LambdaMax,
  type LambdaMaxNeed,
  lambdaMaxNeeds,
  type ModelSpec,
  type ParsedExperiment,
  parseExperiment,
  sourcesOf,
} from '../core/experiment';
import { families, type JsonObject, learners } from '../core/learner';
import { bytesOf } from '../io';
import type { BackendChoice, FoundTask, SweepRequest } from './contract';
import { collectGarbage } from './memory';
import type { PreparedFinding } from './prepared';
import { loadSource, RunData } from './run-data';
import { withSweep } from './sweep-request';
import { chooseTensorBackend } from './tensor-backend';

export interface PrepareRequest {
  readonly experimentPath: string;
  readonly text: string;
  /** Where the typed columns of tables are kept; absent: nowhere. */
  readonly cacheDir?: string;
  readonly sweep?: SweepRequest;
  readonly backend: BackendChoice;
  readonly wasmFolder: string;
}

/** What came of it, and the tables by their names in the experiment, as far as they could be read. */
export interface Prepared {
  readonly found: PreparedFinding;
  readonly tables: Readonly<Record<string, Dataset>>;
}

/** Reads an experiment's data, checks the experiment against it, computes what planning needs: all that the coordinator must not. */
export async function prepare(request: PrepareRequest): Promise<Prepared> {
  const { diagnostics, experiment, tables } = await check(request);
  if (experiment === undefined || diagnostics.some(({ severity }) => severity === 'error')) {
    return { found: { diagnostics: [...diagnostics] }, tables };
  }
  return {
    found: { diagnostics: [...diagnostics], ready: await readyOf(experiment, tables, request) },
    tables,
  };
}

async function readyOf(
  experiment: Experiment,
  tables: Readonly<Record<string, Dataset>>,
  request: PrepareRequest,
): Promise<NonNullable<PreparedFinding['ready']>> {
  const wanted = withSweep(experiment, request.sweep);
  const table = buildTaskTable(tables, wanted);
  collectGarbage();
  const data = new RunData(wanted, table);
  const longForm = table.rowTask !== undefined;
  const lambdaMax = lambdaMaxNeeds(wanted).map((need) => [need.key, lambdaMaxOf(need, data)] as const);
  return {
    fingerprint: table.dataset.fingerprint,
    tasks: table.tasks.map((task) => ({ ...task, classes: [...task.classes] })),
    shown: foundTasks(table).map((task, t) => ({
      ...task,
      classes: [...table.tasks[t].classes],
      primary: primaryMetric(task.type),
    })),
    longForm,
    ...(table.rowFold && {
      folds: table.trainRows.reduce((most, row) => Math.max(most, (table.rowFold?.[row] ?? -1) + 1), 0),
    }),
    size: {
      rows: table.trainRows.length,
      features: table.features.length,
      bytes: bytesOf(table.dataset),
    },
    lambdaMax: Object.fromEntries(lambdaMax),
    backend: await backendOf(wanted.models, request),
  };
}

/** What the data say of each task. */
export function foundTasks({ tasks, targets, labels }: TaskTable): readonly FoundTask[] {
  return tasks.map(({ id, type }, t) => ({
    id,
    type,
    target: targets[t],
    labelled: labels[t].reduce((sum, label) => (Number.isNaN(label) ? sum : sum + 1), 0),
  }));
}

/** Every mistake of the file, by itself and against its data. */
export async function check({
  experimentPath,
  text,
  cacheDir,
}: Pick<PrepareRequest, 'experimentPath' | 'text' | 'cacheDir'>): Promise<{
  readonly diagnostics: readonly Diagnostic[];
  readonly parsed: ParsedExperiment;
  readonly experiment: Experiment | undefined;
  readonly tables: Readonly<Record<string, Dataset>>;
}> {
  const parsed = parseExperiment(text);
  const tables: Record<string, Dataset> = {};
  const unreadable: Record<string, string> = {};
  for (const source of sourcesOf(parsed)) {
    try {
      tables[source] = await loadSource(source, parsed.draft, experimentPath, cacheDir);
    } catch (error) {
      unreadable[source] = error instanceof Error ? error.message : String(error);
    }
  }
  const sources = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, summarize(table)]));
  const diagnostics = [...parsed.diagnostics, ...checkExperiment(parsed, { sources, unreadable })].sort(
    byPlace,
  );
  return { diagnostics, parsed, experiment: parsed.experiment, tables };
}

/** The backend of the models that compute with tensors; null without any. */
async function backendOf(
  models: readonly ModelSpec[],
  { backend, wasmFolder }: PrepareRequest,
): Promise<'wasm' | 'native' | 'cpu' | null> {
  const works = models.flatMap(({ kind, parameters }) => families[kind].tensorWork?.(parameters) ?? []);
  if (works.length === 0) return null;
  return (await chooseTensorBackend({ backend, wasmFolder, work: Math.max(...works) })).name;
}

function lambdaMaxOf({ kind, parameters }: LambdaMaxNeed, data: RunData): LambdaMax {
  const learner = learners[kind];
  const { lambdaMax } = learner;
  if (lambdaMax === undefined) return {};
  const largest = (of: Problem, own: JsonObject): number => {
    const found = lambdaMax.call(learner, of, own);
    collectGarbage();
    return found;
  };
  const problem = data.problem(data.table.trainRows);
  const twin = learner.singleTaskTwin(parameters);
  const { rowTask, tasks } = data.table;
  return {
    joint: largest(problem, parameters),
    ...(tasks.length > 1 && {
      twin: tasks.map((_, t) => largest(restrictToTask(problem, t), twin)),
    }),
    ...(rowTask && canPool(tasks) && { pooled: largest(poolTasks(problem, rowTask), twin) }),
  };
}
