import type { Curve } from '../../protocol/curves';
import type { Answer, Query } from '../../protocol/queries';
import type { RunFolder, StepColumn, StepFile, StepGroup, StoreIndex, Stretches } from '../../store';
import type { RunFacts, TrialFact } from './facts';
import { numberingOf } from './numbering';
import { isInOuterLoop } from './outer-loop';
import type { StepFiles } from './step-files';

type CurvesQuery = Extract<Query, { kind: 'curves' }>;

/** Where the curves of a run are read from. */
export interface CurveSource {
  readonly index: StoreIndex;
  readonly facts: RunFacts;
  readonly files: StepFiles;
}

/**
 * The recorded curves of a run's fits and refits: of each trial the attempt that counts; and which configurations have any,
 * whatever was asked for of them.
 */
export function curvesOf({ index, facts, files }: CurveSource, query: CurvesQuery): Answer<'curves'> {
  const run = index.store.run(facts.record.run);
  const recorded = new Set<number>();
  const curves = stepTrials(run, facts, query).flatMap((trial) => {
    const file = files.of(run, trial);
    return file === undefined ? [] : trialCurves(run, facts, trial, file, query, recorded);
  });
  return { curves, recorded: [...recorded].sort((a, b) => a - b) };
}

/** Trials that record steps, of the model and scope asked for. */
export function stepTrials(
  run: RunFolder,
  { trials }: RunFacts,
  { model, scope }: { readonly model?: string; readonly scope?: Curve['scope'] },
): readonly TrialFact[] {
  return trials
    .filter(({ kind }) => kind === 'fit' || kind === 'refit')
    .filter((trial) => (model ?? trial.name) === trial.name && (scope ?? trial.scope) === trial.scope)
    .filter((trial) => !isInOuterLoop(run, trial));
}

/** Index among the experiment's tasks that a column is of; undefined for quantities of the whole model. */
export function taskOf({ task: own }: StepGroup, { task }: StepColumn): number | undefined {
  return task === undefined ? own : (own ?? task);
}

function trialCurves(
  run: RunFolder,
  { record }: RunFacts,
  trial: TrialFact,
  file: StepFile,
  query: CurvesQuery,
  recorded: Set<number>,
): Curve[] {
  const numbered = numberingOf(run, trial);
  const curves: Curve[] = [];
  for (const [number, group] of file.groups()) {
    const known = numbered(group.configuration, group.task);
    if (known === undefined) continue;
    const { configuration, lambda } = known;
    recorded.add(configuration);
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
        lambda,
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
