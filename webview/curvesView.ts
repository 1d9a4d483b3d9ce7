import './plot/linePlot';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type HostMessage, MANY_TASKS, type Scope, type StepRange } from '../src/protocol/panel';
import type { Distribution } from '../src/protocol/queries';
import { lambda, score } from '../src/protocol/words';
import { button, checkbox, dropdown, textField } from './controls';
import { type CurveStyle, distributionPlot, plotsOf, SMOOTHING } from './curvesData';
import type { ZoomDetail } from './plot/linePlot';

export type Curves = Extract<HostMessage, { kind: 'curves' }>;

/** What of the curves is looked at; what is left out stays. */
export interface CurvesWish {
  readonly model?: string;
  readonly configuration?: number;
  readonly scope?: Scope;
  readonly task?: string | null;
  readonly range?: StepRange | null;
}

const ALL = '';
/** Plots, and tasks of the list, that are shown at once. */
const MOST_PLOTS = 24;
const MOST_TASKS = 200;

const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  joint: 'all tasks together',
  'single-task': 'each task alone',
  pooled: 'all rows as one task',
};

/** Losses against steps: with many tasks their spread first, then the task one picks. Emits `wish` with a CurvesWish. */
@customElement('taskweave-curves-view')
export class CurvesView extends LitElement {
  @property({ attribute: false }) curves: Curves | undefined;
  @property({ attribute: false }) models: readonly string[] = [];
  @property({ attribute: false }) model: string | null = null;
  @property({ attribute: false }) tasks: readonly string[] = [];
  @property({ attribute: false }) hasRun = false;
  @property({ attribute: false }) theme = '';
  @state() private drawing: CurveStyle = { folds: 'each', smoothing: 0 };
  @state() private filter = '';

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult {
    const { curves } = this;
    const plots = curves ? plotsOf(curves.curves, this.tasks, this.drawing) : [];
    const spread = curves ? distributionPlot(curves.distributions) : undefined;
    const shown = plots.slice(0, MOST_PLOTS);
    return html`
      ${this.toolbar()}
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
              ${this.taskList(curves.distributions)}
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
                    .legend=${shown.length === 1}
                    .sync=${'steps'}
                    @zoom=${this.onZoom}
                  ></taskweave-plot>`,
              )}
            </div>`
          : nothing
      }
      ${shown.length === 0 && !spread ? html`<p class="empty">${this.emptyWords()}</p>` : nothing}
      ${plots.length > MOST_PLOTS ? html`<p class="muted">${MOST_PLOTS} of ${plots.length} plots are drawn; pick a task to see the others.</p>` : nothing}
    `;
  }

  private toolbar(): TemplateResult {
    const { curves } = this;
    const configurations = curves?.configurations.filter((one) => one.lambda !== null) ?? [];
    return html`<div class="toolbar">
      ${dropdown({
        label: 'Model',
        options: this.models.map((name) => ({ value: name, label: name })),
        value: this.model ?? '',
        onChange: (model) => this.wish({ model }),
      })}
      ${
        curves && curves.scopes.length > 1
          ? dropdown({
              label: 'Learned',
              options: curves.scopes.map((scope) => ({ value: scope, label: SCOPE_WORDS[scope] })),
              value: curves.scope,
              onChange: (value) => {
                const scope = curves.scopes.find((one) => one === value);
                if (scope) this.wish({ scope });
              },
            })
          : nothing
      }
      ${
        curves && configurations.length > 1
          ? dropdown({
              label: 'λ',
              options: configurations.map((one) => ({
                value: String(one.configuration),
                label: lambda(one.lambda),
              })),
              value: String(curves.configuration ?? ''),
              onChange: (configuration) => this.wish({ configuration: Number(configuration) }),
            })
          : nothing
      }
      ${
        this.tasks.length > 1 && this.tasks.length <= MANY_TASKS
          ? dropdown({
              label: 'Task',
              options: [
                { value: ALL, label: 'all' },
                ...this.tasks.map((task) => ({ value: task, label: task })),
              ],
              value: curves?.task ?? ALL,
              onChange: (task) => this.wish({ task: task === ALL ? null : task }),
            })
          : nothing
      }
      ${dropdown({
        label: 'Smoothing',
        options: SMOOTHING.map(({ value, label }) => ({ value: String(value), label })),
        value: String(this.drawing.smoothing),
        onChange: (value) => {
          this.drawing = { ...this.drawing, smoothing: Number(value) };
        },
      })}
      ${checkbox('Mean over folds', this.drawing.folds === 'mean', (isMean) => {
        this.drawing = { ...this.drawing, folds: isMean ? 'mean' : 'each' };
      })}
      <span class="legend" aria-hidden="true">
        <span class="key"></span>training<span class="key held-out"></span>held out inside the fold<span
          class="key refit"
        ></span
        >refit
      </span>
    </div>`;
  }

  private back(task: string): TemplateResult {
    return html`<p>
      ${button({ label: 'All tasks', icon: 'arrow-left', onClick: () => this.wish({ task: null }) })} Loss of ${task}
    </p>`;
  }

  /** Every task with its loss at the end, the worst first: where one goes on from the distribution. */
  private taskList(distributions: readonly Distribution[]): TemplateResult {
    const by = distributions.find(({ quantity }) => quantity === 'validationLoss') ?? distributions[0];
    const wanted = this.filter.toLowerCase();
    const found = by.ends
      .filter(({ task, last }) => last !== null && task.toLowerCase().includes(wanted))
      .sort((a, b) => (b.last ?? 0) - (a.last ?? 0));
    const what = by.quantity === 'validationLoss' ? 'held-out loss' : 'training loss';
    return html`<div class="task-list">
      ${textField({
        id: 'task-filter',
        label: `Tasks by ${what} at the end`,
        value: this.filter,
        placeholder: 'filter',
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
      ${found.length > MOST_TASKS ? html`<p class="muted">${MOST_TASKS} of ${found.length} tasks; filter to see the others.</p>` : nothing}
    </div>`;
  }

  private emptyWords(): string {
    return this.hasRun ? 'This model has recorded no steps yet.' : 'No run yet.';
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
