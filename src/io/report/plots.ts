import {
  type Difference,
  formatDuration,
  formatLambda,
  formatSigned,
  type LeaderboardRow,
  type RelatednessMatrix,
  type ReliabilityBin,
  type ResidualChecks,
} from '../../core/evaluate';
import { CONSTANT_MODEL } from '../../core/experiment';
import { axes, type Frame, linearScale, logScale, px, svg, tickText } from './axis';
import type { ReportLanguage } from './language';
import { html, type Markup } from './markup';
import { type Box, placeLabels } from './place-labels';
import type { ReportPath } from './report-data';

/** Plots are made for a narrow column; wide pages put several side by side. */
const WIDTH = 340;
const FRAME: Frame = { width: WIDTH, height: 210, left: 46, right: 12, top: 24, bottom: 36 };

const CLASS_OF = {
  helped: 'helped',
  'negative transfer': 'hurt',
  'no difference shown': 'level',
  'too few rows to tell': 'few',
} as const;

/** One line a task: the difference from the baseline with its interval, the verdict by colour and by mark. */
export function differencePlot(
  label: string,
  differences: readonly (readonly [
    task: string,
    difference: Pick<Difference, 'value' | 'interval' | 'verdict' | 'words'>,
  ])[],
  { sentence }: ReportLanguage,
): Markup {
  const rowHeight = 22;
  const [left, right, top] = [112, 14, 8];
  const height = top + rowHeight * differences.length + 22;
  const ends = differences.flatMap(([, { interval }]) => interval);
  const x = linearScale(Math.min(0, ...ends), Math.max(0, ...ends), left, WIDTH - right, 3);
  const floor = height - 20;
  const lines = differences.map(([task, { value, interval, verdict, words }], i) => {
    const y = top + rowHeight * i + rowHeight / 2;
    return html`<g class="${CLASS_OF[verdict]}"><title>${task}: ${sentence(words)}</title>
<text class="label" x="${left - 8}" y="${y + 4}" text-anchor="end">${clipped(task, 17)}</text>
<line class="interval" x1="${px(x(interval[0]))}" x2="${px(x(interval[1]))}" y1="${y}" y2="${y}"/>
${mark(verdict, x(value), y)}</g>`;
  });
  const grid = x.ticks.map(
    (tick) => html`<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${top}" y2="${floor}"/>
<text class="tick" x="${px(x(tick))}" y="${floor + 13}" text-anchor="middle">${tick === 0 ? '0' : tickText(tick)}</text>`,
  );
  const zero = html`<line class="zero" x1="${px(x(0))}" x2="${px(x(0))}" y1="${top}" y2="${floor}"/>`;
  return svg(WIDTH, height, label, html`${grid}${zero}${lines}`);
}

/** Up for helped, down for hurt, a dot for the rest: the verdict does not hang on colour alone. */
function mark(verdict: Difference['verdict'], x: number, y: number): Markup {
  if (verdict === 'helped') return html`<path class="mark" d="M${px(x - 5)} ${y + 4}h10l-5 -9z"/>`;
  if (verdict === 'negative transfer') return html`<path class="mark" d="M${px(x - 5)} ${y - 4}h10l-5 9z"/>`;
  return html`<circle class="mark" cx="${px(x)}" cy="${y}" r="3.5"/>`;
}

