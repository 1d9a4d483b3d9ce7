import './panel.css';
import './curveChart';
import './pathChart';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { HostMessage, Overview, Section, SweepRequest } from '../src/protocol/panel';
import { lambda } from '../src/protocol/words';
import { dropdown } from './controls';
import { type CurveChart, chartsOf } from './curvesData';
import { headerView, type Outcome } from './header';
import { listen, remember, send } from './host';
import { leaderboardView } from './leaderboard';
import './sweepForm';
import type { SweepForm } from './sweepForm';

type Curves = Extract<HostMessage, { kind: 'curves' }>;
type Paths = Extract<HostMessage, { kind: 'paths' }>;

const NEWEST = '';
const MEAN = '';
const LEGEND = [
  ['training', 'a fold'],
  ['held-out', 'held out inside the fold'],
  ['refit', 'refit'],
] as const;
/** Charts that are drawn at once. */
const MAX_CHARTS = 24;

/** The metrics panel: what the host sends, drawn; what is looked at, told to the host. */
@customElement('taskweave-panel')
export class Panel extends LitElement {
  @state() private overview: Overview | undefined;
  @state() private curves: Curves | undefined;
  @state() private paths: Paths | undefined;
  @state() private problem: string | null = null;
  @state() private outcome: Outcome | undefined;
  @state() private launching = false;
  @state() private baselines = true;
  @state() private by = MEAN;
  @state() private sweepModel: string | null = null;
  @state() private theme = '';
  private charts: readonly CurveChart[] = [];
  private pendingSection: Section | undefined;

  constructor() {
    super();
    listen((message) => this.receive(message));
    const themes = new MutationObserver(() => this.readTheme());
    themes.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    this.readTheme();
    send({ kind: 'ready' });
  }

  protected override createRenderRoot(): this {
    return this;
  }

  private readTheme(): void {
    this.theme = `${document.body.dataset.vscodeThemeId ?? ''} ${document.body.className}`;
  }

  private receive(message: HostMessage): void {
    switch (message.kind) {
      case 'overview': {
        const before = this.overview;
        this.overview = message;
        if (this.sweepModel === null) this.sweepModel = message.state.model;
        if (before?.detail?.summary.run !== message.detail?.summary.run) this.forgetOtherRuns(message);
        else if (before?.detail?.summary.status !== message.detail?.summary.status) this.outcome = undefined;
        remember(message.state);
        break;
      }
      case 'curves':
        this.curves = message;
        this.charts = chartsOf(message.curves, this.tasks());
        break;
      case 'paths':
        this.paths = message;
        break;
      case 'reveal':
        this.pendingSection = message.section;
        if (message.model !== null) this.sweepModel = message.model;
        this.requestUpdate();
        break;
      case 'launched':
        this.launching = false;
        this.outcome = message;
        break;
      case 'problem':
        this.problem = message.message;
        break;
    }
  }

  private forgetOtherRuns({ detail }: Overview): void {
    const run = detail?.summary.run;
    if (this.curves?.run !== run) this.curves = undefined;
    if (this.paths?.run !== run) this.paths = undefined;
    this.by = MEAN;
  }

  protected override updated(): void {
    if (this.pendingSection === undefined || !this.overview) return;
    const section = this.renderRoot.querySelector<HTMLElement>(`#${this.pendingSection}`);
    this.pendingSection = undefined;
    const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    section?.scrollIntoView({ block: 'start', behavior: smooth ? 'smooth' : 'auto' });
    if (section) void focusStart(section);
  }

  protected override render(): TemplateResult {
    const { overview } = this;
    if (!overview) return html`<p class="empty">${this.problem ?? 'Reading the runs …'}</p>`;
    return html`
      ${headerView(overview, this.outcome, (run) => this.watch({ run }))}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <main>
        ${this.section('leaderboard', 'Leaderboard', this.leaderboardBody(overview))}
        ${this.section('path', 'λ path', this.pathBody(overview))}
        ${this.section('sweep', 'Sweep λ', this.sweepBody(overview))}
        ${this.section('curves', 'Loss curves', this.curvesBody(overview))}
      </main>
    `;
  }

  private section(id: Section, title: string, body: TemplateResult): TemplateResult {
    return html`<section id=${id} aria-labelledby="${id}-title">
      <h2 id="${id}-title" tabindex="-1">${title}</h2>
      ${body}
    </section>`;
  }

