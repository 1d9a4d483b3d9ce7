/**
 * The host's side of one metrics panel: what it is about, what it looks at, and what it was last sent. Asks and sends at
 * most five times a second, nothing while the panel is hidden, and of what the panel has only what is new.
 */

import type { HostMessage, Overview, PanelState, Section } from '../../protocol/panel';
import type { RunDetail } from '../../protocol/runs';
import { type Disposable, DisposableStore, systemTimers, Throttle, type Timers } from '../lifecycle';
import { outsideForms } from '../outside';
import { messageOf } from '../query-client';
import { readLeaderboard } from '../read-leaderboard';
import { experimentName, storeOf } from '../target';
import { doAction } from './actions';
import { Delivery, type Part } from './delivery';
import type { SessionPorts } from './ports';
import { askCurves, type CurvesWanted, EVERYTHING, firstWithCurves, preferredOf } from './series';

const REFRESH_INTERVAL = 200;
/** What cannot be read is tried again: the change that would say so may have been the last. */
const RETRY_INTERVAL = 1000;

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

export class PanelSession implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly throttle: Throttle;
  private readonly delivery: Delivery;
  private wanted: CurvesWanted = EVERYTHING;
  /** Configuration shown while none is asked for: kept, so that curves do not jump from one to another by themselves. */
  private automatic: number | undefined;
  /** Model whose curves are shown while none is asked for: kept for the same reason. */
  private automaticModel: { readonly run: string; readonly model: string } | undefined;
  private visible = true;
  private listening = false;
  private pendingReveal: Extract<HostMessage, { kind: 'reveal' }> | undefined;
  private details: { readonly key: string; readonly detail: RunDetail } | undefined;
  private stale = true;
  /** The run that the panel was last told of. */
  private sentRun: string | undefined;
  private retry: Disposable | undefined;

  constructor(
    private readonly ports: SessionPorts,
    private state: PanelState,
    private readonly timers: Timers = systemTimers,
  ) {
    this.delivery = new Delivery((message) => ports.post(message));
    this.throttle = this.owned.add(new Throttle(() => this.refresh(), REFRESH_INTERVAL, timers));
  }

  private get view(): Section {
    return this.state.view ?? 'leaderboard';
  }

  get experiment(): string {
    return this.state.experiment;
  }

  /** The run that was chosen to be looked at; undefined: the newest, whichever that is. */
  get chosenRun(): string | undefined {
    return this.state.run ?? undefined;
  }

  /** A message of the panel; what is not of the agreed form is logged and dropped. */
  async receive(raw: unknown): Promise<void> {
    const { panelMessage } = await outsideForms();
    const message = panelMessage.safeParse(raw);
    if (!message.success) {
      this.ports.log(`The metrics panel sent something unknown: ${message.error.message}`);
      return;
    }
    switch (message.data.kind) {
      case 'ready':
        this.listening = true;
        this.delivery.clear();
        this.throttle.request();
        if (this.pendingReveal) this.ports.post(this.pendingReveal);
        this.pendingReveal = undefined;
        return;
      case 'watch': {
        const {
          run,
          model,
          configuration,
          scope = 'joint',
          task = null,
          range = null,
          beside = [],
        } = message.data;
        if (run !== this.state.run || model !== this.state.model) this.automatic = undefined;
        this.state = { ...this.state, run, model, view: message.data.view ?? this.view };
        this.wanted = { configuration, scope, task, range, beside };
        this.stale = true;
        this.throttle.request();
        return;
      }
      case 'resync':
        this.delivery.forget(message.data.part);
        this.stale = true;
        this.throttle.request();
        return;
      default: {
        const run = await doAction(this.ports, this.experiment, message.data);
        if (run === undefined) return;
        this.show(run);
        this.throttle.request();
      }
    }
  }

  /** Brings a part of the panel into view, of a certain run or model where one is given. */
  reveal(
    section: Section,
    run: string | undefined,
    model: string | undefined,
    runs?: readonly string[],
  ): void {
    this.state = { ...this.state, view: section };
    if (run !== undefined && run !== this.state.run) this.show(run);
    if (model !== undefined && model !== this.state.model) {
      this.state = { ...this.state, model };
      this.automatic = undefined;
      this.stale = true;
    }
    const message = {
      kind: 'reveal' as const,
      section,
      model: model ?? null,
      ...(runs && { runs: [...runs] }),
    };
    if (this.listening) this.ports.post(message);
    else this.pendingReveal = message;
    this.throttle.request();
  }

  /** Goes on to a run, at the view that is looked at. */
  follow(run: string): void {
    if (run !== this.state.run) this.show(run);
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
    this.retry?.dispose();
    this.owned.dispose();
    this.delivery.clear();
  }

  private show(run: string | null): void {
    this.state = { ...this.state, run };
    this.automatic = undefined;
    this.wanted = EVERYTHING;
    this.stale = true;
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
      const model = await this.watchedModel(detail);
      if (run !== this.sentRun) this.delivery.clearRun();
      this.sentRun = run;
      this.delivery.sendSmall(await this.overview(detail, model));
      if (stale || !this.hasSent(this.view)) await this.sendView(run, model, detail);
      this.delivery.sendSmall({ kind: 'problem', message: null });
    } catch (error) {
      this.stale = true;
      this.delivery.sendSmall({ kind: 'problem', message: messageOf(error) });
      this.retry?.dispose();
      this.retry = this.timers.after(RETRY_INTERVAL, () => this.throttle.request());
    }
  }

  private async detail(run: string, stale: boolean): Promise<RunDetail> {
    if (!stale && this.details?.key === run) return this.details.detail;
    const detail = await this.ports.queries.ask<'run'>({ kind: 'run', store: storeOf(this.experiment), run });
    this.details = { key: run, detail };
    return detail;
  }

  /** The model asked for, else the first of the run (of its curves: that has any), else of the file. */
  private async watchedModel(detail: RunDetail | null): Promise<string | null> {
    const models = detail
      ? detail.models.filter((state) => state.role === 'model').map((state) => state.name)
      : (this.ports.outline(this.experiment)?.models ?? []).map((model) => model.name);
    if (this.state.model !== null && models.includes(this.state.model)) return this.state.model;
    if (detail && models.length > 1 && this.view === 'curves')
      return (await this.modelWithCurves(detail.summary.run, models)) ?? models[0];
    return models[0] ?? null;
  }

  private async modelWithCurves(run: string, models: readonly string[]): Promise<string | undefined> {
    if (this.automaticModel?.run !== run) {
      const at = { store: storeOf(this.experiment), run };
      const model = await firstWithCurves(this.ports.queries, at, models);
      this.automaticModel = model === undefined ? undefined : { run, model };
    }
    return this.automaticModel?.model;
  }

  private async overview(detail: RunDetail | null, model: string | null): Promise<Overview> {
    const outline = this.ports.outline(this.experiment);
    const tasks = detail?.tasks ?? outline?.tasks ?? [];
    return {
      kind: 'overview',
      state: this.state,
      model,
      experimentName: experimentName(this.experiment),
      runs: [...this.ports.runs(this.experiment)],
      detail: detail && { ...detail, leaderboard: null },
      leaderboard: detail && (await readLeaderboard(detail, this.ports.log)),
      sweepable: [...(outline?.sweepable ?? [])],
      folds: outline?.folds ?? 5,
      tasks: tasks.length,
      trusted: this.ports.trusted(),
    };
  }

  private hasSent(view: Section): boolean {
    const part = PARTS[view];
    return part === undefined || this.delivery.has(part);
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
      this.delivery.sendTable({ kind: 'compare', table });
    }
    if (run === undefined || detail === null) return;
    if (this.view === 'trials') {
      const table = await this.ports.queries.ask<'trials'>({
        kind: 'trials',
        store,
        run,
        limit: MOST_TRIALS,
      });
      this.delivery.sendTable({ kind: 'trials', run, table });
    }
    if (model !== null && (this.view === 'path' || this.view === 'curves'))
      await this.sendSeries(store, run, model, detail);
  }

  private async sendSeries(store: string, run: string, model: string, detail: RunDetail): Promise<void> {
    const { queries } = this.ports;
    const { paths } = await queries.ask<'path'>({ kind: 'path', store, run, model });
    this.delivery.sendPaths({ kind: 'paths', run, model, paths });
    if (this.view !== 'curves') return;
    const path = paths.find(({ scope }) => scope === this.wanted.scope) ?? paths[0];
    const known = new Set(this.ports.runs(this.experiment).map((one) => one.run));
    const beside = this.wanted.beside.filter((source) => known.has(source.run));
    const { wanted } = this;
    const at = { store, run, model };
    const preferred = preferredOf(path, this.automatic);
    const curves = await askCurves(queries, detail, at, paths, { ...wanted, beside }, preferred);
    const isLooked = this.wanted === wanted && this.shownRun() === run;
    if (isLooked && wanted.configuration === null) this.automatic = curves.configuration ?? undefined;
    this.delivery.sendCurves(curves);
  }
}
