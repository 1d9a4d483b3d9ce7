/**
 * The host's side of one metrics panel: what it is about, what it looks at, and what it was last sent. Asks and sends at
 * most five times a second, nothing while the panel is hidden, and no part twice unchanged.
 */
import type { BoardRow, HostMessage, Overview, PanelState, Section, SweepSpec } from '../../protocol/panel';
import { panelMessage } from '../../protocol/panel';
import type { LambdaPath, RunDetail, RunSummary } from '../../protocol/queries';
import type { Extension, SweepForecast } from '../launcher';
import { type Disposable, DisposableStore, systemTimers, Throttle, type Timers } from '../lifecycle';
import type { Outline } from '../outline';
import { messageOf, type Queries } from '../query-client';
import { readLeaderboard } from '../run-library';
import { experimentName, storeOf } from '../target';
import { askCurves, type CurvesWanted, EVERYTHING } from './series';

export interface SessionPorts {
  readonly queries: Queries;
  post(message: HostMessage): void;
  outline(experiment: string): Outline | undefined;
  /** Newest first. */
  runs(experiment: string): readonly RunSummary[];
  trusted(): boolean;
  /** Starts a run of the experiment and gives back its id. */
  run(experiment: string): Promise<string>;
  sweep(experiment: string, sweep: SweepSpec): Promise<string>;
  forecast(experiment: string, sweep: SweepSpec): Promise<SweepForecast>;
  /** Puts the sweep into the file, as an edit that can be undone. */
  writeSweep(experiment: string, sweep: SweepSpec): Promise<void>;
  pause(experiment: string, run: string): Promise<void>;
  continue(experiment: string, run: string): Promise<void>;
  extend(experiment: string, extension: Extension): Promise<string>;
  stop(experiment: string, run: string): Promise<void>;
  resume(experiment: string, run: string): Promise<string>;
  openExperiment(experiment: string): void;
  /** Asks where to, and gives back the path; undefined: the person would rather not. */
  save(experiment: string, name: string, content: Uint8Array): Promise<string | undefined>;
  copy(text: string): Promise<void>;
  /** The whole metrics panel, of a compact twin. */
  openPanel(experiment: string): void;
  log(line: string): void;
}

const REFRESH_INTERVAL = 200;

/** Rows of tables that are sent at most. */
const MOST_RUNS = 5000;
const MOST_TRIALS = 20_000;

/** What each view needs besides the overview. */
const PARTS: Readonly<Partial<Record<Section, Part>>> = {
  path: 'paths',
  curves: 'curves',
  trials: 'trials',
  compare: 'compare',
};

type Part = 'overview' | 'curves' | 'paths' | 'trials' | 'compare' | 'problem';

