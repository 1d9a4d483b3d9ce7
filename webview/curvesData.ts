import type { Curve, Distribution, Quantity } from '../src/protocol/queries';
import { count, score } from '../src/protocol/words';
import { smooth } from './plot/smooth';
import type { PlotBand, PlotSeries, PlotSpec, Value } from './plot/spec';

/** How the lines of the curves view are drawn. */
export interface CurveStyle {
  /** A line a fold, or the mean over folds. */
  readonly folds: 'each' | 'mean';
  /** Part of the steps that the average remembers; 0: as recorded. */
  readonly smoothing: number;
}

export const SMOOTHING: readonly { readonly value: number; readonly label: string }[] = [
  { value: 0, label: 'none' },
  { value: 0.01, label: 'light' },
  { value: 0.04, label: 'medium' },
  { value: 0.12, label: 'strong' },
];

type Kind = 'training' | 'held-out' | 'refit';

interface Line {
  readonly key: string;
  readonly label: string;
  readonly kind: Kind;
  readonly x: readonly number[];
  readonly y: readonly Value[];
}

/** Numbers in the palette: training blue, held out orange. */
const COLOR = { training: 0, 'held-out': 1, refit: 'ink' } as const;

const WHOLE_MODEL: readonly {
  readonly quantity: Quantity;
  readonly title: string;
  readonly yLabel: string;
}[] = [
  { quantity: 'objective', title: 'Objective Σ wₜLₜ + λR', yLabel: 'objective' },
  { quantity: 'penalty', title: 'Regulariser R(θ)', yLabel: 'R(θ)' },
  { quantity: 'learningRate', title: 'Learning rate', yLabel: 'learning rate' },
];

/** A plot a task (in the order of `tasks`), then one a quantity of the whole model; those without points are left out. */
export function plotsOf(
  curves: readonly Curve[],
  tasks: readonly string[],
  style: CurveStyle,
): readonly PlotSpec[] {
  const byTask = new Map<string, Curve[]>();
  for (const curve of curves) {
    if (curve.task === null || (curve.quantity !== 'taskLoss' && curve.quantity !== 'validationLoss'))
      continue;
    const list = byTask.get(curve.task);
    if (list) list.push(curve);
    else byTask.set(curve.task, [curve]);
  }
  const losses = tasks.map((task) =>
    plot({ key: `task:${task}`, title: `Loss of ${task}`, yLabel: 'loss' }, byTask.get(task) ?? [], style),
  );
  const whole = WHOLE_MODEL.map(({ quantity, ...named }) =>
    plot(
      { key: quantity, ...named },
      curves.filter((curve) => curve.quantity === quantity),
      style,
    ),
  );
  return [...losses, ...whole].filter(({ series }) =>
    series.some(({ y }) => y.some((value) => value !== null)),
  );
}

function plot(
  named: Pick<PlotSpec, 'key' | 'title' | 'yLabel'>,
  curves: readonly Curve[],
  style: CurveStyle,
): PlotSpec {
  const each = curves.map(lineOf).sort((a, b) => a.key.localeCompare(b.key));
  const lines = style.folds === 'mean' ? meansOf(each) : each;
  const total = curves.reduce((sum, curve) => sum + curve.total, 0);
  const drawn = curves.reduce((sum, curve) => sum + Math.min(curve.steps.length, curve.total), 0);
  return {
    ...named,
    xLabel: 'step',
    series: lines.flatMap((line) => seriesOf(line, style)),
    ...(drawn < total && { note: thinnedNote(drawn, total) }),
    summary: summaryOf(named.title, each),
  };
}

export function thinnedNote(drawn: number, total: number): string {
  return `${drawn.toLocaleString('en')} of ${total.toLocaleString('en')} points, extremes kept`;
}

function lineOf(curve: Curve): Line {
  const heldOut = curve.quantity === 'validationLoss';
  const where = curve.fold === null ? 'refit' : `fold ${curve.fold + 1}`;
  return {
    key: `${heldOut ? 'b' : 'a'}${curve.fold === null ? 'r' : String(curve.fold).padStart(4, '0')} ${curve.trial} ${curve.task ?? ''}`,
    label: heldOut ? `${where}, held out` : where,
    kind: heldOut ? 'held-out' : curve.fold === null ? 'refit' : 'training',
    x: curve.steps,
    y: curve.values,
  };
}

/** A line a kind: the mean over its lines wherever at least one has a value. */
function meansOf(lines: readonly Line[]): readonly Line[] {
  return (['training', 'held-out', 'refit'] as const).flatMap((kind) => {
    const some = lines.filter((line) => line.kind === kind);
    if (some.length <= 1) return some;
    const sums = new Map<number, { sum: number; of: number }>();
    for (const { x, y } of some) {
      x.forEach((step, i) => {
        const value = y[i];
        if (value === null) return;
        const at = sums.get(step) ?? { sum: 0, of: 0 };
        sums.set(step, { sum: at.sum + value, of: at.of + 1 });
      });
    }
    const points = [...sums].sort(([a], [b]) => a - b);
    return {
      key: `mean ${kind}`,
      label: `${kind === 'held-out' ? 'held out, ' : ''}mean of ${some.length}`,
      kind,
      x: points.map(([step]) => step),
      y: points.map(([, { sum, of }]) => sum / of),
    };
  });
}

