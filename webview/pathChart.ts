import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LambdaPath } from '../src/protocol/curves';
import { t } from '../src/protocol/l10n';
import { lambda, score } from '../src/protocol/words';
import { drawPath, type Frame, type PathDrawing, type PathPoint, type PathScore } from './pathData';
import { LABEL_GAP, type PathMark } from './pathMarks';
import { pathPlot } from './pathPlots';
import { saveMenu } from './plot/saveMenu';
import { WHOLE } from './plot/spec';
import { Width } from './width';

const HEIGHT = 260;
const MARGIN = { left: 52, right: 14, top: 46, bottom: 40 };

/** Score against log λ with its spread; chosen, 1-SE and best λ marked. Arrow keys walk along it. */
@customElement('taskweave-path')
export class PathChart extends LitElement {
  @property({ attribute: false }) paths: readonly LambdaPath[] = [];
  @property({ attribute: false }) by: PathScore = null;
  private readonly width = new Width(this);
  @state() private at: number | undefined;

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult {
    if (this.width.pixels < 60) return html`<div class="chart-space"></div>`;
    const frame: Frame = {
      left: MARGIN.left,
      right: this.width.pixels - MARGIN.right,
      top: MARGIN.top,
      bottom: HEIGHT - MARGIN.bottom,
      margin: MARGIN.right,
    };
    const drawing = drawPath(this.paths, this.by, frame);
    if (!drawing)
      return html`<div class="chart-space empty">${t('No scores yet: the first fold is being fitted.')}</div>`;
    const at =
      this.at === undefined ? undefined : drawing.points[Math.min(this.at, drawing.points.length - 1)];
    const spec = pathPlot(drawing);
    return html`
      <div class="tools path-tools">${saveMenu(spec, () => ({ spec, view: WHOLE }))}</div>
      <svg
        class="path"
        width=${this.width.pixels}
        height=${HEIGHT}
        role="img"
        aria-label=${drawing.summary}
        tabindex="0"
        @pointermove=${(event: PointerEvent) => this.point(event, drawing.points)}
        @pointerleave=${() => this.walkTo(undefined)}
        @keydown=${(event: KeyboardEvent) => this.walk(event, drawing.points.length)}
        @blur=${() => this.walkTo(undefined)}
      >
        ${axes(drawing, frame)} ${baseline(drawing, frame)}
        <path class="band" d=${drawing.band}></path>
        ${marks(drawing.marks, frame)}
        <path class="line" d=${drawing.line}></path>
        ${drawing.points.map((p) => svg`<circle class="dot" cx=${p.x} cy=${p.y} r=${p === at ? 4.5 : 2.5}></circle>`)}
      </svg>
      <p class="readout" aria-live="polite">
        ${at ? words(at, drawing.metric) : html`<span class="muted">${rest(drawing)}</span>`}
      </p>
      ${choices(drawing)} ${table(drawing)}
    `;
  }

  private point(event: PointerEvent, points: readonly PathPoint[]): void {
    const x = event.offsetX;
    let nearest = 0;
    for (let i = 1; i < points.length; i++) {
      if (Math.abs(points[i].x - x) < Math.abs(points[nearest].x - x)) nearest = i;
    }
    this.walkTo(nearest);
  }

  private walk(event: KeyboardEvent, length: number): void {
    const from = this.at ?? (event.key === 'ArrowLeft' ? length : -1);
    const steps: Record<string, number> = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      Home: 0,
      End: length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.walkTo(Math.max(0, Math.min(length - 1, to)));
  }

  private walkTo(at: number | undefined): void {
    this.at = at;
  }
}

function rest({ folds, metric, marks: all }: PathDrawing): string {
  const progress = folds.done < folds.total ? `, ${t('{0} of {1} folds done', folds.done, folds.total)}` : '';
  const simplest = all.some(({ kind }) => kind === 'one-standard-error')
    ? ` · ${t('1-SE λ: the largest whose score is within one standard error of the best')}`
    : '';
  return `${t('{0} ± one standard error over folds', metric)}${progress}${simplest}`;
}

