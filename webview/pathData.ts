import type { LambdaPath } from '../src/protocol/curves';
import { t } from '../src/protocol/l10n';
import { count, lambda, metricName, score } from '../src/protocol/words';
import { type Mark, type PathMark, placeMarks } from './pathMarks';
import { decadeTicks, linearTicks, project, type Range, rangeOf, tickDecimals } from './scales';

/** `null`: the mean skill over tasks; else the id of a task. */
export type PathScore = string | null;

export interface PathPoint {
  readonly configuration: number;
  readonly lambda: number;
  readonly mean: number;
  readonly standardError: number;
  readonly x: number;
  readonly y: number;
  /** Ends of mean ± one standard error. */
  readonly low: number;
  readonly high: number;
}

/** The λ path as things to draw, in pixels. */
export interface PathDrawing {
  readonly metric: string;
  readonly points: readonly PathPoint[];
  /** SVG path data of the line, and of the band around it. */
  readonly line: string;
  readonly band: string;
  readonly xTicks: readonly { readonly x: number; readonly label: string }[];
  readonly yTicks: readonly { readonly y: number; readonly label: string }[];
  readonly marks: readonly PathMark[];
  /** Score of the chosen single-task baseline. */
  readonly baseline: { readonly y: number; readonly score: number } | null;
  readonly folds: LambdaPath['folds'];
  /** Where every task has a choice of its own: the λ chosen, from the largest, and who chose it. */
  readonly choices: readonly TaskChoice[];
  /** The drawing in words. */
  readonly summary: string;
}

export interface TaskChoice {
  readonly lambda: number;
  readonly tasks: readonly string[];
}

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Right of the plot, where labels may end. */
  readonly margin: number;
}

/** @param paths those of one model: joint, and its baselines. Undefined while there is no point with a λ and a score. */
export function drawPath(paths: readonly LambdaPath[], by: PathScore, frame: Frame): PathDrawing | undefined {
  const joint = paths.find((path) => path.scope === 'joint');
  if (!joint) return undefined;
  const scored = scoredPoints(joint, by);
  if (scored.length === 0) return undefined;
  const baselineScore = baselineOf(paths, by);
  // Of the whole grid, scored or not, so that the axis stays where it is while scores arrive.
  const exponents = exponentsOf(joint.points.flatMap(({ lambda }) => (lambda === null ? [] : [lambda])));
  const xRange = rangeOf(exponents.values(), 0.03);
  const yRange = rangeOf([
    ...scored.flatMap(({ mean, standardError }) => [mean - standardError, mean + standardError]),
    baselineScore,
  ]);
  const toX = (value: number) => project(exponents.get(value) ?? 0, xRange, frame.left, frame.right);
  const toY = (value: number) => project(value, yRange, frame.bottom, frame.top);
  const points = scored
    .map((point) => ({
      ...point,
      x: toX(point.lambda),
      y: toY(point.mean),
      low: toY(point.mean - point.standardError),
      high: toY(point.mean + point.standardError),
    }))
    .sort((a, b) => a.x - b.x);
  const marks = marksOf({ ...joint, chosen: chosenFor(joint, by) }, points, frame);
  const choices = choicesOf(joint);
  const metric = metricOf(joint, by);
  const yTicks = linearTicks(yRange, Math.max(2, (frame.bottom - frame.top) / 45));
  const decimals = tickDecimals(yTicks);
  return {
    metric,
    points,
    line: points.map((p, i) => `${i === 0 ? 'M' : 'L'}${round(p.x)} ${round(p.y)}`).join(''),
    band: bandOf(points),
    xTicks: xTicksOf(exponents, xRange, frame),
    yTicks: yTicks.map((value) => ({ y: toY(value), label: score(value, decimals) })),
    marks,
    folds: joint.folds,
    choices,
    baseline: baselineScore === null ? null : { y: toY(baselineScore), score: baselineScore },
    summary: summaryOf(joint, points, marks, metric, baselineScore, choices),
  };
}

interface Scored {
  readonly configuration: number;
  readonly lambda: number;
  readonly mean: number;
  readonly standardError: number;
}

/** A point a λ: where other hyperparameters are swept too, the best of them at that λ, and the chosen one in any case. */
function scoredPoints(path: LambdaPath, by: PathScore): readonly Scored[] {
  const at = chosenFor(path, by);
  const chosen = at === null ? undefined : path.points[at]?.configuration;
  const best = new Map<number, Scored>();
  for (const point of path.points) {
    const { mean, standardError } =
      by === null ? point : (point.tasks.find(({ task }) => task === by) ?? NOTHING);
    const { lambda, configuration } = point;
    if (lambda === null || mean === null) continue;
    const known = best.get(lambda);
    const isBetter = known === undefined || (known.configuration !== chosen && mean > known.mean);
    if (isBetter || configuration === chosen)
      best.set(lambda, { configuration, lambda, mean, standardError: standardError ?? 0 });
  }
  return [...best.values()];
}

const NOTHING = { mean: null, standardError: null };

/** The point that was chosen; of a task, the one that it chose where each chose its own. */
function chosenFor({ chosen, chosenByTask, points }: LambdaPath, by: PathScore): number | null {
  if (by === null || !chosenByTask) return chosen;
  const task = points[0]?.tasks.findIndex((one) => one.task === by) ?? -1;
  return chosenByTask[task] ?? chosen;
}