/** Mean skill against CPU seconds, the front drawn through. */
export function frontPlot(rows: readonly LeaderboardRow[], { t }: ReportLanguage): Markup {
  const frame = { ...FRAME, height: 260 };
  // Mean/majority is 0 by definition and costs next to nothing: drawn, it would press all others into a corner.
  const shown = rows.filter(({ cpuSeconds, learner }) => cpuSeconds > 0 && learner !== CONSTANT_MODEL);
  if (shown.length === 0) return html``;
  const costs = shown.map(({ cpuSeconds }) => cpuSeconds);
  const means = shown.map(({ mean }) => mean);
  const x = logScale(Math.min(...costs) / 1.3, Math.max(...costs) * 1.3, frame.left, WIDTH - frame.right);
  const margin = 0.05 * (Math.max(...means) - Math.min(...means)) || 0.05;
  const y = linearScale(
    Math.min(...means) - margin,
    Math.max(...means) + margin,
    frame.height - frame.bottom,
    frame.top,
  );
  const front = shown.filter(({ onFront }) => onFront).toSorted((a, b) => a.cpuSeconds - b.cpuSeconds);
  const path = front
    .map(({ cpuSeconds, mean }, i) =>
      i === 0 ? `M${px(x(cpuSeconds))} ${px(y(mean))}` : `H${px(x(cpuSeconds))}V${px(y(mean))}`,
    )
    .join('');
  const points = shown.map(
    (
      row,
    ) => html`<g class="${row.role}"><title>${t('{0}: mean skill {1}, {2} CPU s', row.name, row.mean.toFixed(3), formatDuration(row.cpuSeconds))}</title>
<circle class="dot" cx="${px(x(row.cpuSeconds))}" cy="${px(y(row.mean))}" r="${row.onFront ? 5 : 3.5}"/></g>`,
  );
  const dots = shown.map((row) => ({ x: x(row.cpuSeconds), y: y(row.mean) }));
  const steps = front.slice(1).flatMap((row, i) => {
    const [from, to] = [x(front[i].cpuSeconds), x(row.cpuSeconds)];
    const [before, after] = [y(front[i].mean), y(row.mean)];
    return [boxAround(from, to, before, before, 1), boxAround(to, to, before, after, 1)];
  });
  const names = front
    .toReversed()
    .map((row) => ({ text: clipped(row.name, 24), x: x(row.cpuSeconds), y: y(row.mean) }));
  const area = {
    left: frame.left,
    right: WIDTH - frame.right,
    top: frame.top - 10,
    bottom: frame.height - frame.bottom,
  };
  const title = { left: frame.left, right: frame.left + 60, top: 0, bottom: 20 };
  const around = [title, ...dots.map((dot) => boxAround(dot.x, dot.x, dot.y, dot.y, 6)), ...steps];
  // A name that would lie over a dot, the front or another name is left out: its dot tells it.
  const labels = placeLabels(names, area, around).map(({ text, x: dotX, y: dotY, anchor, box }) => {
    const isFar = Math.abs(anchor.y - dotY) > 15;
    const leader = isFar
      ? html`<line class="leader" x1="${px(dotX)}" y1="${px(dotY)}" x2="${px(anchor.x)}" y2="${px(anchor.y > dotY ? box.top : box.bottom)}"/>`
      : null;
    return html`${leader}<text class="label small" x="${px(anchor.x)}" y="${px(anchor.y)}" text-anchor="${anchor.side}">${text}</text>`;
  });
  return svg(
    WIDTH,
    frame.height,
    t('Mean skill against CPU seconds'),
    html`${axes(frame, x, y, t('CPU seconds (tuning included)'), t('mean skill'))}<path class="front" d="${path}"/>${points}${labels}`,
  );
}

function boxAround(x1: number, x2: number, y1: number, y2: number, margin: number): Box {
  return {
    left: Math.min(x1, x2) - margin,
    right: Math.max(x1, x2) + margin,
    top: Math.min(y1, y2) - margin,
    bottom: Math.max(y1, y2) + margin,
  };
}

