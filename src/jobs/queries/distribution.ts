import type { Distribution } from '../../protocol/curves';
import type { Query } from '../../protocol/queries';
import { type CurveSource, stepTrials, taskOf } from './curves';
import { numberingOf } from './numbering';

type DistributionQuery = Extract<Query, { kind: 'distribution' }>;

/** Per task: sums over folds, and how many folds, at each step of the union. */
interface TaskSeries {
  readonly low: Map<number, number>;
  readonly high: Map<number, number>;
  readonly sum: Map<number, number>;
  readonly folds: Map<number, number>;
  first: number[];
  last: number[];
}

const QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9] as const;

/**
 * How a loss is spread over tasks, step by step: each task's mean over folds, then quantiles over tasks. Where steps are
 * thinned, a stretch counts with the middle between its extremes, and the outermost lines keep the extremes themselves.
 */
export function distributionOf(
  { index, facts, files }: CurveSource,
  { model, scope, configuration, quantity, maxPoints, range }: DistributionQuery,
): Distribution {
  const run = index.store.run(facts.record.run);
  const tasks = facts.record.tasks.map(({ id }) => id);
  const series = tasks.map(newSeries);
  let total = 0;
  for (const trial of stepTrials(run, facts, { model, scope })) {
    const file = trial.fold === null ? undefined : files.of(run, trial);
    if (file === undefined) continue;
    const numbered = numberingOf(run, trial);
    for (const [number, group] of file.groups()) {
      if (numbered(group.configuration, group.task)?.configuration !== configuration) continue;
      const wanted = group.columns.flatMap((column, c) => {
        const task = taskOf(group, column);
        return column.quantity === quantity && task !== undefined && task < tasks.length ? [{ c, task }] : [];
      });
      if (wanted.length === 0) continue;
      const columns = wanted.map(({ c }) => c);
      const read = file.read(number, columns, maxPoints, range);
      total = Math.max(total, read.rows);
      wanted.forEach(({ task }, i) => {
        addFold(series[task], read.steps, read.low[i], read.high[i], read.last?.values[i]);
      });
    }
  }
  return { model, scope, configuration, quantity, total, ...spread(series), ends: endsOf(tasks, series) };
}

function newSeries(): TaskSeries {
  return { low: new Map(), high: new Map(), sum: new Map(), folds: new Map(), first: [], last: [] };
}

function addFold(
  series: TaskSeries,
  steps: readonly number[],
  low: readonly number[],
  high: readonly number[],
  last: number | undefined,
): void {
  steps.forEach((step, i) => {
    if (Number.isNaN(low[i])) return;
    series.sum.set(step, (series.sum.get(step) ?? 0) + (low[i] + high[i]) / 2);
    series.folds.set(step, (series.folds.get(step) ?? 0) + 1);
    series.low.set(step, Math.min(series.low.get(step) ?? Number.POSITIVE_INFINITY, low[i]));
    series.high.set(step, Math.max(series.high.get(step) ?? Number.NEGATIVE_INFINITY, high[i]));
  });
  const first = low.find((value) => !Number.isNaN(value));
  if (first !== undefined) series.first.push(first);
  if (last !== undefined && !Number.isNaN(last)) series.last.push(last);
}

function spread(
  series: readonly TaskSeries[],
): Pick<Distribution, 'steps' | 'low' | 'high' | 'quantiles' | 'tasks'> {
  const steps = [...new Set(series.flatMap(({ sum }) => [...sum.keys()]))].sort((a, b) => a - b);
  const present = series.filter(({ sum }) => sum.size > 0);
  const quantiles = QUANTILES.map((q) => ({ q, values: new Array<number>(steps.length) }));
  const low = new Array<number>(steps.length);
  const high = new Array<number>(steps.length);
  steps.forEach((step, s) => {
    const means: number[] = [];
    low[s] = Number.POSITIVE_INFINITY;
    high[s] = Number.NEGATIVE_INFINITY;
    for (const one of present) {
      const sum = one.sum.get(step);
      if (sum === undefined) continue;
      means.push(sum / (one.folds.get(step) ?? 1));
      low[s] = Math.min(low[s], one.low.get(step) ?? sum);
      high[s] = Math.max(high[s], one.high.get(step) ?? sum);
    }
    means.sort((a, b) => a - b);
    for (const { q, values } of quantiles) values[s] = quantile(means, q);
  });
  return { steps, low, high, quantiles, tasks: present.length };
}

/** Linear between order statistics, as NumPy's default (type 7 of Hyndman and Fan 1996). */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

function endsOf(tasks: readonly string[], series: readonly TaskSeries[]): Distribution['ends'] {
  const mean = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return tasks.map((task, t) => ({ task, first: mean(series[t].first), last: mean(series[t].last) }));
}
