import type { Curve, Quantity } from '../src/protocol/curves';
import { t } from '../src/protocol/l10n';
import { count, score } from '../src/protocol/words';
import type { CurveSet } from './curveSets';
import { steadyColors } from './plot/palette';
import { smooth } from './plot/smooth';
import type { PlotSeries, PlotSpec, Value } from './plot/spec';

/** Which lines the curves view draws, and how. */
export interface CurveStyle {
  /** A line a fold and one for the refit, the mean over folds, one fold by its number, or the refit. */
  readonly trials: 'each' | 'mean' | 'refit' | number;
  /** Part of the steps that the average remembers; 0: as recorded. */
  readonly smoothing: number;
  readonly split: 'both' | 'training' | 'held-out';
  readonly metric: Metric | 'all';
  /** All tasks in one plot. */
  readonly together: boolean;
}

export const WHOLE_STYLE: CurveStyle = {
  trials: 'each',
  smoothing: 0,
  split: 'both',
  metric: 'all',
  together: false,
};

/** Loss is of the tasks; the others of the whole model. */
export type Metric = 'loss' | 'objective' | 'penalty' | 'learningRate';

export const SMOOTHING: readonly { readonly value: number; readonly label: string }[] = [
  { value: 0, label: t('none') },
  { value: 0.01, label: t('light') },
  { value: 0.04, label: t('medium') },
  { value: 0.12, label: t('strong') },
];

type Kind = 'training' | 'held-out' | 'refit';

interface Line {
  readonly key: string;
  readonly label: string;
  readonly kind: Kind;
  /** Lines of a group and kind are folds of the same. */
  readonly group: string;
  readonly color: number | 'ink';
  readonly x: readonly number[];
  readonly y: readonly Value[];
}

/** Numbers in the palette: training blue, held out orange. */
export const COLOR = { training: 0, 'held-out': 1, refit: 'ink' } as const;

const WHOLE_MODEL: readonly {
  readonly quantity: Quantity;
  readonly title: string;
  readonly yLabel: string;
}[] = [
  { quantity: 'objective', title: t('Objective Σ wₜLₜ + λR'), yLabel: t('objective') },
  { quantity: 'penalty', title: t('Regulariser R(θ)'), yLabel: 'R(θ)' },
  { quantity: 'learningRate', title: t('Learning rate'), yLabel: t('learning rate') },
];

/** A curve, and what it is called and coloured by beside others. */
interface Named {
  readonly set: CurveSet;
  readonly curve: Curve;
  readonly color?: number;
  readonly label: string;
}

/** A plot a task (in the order of `tasks`), then one a quantity of the whole model; those without points are left out. */
export function plotsOf(
  sets: readonly CurveSet[],
  tasks: readonly string[],
  style: CurveStyle,
): readonly PlotSpec[] {
  const named = sets.flatMap((set) =>
    set.curves
      .filter((curve) => isWanted(curve, style))
      .map(
        (curve): Named => ({
          set,
          curve,
          label: set.label,
          ...(set.color !== undefined && { color: set.color }),
        }),
      ),
  );
  const ofLoss = named.filter(({ curve }) => isLoss(curve) && curve.task !== null);
  const plots = [
    ...(style.together ? [togetherPlot(ofLoss, tasks, style)] : taskPlots(ofLoss, tasks, style)),
    ...WHOLE_MODEL.map(({ quantity, ...text }) =>
      plot(
        { key: quantity, ...text },
        named.filter(({ curve }) => curve.quantity === quantity),
        style,
      ),
    ),
  ];
  return plots.filter(({ series }) => series.some(({ y }) => y.some((value) => value !== null)));
}

function isLoss({ quantity }: Curve): boolean {
  return quantity === 'taskLoss' || quantity === 'validationLoss';
}

function isWanted(curve: Curve, { trials, split, metric }: CurveStyle): boolean {
  if (metric !== 'all' && metric !== (isLoss(curve) ? 'loss' : curve.quantity)) return false;
  if (isLoss(curve) && split !== 'both' && (curve.quantity === 'validationLoss') !== (split === 'held-out'))
    return false;
  if (trials === 'refit') return curve.fold === null;
  return typeof trials !== 'number' || curve.fold === trials;
}

function taskPlots(
  named: readonly Named[],
  tasks: readonly string[],
  style: CurveStyle,
): readonly PlotSpec[] {
  const byTask = new Map<string | null, Named[]>();
  for (const one of named) {
    const list = byTask.get(one.curve.task);
    if (list) list.push(one);
    else byTask.set(one.curve.task, [one]);
  }
  return tasks.map((task) =>
    plot(
      { key: `task:${task}`, title: t('Loss of {0}', task), yLabel: t('loss') },
      byTask.get(task) ?? [],
      style,
    ),
  );
}

