import type { Curve } from '../../protocol/curves';
import type { Query } from '../../protocol/queries';
import type { RunFolder, StepColumn, StepGroup, StoreIndex, Stretches } from '../../store';
import type { RunFacts, TrialFact } from './facts';
import type { StepFiles } from './step-files';

type CurvesQuery = Extract<Query, { kind: 'curves' }>;

/** Where the curves of a run are read from. */
export interface CurveSource {
  readonly index: StoreIndex;
  readonly facts: RunFacts;
  readonly files: StepFiles;
}

/** The recorded curves of a run's fits and refits: of each trial the attempt that counts. */
export function curvesOf({ index, facts, files }: CurveSource, query: CurvesQuery): Curve[] {
  const run = index.store.run(facts.record.run);
  return stepTrials(facts, query).flatMap((trial) => trialCurves(run, facts, trial, files, query));
}

/** Trials that record steps, of the model and scope asked for. */
export function stepTrials(
  { trials }: RunFacts,
  { model, scope }: { readonly model?: string; readonly scope?: Curve['scope'] },
): readonly TrialFact[] {
  return trials
    .filter(({ kind }) => kind === 'fit' || kind === 'refit')
    .filter((trial) => (model ?? trial.name) === trial.name && (scope ?? trial.scope) === trial.scope);
}

/** Index among the experiment's tasks that a column is of; undefined for quantities of the whole model. */
export function taskOf({ task: own }: StepGroup, { task }: StepColumn): number | undefined {
  return task === undefined ? own : (own ?? task);
}

function trialCurves(
  run: RunFolder,
  { record }: RunFacts,
  trial: TrialFact,
  files: StepFiles,
  query: CurvesQuery,
): Curve[] {
  const file = files.of(run, trial);
  if (file === undefined) return [];
  const lambdas = lambdasOf(run, record.tasks.length, trial);
  const curves: Curve[] = [];
  for (const [number, group] of file.groups()) {
    const { configuration } = group;
    if (configuration !== (query.configuration ?? configuration)) continue;
    const wanted = group.columns.flatMap((column, c) => {
      const task = taskOf(group, column);
      const id = task === undefined ? null : (record.tasks[task]?.id ?? null);
      if (query.task !== undefined && id !== null && id !== query.task) return [];
      return query.quantities && !query.quantities.includes(column.quantity) ? [] : [{ column, c, id }];
    });
    if (wanted.length === 0) continue;
    const most = query.maxPoints === 0 ? Number.POSITIVE_INFINITY : query.maxPoints;
    const columns = wanted.map(({ c }) => c);
    const read = file.read(number, columns, most, query.range);
    wanted.forEach(({ column, id }, i) => {
      const points = pointsOf(read, i);
      curves.push({
        model: trial.name ?? '',
        scope: trial.scope === 'single-task' || trial.scope === 'pooled' ? trial.scope : 'joint',
        trial: trial.trial,
        fold: trial.fold,
        configuration,
        lambda: lambdas(configuration, group.task) ?? null,
        task: id,
        quantity: column.quantity,
        ...points,
        total: read.rows,
      });
    });
  }
  return curves;
}

/**
 * What a line through all rows would show, at most two points a stretch: its smallest and its largest value, the one
 * nearer to where the line comes from first; and the last row as it is.
 */
function pointsOf({ size, steps, low, high, last }: Stretches, column: number) {
  const orNull = (value: number) => (Number.isNaN(value) ? null : value);
  if (size === 1) return { steps: [...steps], values: low[column].map(orNull) };
  const at: number[] = [];
  const values: (number | null)[] = [];
  let before = Number.NaN;
  steps.forEach((step, i) => {
    const [min, max] = [low[column][i], high[column][i]];
    if (Number.isNaN(min)) {
      at.push(step);
      values.push(null);
      return;
    }
    const falls = Math.abs(before - max) < Math.abs(before - min);
    const next = steps[i + 1] ?? last?.step ?? step;
    at.push(step);
    values.push(falls ? max : min);
    const half = Math.floor((step + next) / 2);
    if (half > step && min !== max) {
      at.push(half);
      values.push(falls ? min : max);
    }
    before = falls ? min : max;
  });
  if (last !== undefined && last.step > (at.at(-1) ?? -1)) {
    at.push(last.step);
    values.push(orNull(last.values[column]));
  }
  return { steps: at, values };
}

/** λ of each configuration, from the trial's own spec: a curve begins before its fit is done. */
function lambdasOf(
  run: RunFolder,
  tasks: number,
  { trial }: TrialFact,
): (configuration: number, task: number | undefined) => number | undefined {
  const spec = run.spec(trial);
  if (spec.kind !== 'fit' && spec.kind !== 'refit') return () => undefined;
  const lists = spec.configurations;
  return (configuration, task) =>
    (lists[lists.length === tasks ? (task ?? 0) : 0] ?? lists[0])[configuration]?.lambda;
}
