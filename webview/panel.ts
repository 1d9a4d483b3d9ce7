import './panel.css';
import './language';
import './compareView';
import './curvesView';
import './ensemblesView';
import './glance';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { t } from '../src/protocol/l10n';
import type { HostMessage, Overview, Section, SweepSpec } from '../src/protocol/panel';
import type { CurvesPart } from '../src/protocol/parts';
import type { RunTable } from '../src/protocol/tables';
import { noBoard } from '../src/protocol/words';
import type { Paired } from './compareView';
import type { CurvesWish } from './curvesToolbar';
import { headerView, type Outcome } from './header';
import { listen, remember, send } from './host';
import './leaderboard';
import './sweepForm';
import { MEAN, pathView } from './pathView';
import type { WholeMessage } from './received';
import type { ForecastMessage, SweepForm } from './sweepForm';
import { tabList } from './tabs';
import { tasksView } from './tasksView';
import { observeTheme } from './theme';
import { trialsView } from './trialsView';

type Paths = Extract<HostMessage, { kind: 'paths' }>;

const NEWEST = '';
const TABS: readonly { readonly id: Section; readonly label: string }[] = [
  { id: 'leaderboard', label: t('Leaderboard') },
  { id: 'path', label: t('λ path') },
  { id: 'curves', label: t('Curves') },
  { id: 'ensembles', label: t('Ensembles') },
  { id: 'tasks', label: t('Tasks') },
  { id: 'trials', label: t('Fits') },
  { id: 'compare', label: t('Compare runs') },
  { id: 'sweep', label: t('Sweep') },
];

/** The metrics panel: what the host sends, drawn; what is looked at, told to the host. */
@customElement('taskweave-panel')
export class Panel extends LitElement {
  @state() private overview: Overview | undefined;
  @state() private curves: CurvesPart | undefined;
  @state() private paths: Paths | undefined;
  @state() private trials: Extract<HostMessage, { kind: 'trials' }> | undefined;
  @state() private runs: RunTable | undefined;
  @state() private paired: Paired | undefined;
  @state() private comparedRuns: readonly string[] | undefined;
  @state() private problem: string | null = null;
  @state() private outcome: Outcome | undefined;
  @state() private launching = false;
  @state() private forecast: ForecastMessage | undefined;
  @state() private by = MEAN;
  @state() private sweepModel: string | null = null;
  @state() private theme = '';
  @state() private shown: Section = 'leaderboard';
  private wish: CurvesWish = {};
  private pendingSection: Section | undefined;

  constructor() {
    super();
    listen((message) => this.receive(message));
    observeTheme((theme) => {
      this.theme = theme;
    });
    send({ kind: 'ready' });
  }

  protected override createRenderRoot(): this {
    // The words that stood here while the script was fetched.
    this.replaceChildren();
    return this;
  }