/** A line; smoothed, with what was recorded faintly behind it. */
function seriesOf(line: Line, { smoothing }: CurveStyle): readonly PlotSeries[] {
  const { key, label, kind, x, y } = line;
  const common = {
    label,
    color: COLOR[kind],
    ...(kind === 'held-out' && { dash: true }),
    ...(kind === 'refit' && { thick: true }),
    x,
  };
  const width = x.length === 0 ? 0 : x[x.length - 1] - x[0];
  if (smoothing === 0 || width === 0) return [{ key, ...common, y }];
  return [
    { key: `${key} recorded`, ...common, dash: false, thick: false, faint: true, y },
    { key, ...common, y: smooth(x, y, smoothing * width) },
  ];
}

/** The spread over tasks as bands around the median, for training and held-out loss. */
export function distributionPlot(distributions: readonly Distribution[]): PlotSpec | undefined {
  const shown = distributions.filter(({ steps }) => steps.length > 0);
  if (shown.length === 0) return undefined;
  const drawn = shown.reduce((sum, { steps }) => sum + steps.length, 0);
  const total = shown.reduce((sum, one) => sum + one.total, 0);
  return {
    key: 'distribution',
    title: `Loss over ${count(shown[0].tasks, 'task')}`,
    xLabel: 'step',
    yLabel: 'loss',
    bands: shown.flatMap(bandsOf),
    series: shown.map((one) => {
      const heldOut = one.quantity === 'validationLoss';
      return {
        key: `median ${one.quantity}`,
        label: heldOut ? 'held out, median task' : 'median task',
        color: heldOut ? COLOR['held-out'] : COLOR.training,
        dash: heldOut,
        thick: true,
        x: one.steps,
        y: valuesAt(one, 0.5),
      };
    }),
    ...(drawn < total && { note: thinnedNote(drawn, total) }),
    summary: shown.map(spreadWords).join('; '),
  };
}

function bandsOf(one: Distribution): readonly PlotBand[] {
  const color = one.quantity === 'validationLoss' ? COLOR['held-out'] : COLOR.training;
  const name = one.quantity === 'validationLoss' ? 'held out, ' : '';
  const band = (
    label: string,
    opacity: number,
    low: readonly number[],
    high: readonly number[],
  ): PlotBand => ({
    key: `${one.quantity} ${label}`,
    label: `${name}${label}`,
    color,
    opacity,
    x: one.steps,
    low,
    high,
  });
  return [
    band('all tasks', 0.1, one.low, one.high),
    band('80 % of tasks', 0.14, valuesAt(one, 0.1), valuesAt(one, 0.9)),
    band('half of tasks', 0.2, valuesAt(one, 0.25), valuesAt(one, 0.75)),
  ];
}

function valuesAt({ quantiles }: Distribution, wanted: number): readonly number[] {
  return quantiles.find(({ q }) => q === wanted)?.values ?? [];
}

function spreadWords(one: Distribution): string {
  const last = (values: readonly number[]) => score(values.at(-1) ?? null);
  const name = one.quantity === 'validationLoss' ? 'Held-out loss' : 'Training loss';
  return `${name} of ${count(one.tasks, 'task')}: median ${last(valuesAt(one, 0.5))} at the end, half of the tasks between ${last(valuesAt(one, 0.25))} and ${last(valuesAt(one, 0.75))}, all between ${last(one.low)} and ${last(one.high)}`;
}

function summaryOf(title: string, lines: readonly Line[]): string {
  const training = ends(lines.filter(({ kind }) => kind !== 'held-out'));
  const heldOut = ends(lines.filter(({ kind }) => kind === 'held-out'));
  if (!training) return `${title}: nothing recorded yet`;
  const parts = [
    `${title}: from ${score(training.first)} to ${score(training.last)} over ${count(training.steps, 'step')}`,
  ];
  if (heldOut) parts.push(`on held-out rows from ${score(heldOut.first)} to ${score(heldOut.last)}`);
  return `${parts.join(', ')}; mean of ${count(training.lines, 'line')}`;
}

/** First and last values, averaged over lines. */
function ends(lines: readonly Line[]) {
  const present = lines.flatMap(({ x, y }) => {
    const points = y.flatMap((value, i) => (value === null ? [] : [{ value, step: x[i] }]));
    return points.length === 0 ? [] : [{ first: points[0], last: points[points.length - 1] }];
  });
  if (present.length === 0) return undefined;
  const mean = (pick: (line: (typeof present)[number]) => number) =>
    present.reduce((sum, line) => sum + pick(line), 0) / present.length;
  return {
    lines: present.length,
    first: mean(({ first }) => first.value),
    last: mean(({ last }) => last.value),
    steps: Math.max(...present.map(({ last }) => last.step)),
  };
}