  private leaderboardBody(overview: Overview): TemplateResult {
    if (overview.leaderboard) {
      return leaderboardView(overview.leaderboard, this.baselines, (shown) => {
        this.baselines = shown;
      });
    }
    const words = overview.detail
      ? 'The leaderboard comes when every model is fitted and scored.'
      : 'No run yet. Run the experiment to compare its models with their baselines.';
    return html`<p class="empty">${words}</p>`;
  }

  private pathBody(overview: Overview): TemplateResult {
    const paths = this.paths?.paths ?? [];
    const hasLambda = paths.some((path) => path.points.some((point) => point.lambda !== null));
    return html`
      <div class="toolbar">
        ${this.modelChoice(overview)}
        ${dropdown({
          label: 'Score',
          options: [
            { value: MEAN, label: 'mean skill' },
            ...this.tasks().map((task) => ({ value: task, label: task })),
          ],
          value: this.by,
          onChange: (by) => {
            this.by = by;
          },
        })}
      </div>
      ${
        hasLambda
          ? html`<taskweave-path .paths=${paths} .by=${this.by === MEAN ? null : this.by}></taskweave-path>`
          : html`<p class="empty">${overview.detail ? 'This model has no λ path in this run.' : 'No run yet.'}</p>`
      }
    `;
  }

  private sweepBody(overview: Overview): TemplateResult {
    return html`<taskweave-sweep
      .overview=${overview}
      .model=${this.sweepModel}
      .launching=${this.launching}
      @launch=${(event: CustomEvent<SweepRequest>) => {
        this.launching = true;
        this.outcome = undefined;
        send({ kind: 'sweep', request: event.detail });
      }}
    ></taskweave-sweep>`;
  }

  private curvesBody(overview: Overview): TemplateResult {
    const shown = this.charts.slice(0, MAX_CHARTS);
    const { curves } = this;
    const kinds = new Set(shown.flatMap(({ series }) => series.map(({ kind }) => kind)));
    const legend = LEGEND.filter(([kind]) => kinds.has(kind));
    const configurations = curves?.configurations.filter((one) => one.lambda !== null) ?? [];
    return html`
      <div class="toolbar">
        ${this.modelChoice(overview)}
        ${
          configurations.length > 1
            ? dropdown({
                label: 'λ',
                options: configurations.map((one) => ({
                  value: String(one.configuration),
                  label: lambda(one.lambda),
                })),
                value: String(curves?.configuration ?? ''),
                onChange: (configuration) => this.watch({ configuration: Number(configuration) }),
              })
            : nothing
        }
        <span class="legend" aria-hidden="true">
          ${legend.map(([kind, words]) => html`<span class="key ${kind}"></span>${words}`)}
        </span>
      </div>
      ${
        curves && shown.length > 0
          ? html`<div class="charts">
              ${repeat(
                shown,
                (chart) => chart.key,
                (chart) => html`<taskweave-curves .chart=${chart} .theme=${this.theme}></taskweave-curves>`,
              )}
            </div>`
          : html`<p class="empty">${overview.detail ? 'This model has recorded no steps yet.' : 'No run yet.'}</p>`
      }
      ${this.charts.length > MAX_CHARTS ? html`<p class="muted">${MAX_CHARTS} of ${this.charts.length} charts are drawn.</p>` : nothing}
    `;
  }

  private modelChoice({ state, detail }: Overview): TemplateResult {
    const models = detail?.models.filter(({ role }) => role === 'model').map(({ name }) => name) ?? [];
    return dropdown({
      label: 'Model',
      options: models.map((name) => ({ value: name, label: name })),
      value: state.model ?? '',
      onChange: (model) => this.watch({ model }),
    });
  }

  private watch(change: { run?: string; model?: string; configuration?: number }): void {
    if (!this.overview) return;
    const { state } = this.overview;
    const run = change.run === undefined ? state.run : change.run === NEWEST ? null : change.run;
    send({
      kind: 'watch',
      run,
      model: change.model ?? state.model,
      configuration: change.configuration ?? null,
    });
  }

  private tasks(): readonly string[] {
    return this.overview?.detail?.tasks.map(({ id }) => id) ?? [];
  }
}

/** Where the keyboard goes on in a section: its first field, else its title. */
async function focusStart(section: HTMLElement): Promise<void> {
  await section.querySelector<SweepForm>('taskweave-sweep')?.updateComplete;
  const start = section.querySelector<HTMLElement>('vscode-text-field') ?? section.querySelector('h2');
  start?.focus({ preventScroll: true });
}