  private receive(message: WholeMessage): void {
    switch (message.kind) {
      case 'overview': {
        const before = this.overview;
        if (!before) this.shown = message.state.view ?? this.shown;
        this.overview = message;
        if (this.sweepModel === null) this.sweepModel = message.model;
        if (before?.detail?.summary.run !== message.detail?.summary.run) this.forgetOtherRuns(message);
        else if (before?.detail?.summary.status !== message.detail?.summary.status) this.outcome = undefined;
        remember(message.state);
        break;
      }
      case 'curves':
        this.curves = message;
        break;
      case 'paths':
        this.paths = message;
        break;
      case 'trials':
        this.trials = message;
        break;
      case 'compare':
        this.runs = message.table;
        break;
      case 'paired':
        this.paired = message;
        break;
      case 'reveal':
        this.show(message.section);
        this.pendingSection = message.section;
        if (message.model !== null) this.sweepModel = message.model;
        if (message.runs) this.comparedRuns = message.runs;
        this.requestUpdate();
        break;
      case 'forecast':
        this.forecast = message;
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
    if (this.trials?.run !== run) this.trials = undefined;
    this.by = MEAN;
    this.wish = {};
  }

  protected override updated(): void {
    if (this.pendingSection === undefined || !this.overview) return;
    const section = this.renderRoot.querySelector<HTMLElement>(`#${this.pendingSection}`);
    this.pendingSection = undefined;
    if (section) void focusStart(section);
  }

  protected override render(): TemplateResult {
    const { overview } = this;
    if (!overview) return html`<p class="empty">${this.problem ?? t('Reading the runs …')}</p>`;
    return html`
      ${headerView(overview, this.outcome, (run) => this.chooseRun(run))}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${tabList(t('Views'), TABS, this.shown, (id) => this.show(id))}
      <main id=${this.shown} role="tabpanel" aria-labelledby="tab-${this.shown}">${this.body(overview)}</main>
    `;
  }

  /** The host sends what a view draws once it is shown. */
  private show(view: Section): void {
    this.shown = view;
    this.watch({});
  }

  private body(overview: Overview): TemplateResult {
    switch (this.shown) {
      case 'leaderboard':
        return this.leaderboardBody(overview);
      case 'path':
        return pathView({
          paths: this.paths?.paths ?? [],
          hasRun: overview.detail !== null,
          models: modelsOf(overview),
          model: overview.model,
          tasks: this.tasks(),
          by: this.by,
          theme: this.theme,
          onModel: (model) => this.wishFor({ model }),
          onScore: (by) => {
            this.by = by;
          },
        });
      case 'curves':
        return this.curvesBody(overview);
      case 'ensembles':
        return html`<taskweave-ensembles
          .leaderboard=${overview.leaderboard ?? undefined}
          .theme=${this.theme}
        ></taskweave-ensembles>`;
      case 'tasks':
        return tasksView(overview.leaderboard);
      case 'trials':
        return trialsView(this.trials?.table);
      case 'compare':
        return html`<taskweave-compare .table=${this.runs} .picked=${this.comparedRuns} .paired=${this.paired} .theme=${this.theme}
          @show=${({ detail }: CustomEvent<string>) => this.chooseRun(detail)}></taskweave-compare>`;
      case 'sweep':
        return this.sweepBody(overview);
    }
  }

  private leaderboardBody(overview: Overview): TemplateResult {
    if (overview.leaderboard) {
      return html`<taskweave-leaderboard
        .leaderboard=${overview.leaderboard}
        .theme=${this.theme}
        @open=${({ detail }: CustomEvent<{ view: Section; model: string }>) => {
          this.sweepModel = detail.model;
          this.shown = detail.view;
          this.wishFor({ model: detail.model });
        }}
      ></taskweave-leaderboard>`;
    }
    return html`<p class="empty">${noBoard(overview.detail?.summary)}</p>`;
  }

  private sweepBody(overview: Overview): TemplateResult {
    return html`<taskweave-sweep
      .overview=${overview}
      .model=${this.sweepModel}
      .launching=${this.launching}
      .forecast=${this.forecast}
      @launch=${(event: CustomEvent<SweepSpec>) => {
        this.launching = true;
        this.outcome = undefined;
        send({ kind: 'sweep', sweep: event.detail });
      }}
    ></taskweave-sweep>`;
  }

  private curvesBody(overview: Overview): TemplateResult {
    return html`<taskweave-curves-view
      .curves=${this.curves}
      .models=${modelsOf(overview)}
      .model=${overview.model}
      .tasks=${this.tasks()}
      .runs=${overview.runs}
      .run=${overview.detail?.summary.run ?? null}
      .theme=${this.theme}
      @wish=${({ detail }: CustomEvent<CurvesWish>) => this.wishFor(detail)}
    ></taskweave-curves-view>`;
  }

  /** Another model or way of learning begins with its own λ, and all of its steps. */
  private wishFor(wish: CurvesWish): void {
    const isOther = wish.model !== undefined || wish.scope !== undefined;
    this.wish = { ...this.wish, ...(isOther && { configuration: undefined, range: null }), ...wish };
    const { model, ...rest } = this.wish;
    this.wish = rest;
    this.watch(model === undefined ? {} : { model });
  }

  private chooseRun(run: string): void {
    this.wish = {};
    this.watch({ run });
  }

  private watch(change: { run?: string; model?: string }): void {
    if (!this.overview) return;
    const { state } = this.overview;
    const run = change.run === undefined ? state.run : change.run === NEWEST ? null : change.run;
    const { configuration = null, scope, task, range, beside } = this.wish;
    send({
      kind: 'watch',
      view: this.shown,
      run,
      model: change.model ?? state.model,
      configuration,
      ...(scope && { scope }),
      ...(task !== undefined && { task }),
      ...(range !== undefined && { range }),
      ...(beside && { beside: [...beside] }),
    });
  }

  private tasks(): readonly string[] {
    return this.overview?.detail?.tasks.map(({ id }) => id) ?? [];
  }
}

function modelsOf({ detail }: Overview): readonly string[] {
  return detail?.models.filter(({ role }) => role === 'model').map(({ name }) => name) ?? [];
}

/** Where the keyboard goes on in a view: its first field, else its tab. */
async function focusStart(section: HTMLElement): Promise<void> {
  await section.querySelector<SweepForm>('taskweave-sweep')?.updateComplete;
  const start =
    section.querySelector<HTMLElement>('vscode-text-field') ??
    document.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]');
  start?.focus({ preventScroll: true });
}
