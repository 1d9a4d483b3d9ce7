import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import uPlot from 'uplot';
import { score } from '../src/protocol/words';
import type { CurveChart, CurveSeries } from './curvesData';

const HEIGHT = 190;

/** Curves of one chart: a line a fold, held-out rows dashed, the refit thick. Drawn on a canvas, themed by the editor. */
@customElement('taskweave-curves')
export class CurvesElement extends LitElement {
  @property({ attribute: false }) chart: CurveChart | undefined;
  /** Changes with the editor's theme. */
  @property({ attribute: false }) theme = '';
  private plot: uPlot | undefined;
  private plotted = '';
  private readonly observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0) this.plot?.setSize({ width, height: HEIGHT });
  });

  protected override createRenderRoot(): this {
    return this;
  }

  override disconnectedCallback(): void {
    this.observer.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
    this.plotted = '';
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { chart } = this;
    const thinned =
      chart && chart.drawn < chart.total ? `${chart.drawn} of ${chart.total} points, extremes kept` : '';
    return html`
      <figure>
        <figcaption>${chart?.title} <span class="muted">${thinned}</span></figcaption>
        <div class="plot" role="img" aria-label=${chart?.summary ?? ''}></div>
        <p class="readout muted" aria-hidden="true"></p>
      </figure>
    `;
  }

  protected override updated(_changed: PropertyValues): void {
    const { chart } = this;
    const holder = this.querySelector<HTMLElement>('.plot');
    if (!chart || !holder) return;
    const shape = `${this.theme}|${chart.series.map(({ key }) => key).join('|')}`;
    const data = aligned(chart.series);
    if (this.plot && shape === this.plotted) {
      this.plot.setData(data);
    } else {
      this.plot?.destroy();
      this.plot = new uPlot(this.options(chart, holder), data, holder);
      this.plotted = shape;
      this.observer.disconnect();
      this.observer.observe(holder);
    }
    this.read(null);
  }

  private options(chart: CurveChart, holder: HTMLElement): uPlot.Options {
    const style = getComputedStyle(this);
    const color = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
    const ink = color('--chart-ink', '#888');
    const grid = { stroke: color('--chart-grid', '#8883'), width: 1 };
    const font = `11px ${style.fontFamily}`;
    const colors = {
      training: color('--chart-training', '#3794ff'),
      'held-out': color('--chart-held-out', '#d18616'),
      refit: ink,
    };
    return {
      width: Math.max(60, Math.floor(holder.clientWidth)),
      height: HEIGHT,
      legend: { show: false },
      scales: { x: { time: false } },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 5 } },
      axes: [
        { stroke: ink, grid, ticks: grid, font, size: 28, space: 60 },
        {
          stroke: ink,
          grid,
          ticks: grid,
          font,
          size: 52,
          values: (_, ticks) => ticks.map((tick) => String(Number(tick.toPrecision(4)))),
        },
      ],
      series: [
        {},
        ...chart.series.map(({ label, kind }) => ({
          label,
          stroke: colors[kind],
          width: kind === 'refit' ? 2.5 : 1.25,
          dash: kind === 'held-out' ? [5, 4] : undefined,
          points: { show: (plot: uPlot) => plot.data[0].length < 3 },
          spanGaps: true,
        })),
      ],
      hooks: { setCursor: [(plot) => this.read(plot.cursor.idx ?? null)] },
    };
  }

  /** The line under the chart: means over lines where the cursor is, else of where each line ends. */
  private read(index: number | null): void {
    const { chart, plot } = this;
    const readout = this.querySelector('.readout');
    if (!chart || !plot || !readout) return;
    const mean = (kind: CurveSeries['kind']) => {
      const values = chart.series.flatMap((series, i) => {
        if (series.kind !== kind) return [];
        const value = index === null ? series.values.findLast((v) => v !== null) : plot.data[i + 1][index];
        return typeof value === 'number' ? [value] : [];
      });
      return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    const named = [
      ['folds', mean('training')],
      ['held out', mean('held-out')],
      ['refit', mean('refit')],
    ] as const;
    const where = index === null ? 'at the end' : `step ${plot.data[0][index]}`;
    readout.textContent = [
      where,
      ...named.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${score(value, 4)}`])),
    ].join(' · ');
  }
}

/** Series over the union of their steps, with gaps where a series has no value. */
function aligned(series: readonly CurveSeries[]): uPlot.AlignedData {
  if (series.length === 0) return [[]];
  return uPlot.join(series.map(({ steps, values }) => [[...steps], [...values]] as uPlot.AlignedData));
}