/** Mean skill against λ with a standard error around it, joint and alone. */
export function pathPlot(model: string, paths: readonly ReportPath[], { t }: ReportLanguage): Markup | null {
  const drawn = paths
    .map((path) => ({ ...path, points: path.points.flatMap(pointOf) }))
    .filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return null;
  const all = drawn.flatMap(({ points }) => points);
  const lambdas = all.map(({ lambda }) => lambda);
  const x = logScale(Math.min(...lambdas), Math.max(...lambdas), FRAME.left, WIDTH - FRAME.right);
  const y = linearScale(
    Math.min(...all.map(({ mean, error }) => mean - error)),
    Math.max(...all.map(({ mean, error }) => mean + error)),
    FRAME.height - FRAME.bottom,
    FRAME.top,
  );
  const lines = drawn.map(({ scope, points, chosen }) => {
    const line = points.map(({ lambda, mean }) => `${px(x(lambda))},${px(y(mean))}`).join(' ');
    const upper = points.map(({ lambda, mean, error }) => `${px(x(lambda))},${px(y(mean + error))}`);
    const lower = points
      .map(({ lambda, mean, error }) => `${px(x(lambda))},${px(y(mean - error))}`)
      .reverse();
    const at = points.find(({ index }) => index === chosen);
    return html`<g class="${scope === 'joint' ? 'model' : 'baseline'}"><polygon class="band" points="${[...upper, ...lower].join(' ')}"/>
<polyline class="line${scope === 'pooled' ? ' dashed' : ''}" points="${line}"/>
${at ? html`<circle class="dot" cx="${px(x(at.lambda))}" cy="${px(y(at.mean))}" r="4.5"><title>${t('chosen λ {0}: {1}', formatLambda(at.lambda), at.mean.toFixed(3))}</title></circle>` : null}</g>`;
  });
  return svg(
    WIDTH,
    FRAME.height,
    t('Mean skill of {0} against λ', model),
    html`${axes(FRAME, x, y, 'λ', t('mean skill on held-out folds ± 1 standard error'))}${lines}`,
  );
}

function pointOf({ lambda, mean, standardError }: ReportPath['points'][number], index: number) {
  return lambda !== null && lambda > 0 && mean !== null
    ? [{ index, lambda, mean, error: standardError ?? 0 }]
    : [];
}

/** What happened against what was predicted; the area of a dot is its rows. */
export function reliabilityPlot(
  task: string,
  bins: readonly ReliabilityBin[],
  { t }: ReportLanguage,
): Markup {
  const frame = { ...FRAME, height: 240 };
  const x = linearScale(0, 1, frame.left, WIDTH - frame.right);
  const y = linearScale(0, 1, frame.height - frame.bottom, frame.top);
  const most = Math.max(...bins.map(({ weight }) => weight));
  const line = bins.map((bin) => `${px(x(bin.predicted))},${px(y(bin.observed))}`).join(' ');
  const dots = bins.map(
    (bin) =>
      html`<circle class="dot" cx="${px(x(bin.predicted))}" cy="${px(y(bin.observed))}" r="${px(2 + 5 * Math.sqrt(bin.weight / most))}"><title>${t('predicted {0}, happened {1}, {2} rows', bin.predicted.toFixed(3), bin.observed.toFixed(3), bin.rows)}</title></circle>`,
  );
  return svg(
    WIDTH,
    frame.height,
    t('Reliability of {0}', task),
    html`${axes(frame, x, y, t('predicted probability'), t('share that happened'))}<line class="zero" x1="${px(x(0))}" y1="${px(y(0))}" x2="${px(x(1))}" y2="${px(y(1))}"/>
<g class="model"><polyline class="line" points="${line}"/>${dots}</g>`,
  );
}