export class PanelSession implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly throttle: Throttle;
  private readonly sent = new Map<Part, string>();
  private wanted: CurvesWanted = EVERYTHING;
  /** Configuration shown while none is asked for: kept, so that curves do not jump from one to another by themselves. */
  private automatic: number | undefined;
  private visible = true;
  private listening = false;
  private pendingReveal: Extract<HostMessage, { kind: 'reveal' }> | undefined;
  private details: { readonly key: string; readonly detail: RunDetail } | undefined;
  private stale = true;

  constructor(
    private readonly ports: SessionPorts,
    private state: PanelState,
    timers: Timers = systemTimers,
  ) {
    this.throttle = this.owned.add(new Throttle(() => this.refresh(), REFRESH_INTERVAL, timers));
  }

  private get view(): Section {
    return this.state.view ?? 'leaderboard';
  }

  get experiment(): string {
    return this.state.experiment;
  }

  /** A message of the panel; what is not of the agreed form is logged and dropped. */
  async receive(raw: unknown): Promise<void> {
    const message = panelMessage.safeParse(raw);
    if (!message.success) {
      this.ports.log(`The metrics panel sent something unknown: ${message.error.message}`);
      return;
    }
    switch (message.data.kind) {
      case 'ready':
        this.listening = true;
        this.sent.clear();
        this.throttle.request();
        if (this.pendingReveal) this.ports.post(this.pendingReveal);
        this.pendingReveal = undefined;
        return;
      case 'watch': {
        const { run, model, configuration, scope = 'joint', task = null, range = null } = message.data;
        if (run !== this.state.run || model !== this.state.model) this.automatic = undefined;
        this.state = { ...this.state, run, model, view: message.data.view ?? this.view };
        this.wanted = { configuration, scope, task, range };
        this.stale = true;
        this.throttle.request();
        return;
      }
      case 'openExperiment':
        this.ports.openExperiment(this.state.experiment);
        return;
      case 'openPanel':
        this.ports.openPanel(this.experiment);
        return;
      case 'pair':
        return this.compareModels(message.data.a, message.data.b);
      case 'copy':
        return this.ports.copy(message.data.text);
      case 'save': {
        const { name, format, content } = message.data;
        return this.save(`${name}.${format}`, Buffer.from(content, format === 'png' ? 'base64' : 'utf8'));
      }
      case 'run':
        return this.act('Run started.', () => this.ports.run(this.experiment));
      case 'sweep': {
        const { sweep } = message.data;
        return this.act(`Sweep of ${sweep.model} started.`, () => this.ports.sweep(this.experiment, sweep));
      }
      case 'forecast':
        return this.forecast(message.data.sweep);
      case 'writeSweep': {
        const { sweep } = message.data;
        return this.tell(`The sweep of ${sweep.model} is in the file; undo there takes it out.`, () =>
          this.ports.writeSweep(this.experiment, sweep),
        );
      }
      case 'pause':
      case 'continue': {
        const { kind, run } = message.data;
        return this.act(
          kind === 'pause' ? 'Pausing: fits at work go on to their end.' : 'Going on.',
          async () => {
            await this.ports[kind](this.experiment, run);
            return undefined;
          },
        );
      }
      case 'extend': {
        const { data } = message;
        return this.act(`More of ${data.model} is being tried.`, () =>
          this.ports.extend(this.experiment, data),
        );
      }
      case 'stop': {
        const { run } = message.data;
        return this.act('Stopping …', async () => {
          await this.ports.stop(this.experiment, run);
          return undefined;
        });
      }
      case 'resume': {
        const { run } = message.data;
        return this.act('Run resumed.', () => this.ports.resume(this.experiment, run));
      }
    }
  }

  /** Brings a part of the panel into view, of a certain run or model where one is given. */
  reveal(section: Section, run: string | undefined, model: string | undefined): void {
    this.state = { ...this.state, view: section };
    if (run !== undefined && run !== this.state.run) this.show(run);
    if (model !== undefined && model !== this.state.model) {
      this.state = { ...this.state, model };
      this.automatic = undefined;
      this.stale = true;
    }
    const message = { kind: 'reveal', section, model: model ?? null } as const;
    if (this.listening) this.ports.post(message);
    else this.pendingReveal = message;
    this.throttle.request();
  }

  /** Hidden panels are forgotten by the editor: shown again, their script begins anew and says `ready`. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    if (!visible) this.listening = false;
  }

  /** Something that the panel shows may have changed; `runs` are those with new events, absent: not about a run. */
  changed(runs?: readonly string[]): void {
    if (runs === undefined || runs.includes(this.shownRun() ?? '')) this.stale = true;
    this.throttle.request();
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** In Restricted Mode too nothing is run for a forecast. */
  private async forecast(sweep: SweepSpec): Promise<void> {
    const asked = JSON.stringify(sweep);
    if (!this.ports.trusted()) return;
    try {
      const { fits, reused, workers, estimate } = await this.ports.forecast(this.experiment, sweep);
      const forecast = { fits, reused, workers, ...estimate };
      this.ports.post({ kind: 'forecast', asked, forecast, problem: null });
    } catch (error) {
      this.ports.post({ kind: 'forecast', asked, forecast: null, problem: messageOf(error) });
    }
  }

  private async tell(done: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
      this.ports.post({ kind: 'launched', ok: true, message: done });
    } catch (error) {
      this.ports.post({ kind: 'launched', ok: false, message: messageOf(error) });
    }
  }

  private async compareModels(a: BoardRow, b: BoardRow): Promise<void> {
    const store = storeOf(this.experiment);
    try {
      const comparison = await this.ports.queries.ask<'paired'>({ kind: 'paired', store, a, b });
      this.ports.post({ kind: 'paired', a, b, comparison, problem: null });
    } catch (error) {
      this.ports.post({ kind: 'paired', a, b, comparison: null, problem: messageOf(error) });
    }
  }

  private async save(name: string, content: Uint8Array): Promise<void> {
    try {
      const path = await this.ports.save(this.experiment, name, content);
      if (path !== undefined) this.ports.post({ kind: 'launched', ok: true, message: `Saved ${path}.` });
    } catch (error) {
      this.ports.post({ kind: 'launched', ok: false, message: `Not saved: ${messageOf(error)}` });
    }
  }

  private show(run: string | null): void {
    this.state = { ...this.state, run };
    this.automatic = undefined;
    this.wanted = EVERYTHING;
    this.stale = true;
  }

  /** Does what a button asks, and shows the run it leads to. */
  private async act(done: string, action: () => Promise<string | undefined>): Promise<void> {
    if (!this.ports.trusted()) {
      this.ports.post({
        kind: 'launched',
        ok: false,
        message: 'Trust this workspace first: nothing runs in Restricted Mode.',
      });
      return;
    }
    try {
      const run = await action();
      if (run !== undefined) this.show(run);
      this.ports.post({ kind: 'launched', ok: true, message: done });
    } catch (error) {
      this.ports.post({ kind: 'launched', ok: false, message: messageOf(error) });
    }
    this.throttle.request();
  }

  private shownRun(): string | undefined {
    return this.state.run ?? this.ports.runs(this.experiment)[0]?.run;
  }

  private async refresh(): Promise<void> {
    if (!this.visible || !this.listening) return;
    const run = this.shownRun();
    const { stale } = this;
    this.stale = false;
    try {
      const detail = run === undefined ? null : await this.detail(run, stale);
      const model = this.watchedModel(detail);
      this.send('overview', this.overview(detail, model));
      if (stale || !this.hasSent(this.view)) await this.sendView(run, model, detail);
      this.send('problem', { kind: 'problem', message: null });
    } catch (error) {
      this.stale = true;
      this.send('problem', { kind: 'problem', message: messageOf(error) });
    }
  }

  private async detail(run: string, stale: boolean): Promise<RunDetail> {
    if (!stale && this.details?.key === run) return this.details.detail;
    const detail = await this.ports.queries.ask<'run'>({ kind: 'run', store: storeOf(this.experiment), run });
    this.details = { key: run, detail };
    return detail;
  }

  /** The model asked for, else the first of the run, else of the file. */
  private watchedModel(detail: RunDetail | null): string | null {
    const models = detail
      ? detail.models.filter((state) => state.role === 'model').map((state) => state.name)
      : (this.ports.outline(this.experiment)?.models ?? []).map((model) => model.name);
    if (this.state.model !== null && models.includes(this.state.model)) return this.state.model;
    return models[0] ?? null;
  }

  private overview(detail: RunDetail | null, model: string | null): Overview {
    const outline = this.ports.outline(this.experiment);
    const tasks = detail?.tasks ?? outline?.tasks ?? [];
    return {
      kind: 'overview',
      state: { ...this.state, model },
      experimentName: experimentName(this.experiment),
      runs: [...this.ports.runs(this.experiment)],
      detail: detail && { ...detail, leaderboard: null },
      leaderboard: detail && readLeaderboard(detail, this.ports.log),
      sweepable: [...(outline?.sweepable ?? [])],
      folds: outline?.folds ?? 5,
      tasks: tasks.length,
      trusted: this.ports.trusted(),
    };
  }

  private hasSent(view: Section): boolean {
    const part = PARTS[view];
    return part === undefined || this.sent.has(part);
  }

  /** What the view that is looked at draws, and nothing for the others. */
  private async sendView(
    run: string | undefined,
    model: string | null,
    detail: RunDetail | null,
  ): Promise<void> {
    const store = storeOf(this.experiment);
    if (this.view === 'compare') {
      const { experiment } = this;
      const table = await this.ports.queries.ask<'compare'>({
        kind: 'compare',
        store,
        experiment,
        limit: MOST_RUNS,
      });
      this.send('compare', { kind: 'compare', table });
    }
    if (run === undefined || detail === null) return;
    if (this.view === 'trials') {
      const table = await this.ports.queries.ask<'trials'>({
        kind: 'trials',
        store,
        run,
        limit: MOST_TRIALS,
      });
      this.send('trials', { kind: 'trials', run, table });
    }
    if (model !== null && (this.view === 'path' || this.view === 'curves'))
      await this.sendSeries(store, run, model, detail);
  }

  private async sendSeries(store: string, run: string, model: string, detail: RunDetail): Promise<void> {
    const { paths } = await this.ports.queries.ask<'path'>({ kind: 'path', store, run, model });
    this.send('paths', { kind: 'paths', run, model, paths });
    if (this.view !== 'curves') return;
    const shown = paths.find(({ scope }) => scope === this.wanted.scope) ?? paths[0];
    const configuration = this.configurationToShow(shown);
    const wanted = { ...this.wanted, configuration };
    this.send('curves', await askCurves(this.ports.queries, detail, { store, run, model }, paths, wanted));
  }

  private configurationToShow(path: LambdaPath | undefined): number | null {
    if (this.wanted.configuration !== null) return this.wanted.configuration;
    if (!path || path.points.length === 0) return null;
    const chosen = path.chosen === null ? undefined : path.points[path.chosen]?.configuration;
    this.automatic =
      chosen ?? this.automatic ?? path.points[Math.floor(path.points.length / 2)].configuration;
    return this.automatic;
  }

  private send(part: Part, message: HostMessage): void {
    const text = JSON.stringify(message);
    if (this.sent.get(part) === text || (part === 'problem' && text === NO_PROBLEM && !this.sent.has(part)))
      return;
    this.sent.set(part, text);
    this.ports.post(message);
  }
}

const NO_PROBLEM = JSON.stringify({ kind: 'problem', message: null } satisfies HostMessage);
