import type { Curve } from '../src/protocol/queries';
import { count, score } from '../src/protocol/words';

export interface CurveSeries {
  readonly key: string;
  readonly label: string;
  readonly kind: 'training' | 'held-out' | 'refit';
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

/** One chart: a task's loss, or a quantity of the whole model. */
export interface CurveChart {
  readonly key: string;
  readonly title: string;
  readonly series: readonly CurveSeries[];
  /** Recorded points, and those drawn. */
  readonly total: number;
  readonly drawn: number;
  /** The chart in words. */
  readonly summary: string;
}

const WHOLE_MODEL = [
  { quantity: 'objective', title: 'Objective Σ wₜLₜ + λR' },
  { quantity: 'penalty', title: 'Regulariser R(θ)' },
  { quantity: 'learningRate', title: 'Learning rate' },
] as const;

/** A chart a task (in the order of `tasks`), then one a quantity of the whole model; those without points are left out. */
export function chartsOf(curves: readonly Curve[], tasks: readonly string[]): readonly CurveChart[] {
  const byTask = new Map<string, Curve[]>();
  for (const curve of curves) {
    if (curve.task === null || (curve.quantity !== 'taskLoss' && curve.quantity !== 'validationLoss'))
      continue;
    const list = byTask.get(curve.task);
    if (list) list.push(curve);
    else byTask.set(curve.task, [curve]);
  }
  const losses = tasks.map((task) => chart(`task:${task}`, `Loss of ${task}`, byTask.get(task) ?? []));
  const whole = WHOLE_MODEL.map(({ quantity, title }) =>
    chart(
      quantity,
      title,
      curves.filter((curve) => curve.task === null && curve.quantity === quantity),
    ),
  );
  return [...losses, ...whole].filter((one) =>
    one.series.some(({ values }) => values.some((value) => value !== null)),
  );
}

function chart(key: string, title: string, curves: readonly Curve[]): CurveChart {
  const series = curves.map(seriesOf).sort((a, b) => a.key.localeCompare(b.key));
  return {
    key,
    title,
    series,
    total: curves.reduce((sum, curve) => sum + curve.total, 0),
    drawn: curves.reduce((sum, curve) => sum + curve.steps.length, 0),
    summary: summaryOf(title, series),
  };
}

function seriesOf(curve: Curve): CurveSeries {
  const heldOut = curve.quantity === 'validationLoss';
  const where = curve.fold === null ? 'refit' : `fold ${curve.fold + 1}`;
  return {
    key: `${heldOut ? 'b' : 'a'}${curve.fold === null ? 'r' : String(curve.fold).padStart(4, '0')} ${curve.trial}`,
    label: heldOut ? `${where}, held out` : where,
    kind: heldOut ? 'held-out' : curve.fold === null ? 'refit' : 'training',
    steps: curve.steps,
    values: curve.values,
  };
}

function summaryOf(title: string, series: readonly CurveSeries[]): string {
  const training = ends(series.filter(({ kind }) => kind !== 'held-out'));
  const heldOut = ends(series.filter(({ kind }) => kind === 'held-out'));
  if (!training) return `${title}: nothing recorded yet`;
  const parts = [
    `${title}: from ${score(training.first)} to ${score(training.last)} over ${count(training.steps, 'step')}`,
  ];
  if (heldOut) parts.push(`on held-out rows from ${score(heldOut.first)} to ${score(heldOut.last)}`);
  return `${parts.join(', ')}; mean of ${count(training.lines, 'line')}`;
}

/** First and last values, averaged over lines. */
export function ends(series: readonly CurveSeries[]) {
  const lines = series.flatMap(({ steps, values }) => {
    const present = values.flatMap((value, i) => (value === null ? [] : [{ value, step: steps[i] }]));
    return present.length === 0 ? [] : [{ first: present[0], last: present[present.length - 1] }];
  });
  if (lines.length === 0) return undefined;
  const mean = (pick: (line: (typeof lines)[number]) => number) =>
    lines.reduce((sum, line) => sum + pick(line), 0) / lines.length;
  return {
    lines: lines.length,
    first: mean(({ first }) => first.value),
    last: mean(({ last }) => last.value),
    steps: Math.max(...lines.map(({ last }) => last.step)),
  };
}