/** Mean residual ± its standard deviation over tenths of the rows, by prediction. */
export function residualPlot(task: string, { bins }: ResidualChecks, { t }: ReportLanguage): Markup {
  const x = linearScale(
    Math.min(...bins.map(({ predicted }) => predicted)),
    Math.max(...bins.map(({ predicted }) => predicted)),
    FRAME.left + 4,
    WIDTH - FRAME.right - 4,
  );
  const y = linearScale(
    Math.min(0, ...bins.map(({ residual, sd }) => residual - sd)),
    Math.max(0, ...bins.map(({ residual, sd }) => residual + sd)),
    FRAME.height - FRAME.bottom,
    FRAME.top,
  );
  const marks = bins.map(
    ({
      predicted,
      residual,
      sd,
    }) => html`<line class="interval" x1="${px(x(predicted))}" x2="${px(x(predicted))}" y1="${px(y(residual - sd))}" y2="${px(y(residual + sd))}"/>
<circle class="dot" cx="${px(x(predicted))}" cy="${px(y(residual))}" r="3.5"><title>${t('prediction {0}: mean residual {1}, sd {2}', tickText(predicted), tickText(residual), tickText(sd))}</title></circle>`,
  );
  return svg(
    WIDTH,
    FRAME.height,
    t('Residuals of {0}', task),
    html`${axes(FRAME, x, y, t('prediction'), t('residual: mean ± sd of a tenth of the rows'))}<line class="zero" x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${px(y(0))}" y2="${px(y(0))}"/><g class="model">${marks}</g>`,
  );
}

/** Pairs of tasks in the order of the tree, blue for alike or helpful, orange for the opposite; clusters framed. */
export function heatMap(tasks: readonly string[], matrix: RelatednessMatrix, { t }: ReportLanguage): Markup {
  const n = tasks.length;
  const label = n <= 30 ? 84 : 6;
  const cell = Math.max(2, Math.min(40, (WIDTH - label - 6) / n));
  const size = cell * n;
  const top = 6;
  const height = top + size + label;
  const { values, order, clusters } = matrix;
  const largest =
    matrix.kind === 'gain' ? Math.max(1e-9, ...values.flat().map((value) => Math.abs(value ?? 0))) : 1;
  const cells = order.flatMap((i, row) =>
    order.map((j, column) => {
      const value = values[i][j];
      const strength = value === null ? 0 : Math.min(1, Math.abs(value) / largest);
      const sign = value === null ? 'unknown' : value >= 0 ? 'alike' : 'unlike';
      const words =
        matrix.kind === 'gain'
          ? t(
              '{0} learned with {1}: {2}',
              tasks[i],
              tasks[j],
              value === null ? '–' : t('{0} skill', formatSigned(value)),
            )
          : `${tasks[i]}, ${tasks[j]}: ${value === null ? '–' : value.toFixed(2)}`;
      return html`<rect class="${sign}" x="${px(label + column * cell)}" y="${px(top + row * cell)}" width="${px(cell - 0.5)}" height="${px(cell - 0.5)}" fill-opacity="${(0.06 + 0.94 * strength).toFixed(2)}"><title>${words}</title></rect>`;
    }),
  );
  const names =
    n <= 30
      ? order.map(
          (
            i,
            k,
          ) => html`<text class="label small" x="${label - 4}" y="${px(top + (k + 0.5) * cell + 3)}" text-anchor="end">${clipped(tasks[i], 13)}</text>
<text class="label small" transform="translate(${px(label + (k + 0.5) * cell + 3)} ${px(top + size + 4)}) rotate(-90)" text-anchor="end">${clipped(tasks[i], 13)}</text>`,
        )
      : [];
  const frames = clusterRuns(order, clusters).map(
    ([from, to]) =>
      html`<rect class="cluster" x="${px(label + from * cell)}" y="${px(top + from * cell)}" width="${px((to - from) * cell)}" height="${px((to - from) * cell)}"/>`,
  );
  return svg(
    WIDTH,
    height,
    t('How alike the tasks are'),
    html`${cells}${names}${frames.length > 1 ? frames : null}`,
  );
}

/** Runs of one cluster along the order, as [from, to). */
function clusterRuns(order: readonly number[], clusters: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  order.forEach((item, k) => {
    const last = runs.at(-1);
    if (last && clusters[order[k - 1]] === clusters[item]) last[1] = k + 1;
    else runs.push([k, k + 1]);
  });
  return runs;
}

function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
