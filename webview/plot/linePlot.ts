import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../../src/protocol/l10n';
import { score } from '../../src/protocol/words';
import { iconButton } from '../controls';
import { type Aligned, align } from './align';
import { changedFrom } from './changes';
import { Frame } from './frame';
import { nearest } from './nearest';
import { colorOf } from './palette';
import { readTheme } from './plotTheme';
import { saveMenu } from './saveMenu';
import { type PlotKey, type PlotSpec, unshownOnLog, type View, WHOLE } from './spec';

/** Lines that the tooltip names at most. */
const MOST_TOLD = 14;
/** Lines whose points are marked where they are read. */
const MOST_MARKED = 24;
const ZOOM_DELAY_MS = 150;
/** Properties that axes are made for. */
const FRAME_PROPERTIES = ['theme', 'height', 'sync', 'logX', 'logY'] as const;

export interface ZoomDetail {
  /** Null: all of it. */
  readonly x: View['x'];
}

/**
 * Lines over a common x, on a canvas. Drag to zoom into a rectangle, shift and drag to move, double click or Escape for
 * the whole; with the keyboard: arrows read values, + and − zoom, shift with arrows moves. Cursors of plots with the
 * same `sync` move together. Emits `zoom` when the part of x that is looked at changes.
 */
@customElement('taskweave-plot')
export class LinePlot extends LitElement {
  @property({ attribute: false }) spec: PlotSpec | undefined;
  /** Changes with the editor's theme. */
  @property({ attribute: false }) theme = '';
  @property({ attribute: false }) height = 220;
  @property({ attribute: false }) sync: string | undefined;
  @property({ attribute: false }) legend = false;
  @state() private logX = false;
  @state() private logY = false;
  @state() private view: View = WHOLE;
  @state() private pinned: ReadonlySet<string> = new Set();
  @state() private at: number | undefined;
  private drawn: { readonly frame: Frame; readonly spec: PlotSpec } | undefined;
  private aligned:
    | {
        readonly of: PlotSpec | undefined;
        readonly logX: boolean | undefined;
        readonly logY: boolean | undefined;
        readonly table: Aligned;
      }
    | undefined;
  private zoomTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0) this.drawn?.frame.resize(width);
  });

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Back in the document after it was moved: drawn again.
    if (this.hasUpdated) this.requestUpdate('spec', undefined);
  }

  override disconnectedCallback(): void {
    this.observer.disconnect();
    clearTimeout(this.zoomTimer);
    this.drawn?.frame.destroy();
    this.drawn = undefined;
    super.disconnectedCallback();
  }

  /** The plot as it is looked at: with the axes that were chosen here. */
  private get shown(): PlotSpec | undefined {
    const { spec } = this;
    if (!spec) return undefined;
    return { ...spec, logX: this.logX || spec.logX === true, logY: this.logY || spec.logY === true };
  }

  protected override render(): TemplateResult | typeof nothing {
    const spec = this.shown;
    if (!spec) return nothing;
    const lost = unshownOnLog(spec);
    const notes = [
      spec.note,
      lost > 0 ? t('{0} values ≤ 0 cannot be on a log axis', lost) : undefined,
    ].filter(Boolean);
    return html`
      <figure>
        <figcaption>
          <span class="title">${spec.title}</span>
          <span class="muted">${notes.join(' · ')}</span>
          <span class="tools">
            ${iconButton({ label: t('Log x: {0}', spec.title), text: t('log x'), pressed: spec.logX, onClick: () => this.toggle('logX') })}
            ${iconButton({ label: t('Log y: {0}', spec.title), text: t('log y'), pressed: spec.logY, onClick: () => this.toggle('logY') })}
            ${iconButton({
              label: t('Show the whole of {0}', spec.title),
              icon: 'screen-full',
              disabled: this.view.x === null && this.view.y === null,
              onClick: () => this.reset(),
            })}
            ${saveMenu(spec, () => ({ spec: this.pinnedOnly(spec), view: this.view }))}
          </span>
        </figcaption>
        <div
          class="plot"
          role="img"
          tabindex="0"
          aria-label=${spec.summary}
          .style=${`min-height:${this.height}px`}
          @keydown=${this.onKey}
          @blur=${() => this.read(undefined)}
        ></div>
        ${this.at === undefined ? nothing : this.tooltip(spec, this.at)}
        ${this.legend ? this.legendView(spec) : nothing} ${spec.keys ? keysView(spec.keys) : nothing}
      </figure>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    const spec = this.shown;
    const holder = this.querySelector<HTMLElement>('.plot');
    if (!spec || !holder) return;
    if ([...changed.keys()].every((key) => key === 'at')) return;
    const { drawn } = this;
    if (!drawn || FRAME_PROPERTIES.some((key) => changed.has(key)) || isOtherFrame(drawn.spec, spec)) {
      this.build(spec, holder);
      return;
    }
    const from = changed.has('pinned') ? Number.NEGATIVE_INFINITY : changedFrom(drawn.spec, spec);
    this.drawn = { frame: drawn.frame, spec };
    drawn.frame.update(spec, this.view, from);
    if (this.at !== undefined) this.read(drawn.frame.cursorX());
  }

  private build(spec: PlotSpec, holder: HTMLElement): void {
    this.drawn?.frame.destroy();
    const frame = new Frame({
      spec,
      view: this.view,
      holder,
      height: this.height,
      sync: this.sync,
      theme: readTheme(this),
      isDimmed: (key) => this.pinned.size > 0 && !this.pinned.has(key),
      onCursor: (x, isMine) => this.read(isMine ? x : undefined),
      onView: (view) => this.look(view),
      steps: () => this.table().x,
    });
    this.drawn = { frame, spec };
    this.observer.disconnect();
    this.observer.observe(holder);
  }

  /** The lines over one common x: made when values are first read, not while points arrive. */
  private table(): Aligned {
    const { shown: spec, aligned } = this;
    if (!spec) return { x: [], y: [] };
    if (aligned && aligned.of === this.spec && aligned.logX === spec.logX && aligned.logY === spec.logY)
      return aligned.table;
    const table = align(spec);
    this.aligned = { of: this.spec, logX: spec.logX, logY: spec.logY, table };
    return table;
  }

  private toggle(axis: 'logX' | 'logY'): void {
    this.view = WHOLE;
    this[axis] = !this[axis];
    this.tellZoom();
  }

  private look(view: View): void {
    const moved = view.x?.min !== this.view.x?.min || view.x?.max !== this.view.x?.max;
    this.view = view;
    if (moved) this.tellZoom();
  }

  private reset(): void {
    this.view = WHOLE;
    this.drawn?.frame.show(WHOLE);
    this.tellZoom();
  }

  /** Once the hand rests: each change of range may be a question to the store. */
  private tellZoom(): void {
    clearTimeout(this.zoomTimer);
    this.zoomTimer = setTimeout(() => {
      const detail: ZoomDetail = { x: this.view.x };
      this.dispatchEvent(new CustomEvent('zoom', { detail, bubbles: true }));
    }, ZOOM_DELAY_MS);
  }

  /** Reads the values nearest to an x. */
  private read(x: number | undefined): void {
    const { x: steps, y } = x === undefined ? { x: [], y: [] } : this.table();
    this.at = x === undefined || steps.length === 0 ? undefined : nearest(steps, x);
    const { at, spec } = this;
    if (at === undefined || !spec || spec.series.length > MOST_MARKED) {
      this.drawn?.frame.mark([]);
      return;
    }
    const marks = spec.series.flatMap(({ color, faint }, s) => {
      const value = y[s][at];
      return faint || value === null ? [] : [{ x: steps[at], y: value, color }];
    });
    this.drawn?.frame.mark(marks);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (this.drawn?.frame.key(event)) event.preventDefault();
    else if ((event.key === 'Escape' || event.key === '0') && this.view !== WHOLE) this.reset();
  };

  private tooltip(spec: PlotSpec, index: number): TemplateResult {
    const table = this.table();
    const x = table.x[index];
    const rows = spec.series.flatMap((series, s) => {
      const value = table.y[s]?.[index];
      return series.faint || typeof value !== 'number' ? [] : [{ series, value }];
    });
    const pinnedFirst = (key: string) => (this.pinned.has(key) ? 1 : 0);
    rows.sort((a, b) => pinnedFirst(b.series.key) - pinnedFirst(a.series.key) || b.value - a.value);
    const left = this.drawn?.frame.cursorLeft() ?? 0;
    const side =
      left > this.clientWidth / 2 ? `right:${this.clientWidth - left + 12}px` : `left:${left + 12}px`;
    return html`<div class="tooltip" .style=${side} role="status">
      <div class="muted">${spec.xLabel} ${typeof x === 'number' ? Number(x.toPrecision(6)) : ''}</div>
      ${rows.slice(0, MOST_TOLD).map(
        ({ series, value }) => html`<div>
          <span class="swatch" .style=${`background:${swatch(series.color)}`}></span
          ><span class="line-name">${series.label}</span><span class="line-value">${score(value, 4)}</span>
        </div>`,
      )}
      ${rows.length > MOST_TOLD ? html`<div class="muted">${t('and {0} more', rows.length - MOST_TOLD)}</div>` : nothing}
    </div>`;
  }

  private legendView(spec: PlotSpec): TemplateResult {
    const named = spec.series.filter(({ faint }) => !faint);
    return html`<div class="legend-list" role="group" aria-label=${t('Lines of {0}: press to pin', spec.title)}>
      ${named.map(
        ({ key, label, color, dash }) => html`<button
          class="chip"
          aria-pressed=${this.pinned.has(key)}
          @click=${() => this.pin(key)}
        >
          <span class="swatch ${dash ? 'dashed' : ''}" .style=${`--swatch:${swatch(color)}`}></span
          >${label}
        </button>`,
      )}
    </div>`;
  }

  private pin(key: string): void {
    const pinned = new Set(this.pinned);
    if (!pinned.delete(key)) pinned.add(key);
    this.pinned = pinned;
  }

  private pinnedOnly(spec: PlotSpec): PlotSpec {
    if (this.pinned.size === 0) return spec;
    return { ...spec, series: spec.series.filter(({ key }) => this.pinned.has(key)) };
  }
}

function keysView(keys: readonly PlotKey[]): TemplateResult {
  return html`<div class="legend-list keys">
    ${keys.map(
      ({ label, color, dash, opacity = 1 }) => html`<span class="chip">
        <span class="swatch ${dash ? 'dashed' : ''}" .style=${`--swatch:${swatch(color)};opacity:${opacity}`}></span>${label}
      </span>`,
    )}
  </div>`;
}

/** Labels and kinds of axes are made once. */
function isOtherFrame(a: PlotSpec, b: PlotSpec): boolean {
  return a.xLabel !== b.xLabel || a.yLabel !== b.yLabel || a.logX !== b.logX || a.logY !== b.logY;
}

function swatch(color: number | 'ink'): string {
  return color === 'ink' ? 'var(--chart-ink)' : colorOf(color);
}