function choicesOf({ chosen, chosenByTask, points }: LambdaPath): readonly TaskChoice[] {
  if (chosen !== null || !chosenByTask) return [];
  const byLambda = new Map<number, string[]>();
  chosenByTask.forEach((at, t) => {
    const one = points[at]?.tasks[t];
    const lambda = one?.lambda ?? points[at]?.lambda;
    if (one === undefined || lambda === undefined || lambda === null) return;
    byLambda.set(lambda, [...(byLambda.get(lambda) ?? []), one.task]);
  });
  return [...byLambda].sort(([a], [b]) => b - a).map(([lambda, tasks]) => ({ lambda, tasks }));
}

function metricOf(path: LambdaPath, by: PathScore): string {
  if (by === null) return t('mean skill');
  const point = path.points.find(({ tasks }) => tasks.some(({ task }) => task === by));
  return metricName(point?.tasks.find(({ task }) => task === by)?.metric ?? 'score');
}

function baselineOf(paths: readonly LambdaPath[], by: PathScore): number | null {
  const twin = paths.find((path) => path.scope === 'single-task');
  const at = twin && (chosenFor(twin, by) ?? twin.best);
  if (!twin || at === undefined || at === null) return null;
  const point = twin.points[at];
  if (!point) return null;
  return by === null ? point.mean : (point.tasks.find(({ task }) => task === by)?.mean ?? null);
}

/** log₁₀ λ; λ = 0 stands one decade below the smallest that has a logarithm. */
function exponentsOf(lambdas: readonly number[]): ReadonlyMap<number, number> {
  const positive = lambdas.filter((value) => value > 0).map(Math.log10);
  const lowest = positive.length > 0 ? Math.min(...positive) : 0;
  return new Map(lambdas.map((value) => [value, value > 0 ? Math.log10(value) : lowest - 1]));
}

function xTicksOf(exponents: ReadonlyMap<number, number>, range: Range, frame: Frame) {
  const toX = (exponent: number) => project(exponent, range, frame.left, frame.right);
  const room = Math.max(2, Math.floor((frame.right - frame.left) / 70));
  const zero = exponents.get(0);
  const ticks = decadeTicks(range, room)
    .filter((exponent) => zero === undefined || exponent > zero + 0.5)
    .map((exponent) => ({ x: toX(exponent), label: decade(exponent) }));
  const all = zero === undefined ? ticks : [{ x: toX(zero), label: '0' }, ...ticks];
  if (all.length >= 2) return all;
  // Less than a decade: the λ themselves, as many as there is room for.
  const own = [...exponents].sort((a, b) => a[1] - b[1]);
  const every = Math.max(1, Math.ceil(own.length / room));
  return own
    .filter((_, i) => i % every === 0)
    .map(([value, exponent]) => ({ x: toX(exponent), label: lambda(value) }));
}

function decade(exponent: number): string {
  if (exponent >= -4 && exponent <= 4) return String(Number((10 ** exponent).toPrecision(3)));
  const digits = String(Math.abs(exponent)).replace(/\d/g, (d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]);
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

function marksOf(path: LambdaPath, points: readonly PathPoint[], frame: Frame): readonly PathMark[] {
  const at = (index: number | null) =>
    index === null ? undefined : points.find((p) => p.configuration === path.points[index]?.configuration);
  const chosen = at(path.chosen);
  const simplest = at(path.oneStandardError);
  const best = at(path.best);
  const marks: Mark[] = [];
  const add = (kind: Mark['kind'], point: PathPoint | undefined, label: string) => {
    if (point) marks.push({ x: point.x, kind, label });
  };
  add('chosen', chosen, t('chosen λ {0}', lambda(chosen?.lambda)));
  add('one-standard-error', simplest, t('1-SE λ {0}', lambda(simplest?.lambda)));
  if (best !== chosen) add('best', best, t('best λ {0}', lambda(best?.lambda)));
  return placeMarks(marks, frame.right + frame.margin);
}

function bandOf(points: readonly PathPoint[]): string {
  if (points.length < 2) return '';
  const upper = points.map((p) => `${round(p.x)} ${round(p.high)}`);
  const lower = [...points].reverse().map((p) => `${round(p.x)} ${round(p.low)}`);
  return `M${[...upper, ...lower].join('L')}Z`;
}

function summaryOf(
  path: LambdaPath,
  points: readonly PathPoint[],
  marks: readonly PathMark[],
  metric: string,
  baseline: number | null,
  choices: readonly TaskChoice[],
): string {
  const first = points[0];
  const last = points[points.length - 1];
  return [
    t(
      '{0} of {1} for {2} λ from {3} to {4}',
      metric,
      path.model,
      points.length,
      lambda(first.lambda),
      lambda(last.lambda),
    ),
    t('{0} of {1} folds done', path.folds.done, path.folds.total),
    ...marks.map((mark) => mark.label),
    ...choices.map(({ lambda: value, tasks }) =>
      t('λ {0} chosen by {1}', lambda(value), count(tasks.length, 'task')),
    ),
    ...(baseline === null ? [] : [t('single-task baseline {0}', score(baseline))]),
  ].join('; ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