/** Losses of all tasks in one plot: a colour a task, or where models are beside each other a colour a model. */
function togetherPlot(named: readonly Named[], tasks: readonly string[], style: CurveStyle): PlotSpec {
  const colors = steadyColors(tasks);
  const lines = named.map((one): Named => {
    const { curve, label, color } = one;
    const own = color ?? colors.get(curve.task ?? '');
    return {
      ...one,
      label: [label, curve.task].filter(Boolean).join(' · '),
      ...(own !== undefined && { color: own }),
    };
  });
  return plot(
    { key: 'tasks', title: t('Losses of {0}', count(tasks.length, 'task')), yLabel: t('loss') },
    lines,
    style,
  );
}

function plot(
  text: Pick<PlotSpec, 'key' | 'title' | 'yLabel'>,
  named: readonly Named[],
  style: CurveStyle,
): PlotSpec {
  const each = named.map(lineOf).sort((a, b) => a.key.localeCompare(b.key));
  const lines = style.trials === 'mean' ? meansOf(each) : each;
  const total = named.reduce((sum, { curve }) => sum + curve.total, 0);
  const drawn = named.reduce((sum, { curve }) => sum + Math.min(curve.steps.length, curve.total), 0);
  return {
    ...text,
    xLabel: t('step'),
    series: lines.flatMap((line) => seriesOf(line, style)),
    ...(drawn < total && { note: thinnedNote(drawn, total) }),
    summary: summaryOf(text.title, each),
  };
}

export function thinnedNote(drawn: number, total: number): string {
  return t('{0} of {1} points, extremes kept', drawn.toLocaleString('en'), total.toLocaleString('en'));
}

function lineOf({ set, curve, color, label }: Named): Line {
  const heldOut = curve.quantity === 'validationLoss';
  const where = curve.fold === null ? t('refit') : t('fold {0}', curve.fold + 1);
  const kind = heldOut ? 'held-out' : curve.fold === null ? 'refit' : 'training';
  const words = [label, heldOut ? t('{0}, held out', where) : where].filter(Boolean);
  return {
    key: `${heldOut ? 'b' : 'a'}${curve.fold === null ? 'r' : String(curve.fold).padStart(4, '0')} ${set.key} ${curve.trial} ${curve.task ?? ''}`,
    label: words.join(' · '),
    kind,
    group: label,
    color: color ?? COLOR[kind],
    x: curve.steps,
    y: curve.values,
  };
}

/** A line a group and kind: the mean over its lines wherever at least one has a value. */
function meansOf(lines: readonly Line[]): readonly Line[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = `${line.kind} ${line.group}`;
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
  return [...groups].flatMap(([key, some]) => {
    if (some.length <= 1) return some;
    const [{ kind, group, color }] = some;
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
    const words =
      kind === 'held-out' ? t('held out, mean of {0}', some.length) : t('mean of {0}', some.length);
    return {
      key: `mean ${key}`,
      label: [group, words].filter(Boolean).join(' · '),
      kind,
      group,
      color,
      x: points.map(([step]) => step),
      y: points.map(([, { sum, of }]) => sum / of),
    };
  });
}

/** A line; smoothed, with what was recorded faintly behind it. */
function seriesOf(line: Line, { smoothing }: CurveStyle): readonly PlotSeries[] {
  const { key, label, kind, color, x, y } = line;
  const common = {
    label,
    color,
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

function summaryOf(title: string, lines: readonly Line[]): string {
  const training = ends(lines.filter(({ kind }) => kind !== 'held-out'));
  const heldOut = ends(lines.filter(({ kind }) => kind === 'held-out'));
  if (!training) return t('{0}: nothing recorded yet', title);
  const parts = [
    t(
      '{0}: from {1} to {2} over {3}',
      title,
      score(training.first),
      score(training.last),
      count(training.steps, 'step'),
    ),
  ];
  if (heldOut) parts.push(t('on held-out rows from {0} to {1}', score(heldOut.first), score(heldOut.last)));
  return t('{0}; mean of {1}', parts.join(', '), count(training.lines, 'line'));
}

/** First and last values, averaged over lines. */
function ends(lines: readonly Line[]) {
  let [first, last, steps, present] = [0, 0, 0, 0];
  for (const { x, y } of lines) {
    const from = y.findIndex((value) => value !== null);
    const to = y.findLastIndex((value) => value !== null);
    if (from < 0) continue;
    first += y[from] ?? 0;
    last += y[to] ?? 0;
    steps = Math.max(steps, x[to]);
    present++;
  }
  return present === 0 ? undefined : { lines: present, first: first / present, last: last / present, steps };
}