function words(point: PathPoint, metric: string): string {
  return `λ ${lambda(point.lambda)}: ${metric} ${score(point.mean)} ± ${score(point.standardError)}`;
}

function axes(drawing: PathDrawing, frame: Frame): TemplateResult {
  return svg`
    <g class="axis">
      ${drawing.yTicks.map(
        (tick) => svg`
          <line class="grid" x1=${frame.left} x2=${frame.right} y1=${tick.y} y2=${tick.y}></line>
          <text x=${frame.left - 6} y=${tick.y + 4} text-anchor="end">${tick.label}</text>`,
      )}
      ${drawing.xTicks.map(
        (tick) => svg`
          <line x1=${tick.x} x2=${tick.x} y1=${frame.bottom} y2=${frame.bottom + 4}></line>
          <text x=${tick.x} y=${frame.bottom + 17} text-anchor="middle">${tick.label}</text>`,
      )}
      <line x1=${frame.left} x2=${frame.right} y1=${frame.bottom} y2=${frame.bottom}></line>
      <text x=${(frame.left + frame.right) / 2} y=${frame.bottom + 34} text-anchor="middle">${t('λ (log)')}</text>
    </g>`;
}

function baseline(drawing: PathDrawing, frame: Frame): TemplateResult | typeof nothing {
  if (!drawing.baseline) return nothing;
  const { y, score: value } = drawing.baseline;
  return svg`
    <line class="baseline" x1=${frame.left} x2=${frame.right} y1=${y} y2=${y}></line>
    <text class="baseline-label" x=${frame.left + 4} y=${y - 4}>${t('single-task {0}', score(value))}</text>`;
}

/** Marks with their labels above the plot, a line each, so that labels of near λ do not cover one another. */
function marks(all: readonly PathMark[], frame: Frame): readonly TemplateResult[] {
  return all.map((mark, i) => {
    const y = frame.top - 5 - (all.length - 1 - i) * 13;
    return svg`
      <g class="mark ${mark.kind}">
        <line x1=${mark.x} x2=${mark.x} y1=${y + 3} y2=${frame.bottom}></line>
        <text x=${mark.x + (mark.anchor === 'end' ? -LABEL_GAP : LABEL_GAP)} y=${y} text-anchor=${mark.anchor}>${mark.label}</text>
      </g>`;
  });
}

/** Tasks of one choice that are named. */
const MOST_NAMED = 12;

/** With `select: per-task`: which λ each task chose. */
function choices({ choices: all }: PathDrawing): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('λ that each task chose')}>
    <table>
      <thead>
        <tr>
          <th scope="col" class="number">${t('chosen λ')}</th>
          <th scope="col" class="number">${t('tasks')}</th>
          <th scope="col">${t('by')}</th>
        </tr>
      </thead>
      <tbody>
        ${all.map(
          ({ lambda: value, tasks }) => html`<tr>
            <th scope="row" class="number">${lambda(value)}</th>
            <td class="number">${tasks.length}</td>
            <td>
              ${tasks.slice(0, MOST_NAMED).join(', ')}${
                tasks.length > MOST_NAMED
                  ? html`<span class="muted"> ${t('and {0} more', tasks.length - MOST_NAMED)}</span>`
                  : nothing
              }
            </td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function table(drawing: PathDrawing): TemplateResult {
  return html`<details>
    <summary>${t('Data of the λ path')}</summary>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">λ</th>
            <th scope="col" class="number">${drawing.metric}</th>
            <th scope="col" class="number">${t('standard error')}</th>
          </tr>
        </thead>
        <tbody>
          ${drawing.points.map(
            (p) => html`<tr>
              <td class="number">${lambda(p.lambda)}</td>
              <td class="number">${score(p.mean, 4)}</td>
              <td class="number">${score(p.standardError, 4)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
