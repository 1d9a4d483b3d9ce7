import './plot/linePlot';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Distribution } from '../src/protocol/curves';
import { t } from '../src/protocol/l10n';
import type { CurvesPart } from '../src/protocol/parts';
import type { RunSummary } from '../src/protocol/runs';
import { MANY_TASKS, score } from '../src/protocol/words';
import { button, textField } from './controls';
import { setsOf } from './curveSets';
import { type CurveStyle, plotsOf, WHOLE_STYLE } from './curvesData';
import { type CurvesWish, curvesToolbar } from './curvesToolbar';
import type { ZoomDetail } from './plot/linePlot';
import { distributionPlot } from './spreadData';

/** Plots, and tasks of the list, that are shown at once. */
const MOST_PLOTS = 24;
const MOST_TASKS = 200;

/** Losses against steps: with many tasks their spread first, then the task one picks. Emits `wish` with a CurvesWish. */
@customElement('taskweave-curves-view')
export class CurvesView extends LitElement {
  @property({ attribute: false }) curves: CurvesPart | undefined;
  /** Of the experiment, newest first. */
  @property({ attribute: false }) runs: readonly RunSummary[] = [];
  /** The run that is looked at. */
  @property({ attribute: false }) run: string | null = null;
  @property({ attribute: false }) models: readonly string[] = [];
  @property({ attribute: false }) model: string | null = null;
  @property({ attribute: false }) tasks: readonly string[] = [];
  @property({ attribute: false }) theme = '';
  @state() private drawing: CurveStyle = WHOLE_STYLE;
  @state() private filter = '';

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult {
    const { curves } = this;
    const sets = curves ? setsOf(curves, this.runs) : [];
    const plots = plotsOf(sets, this.tasks, this.drawing);
    const spread = distributionPlot(sets);
    const shown = plots.slice(0, MOST_PLOTS);
    return html`
      ${curvesToolbar({
        curves,
        models: this.models,
        model: this.model,
        run: this.run,
        runs: this.runs,
        tasks: this.tasks,
        drawing: this.drawing,
        draw: (change) => {
          this.drawing = { ...this.drawing, ...change };
        },
        wish: (wish) => this.wish(wish),
      })}
      ${curves?.task && this.tasks.length > MANY_TASKS ? this.back(curves.task) : nothing}
      ${
        spread && curves
          ? html`<div class="spread">
              <taskweave-plot
                .spec=${spread}
                .theme=${this.theme}
                .height=${300}
                .legend=${true}
                .sync=${'steps'}
                @zoom=${this.onZoom}
              ></taskweave-plot>
              ${this.taskList(sets[0].distributions)}
            </div>`
          : nothing
      }
      ${
        shown.length > 0
          ? html`<div class="charts">
              ${repeat(
                shown,
                ({ key }) => key,
                (spec) =>
                  html`<taskweave-plot
                    .spec=${spec}
                    .theme=${this.theme}
                    .height=${shown.length === 1 ? 360 : 210}
                    .legend=${shown.length === 1 || sets.length > 1}
                    .sync=${'steps'}
                    @zoom=${this.onZoom}
                  ></taskweave-plot>`,
              )}
            </div>`
          : nothing
      }
      ${shown.length === 0 && !spread ? html`<p class="empty">${this.emptyWords()}</p>` : nothing}
      ${plots.length > MOST_PLOTS ? html`<p class="muted">${t('{0} of {1} plots are drawn; pick a task to see the others.', MOST_PLOTS, plots.length)}</p>` : nothing}
    `;
  }

  private back(task: string): TemplateResult {
    return html`<p>
      ${button({ label: t('All tasks'), icon: 'arrow-left', onClick: () => this.wish({ task: null }) })} ${t('Loss of {0}', task)}
    </p>`;
  }

  /** Every task with its loss at the end, the worst first: where one goes on from the distribution. */
  private taskList(distributions: readonly Distribution[]): TemplateResult {
    const by = distributions.find(({ quantity }) => quantity === 'validationLoss') ?? distributions[0];
    if (!by) return html``;
    const wanted = this.filter.toLowerCase();
    const found = by.ends
      .filter(({ task, last }) => last !== null && task.toLowerCase().includes(wanted))
      .sort((a, b) => (b.last ?? 0) - (a.last ?? 0));
    const what =
      by.quantity === 'validationLoss'
        ? t('Tasks by held-out loss at the end')
        : t('Tasks by training loss at the end');
    return html`<div class="task-list">
      ${textField({
        id: 'task-filter',
        label: what,
        value: this.filter,
        placeholder: t('filter'),
        onInput: (value) => {
          this.filter = value;
        },
      })}
      <ul class="task-items">
        ${found.slice(0, MOST_TASKS).map(
          ({ task, last }) => html`<li>
            <button class="link" @click=${() => this.wish({ task })}>${task}</button>
            <span class="number">${score(last)}</span>
          </li>`,
        )}
      </ul>
      ${found.length > MOST_TASKS ? html`<p class="muted">${t('{0} of {1} tasks; filter to see the others.', MOST_TASKS, found.length)}</p>` : nothing}
    </div>`;
  }

  private emptyWords(): string {
    return this.run !== null ? t('This model has recorded no steps yet.') : t('No run yet.');
  }

  private readonly onZoom = ({ detail: { x } }: CustomEvent<ZoomDetail>): void => {
    // A little more than what is seen, so that moving by a bit shows what is there.
    const margin = x ? (x.max - x.min) / 4 : 0;
    this.wish({
      range: x && { from: Math.max(0, Math.floor(x.min - margin)), to: Math.ceil(x.max + margin) },
    });
  };

  private wish(detail: CurvesWish): void {
    this.dispatchEvent(new CustomEvent('wish', { detail }));
  }
}
