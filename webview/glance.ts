import './pathChart';
import './plot/linePlot';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { t } from '../src/protocol/l10n';
import { rowName } from '../src/protocol/names';
import type { HostMessage, Overview } from '../src/protocol/panel';
import { noBoard, runState, score, signed } from '../src/protocol/words';
import { button, icon } from './controls';
import { setsOf } from './curveSets';
import { plotsOf, WHOLE_STYLE } from './curvesData';
import { listen, remember, send } from './host';
import type { WholeMessage } from './received';
import { distributionPlot } from './spreadData';
import { observeTheme } from './theme';

const MOST_ROWS = 6;
const HEIGHT = 150;

/** The compact twin for the bottom panel: how the run stands, the best models, the λ path and the first curve. */
@customElement('taskweave-glance')
export class Glance extends LitElement {
  @state() private overview: Overview | undefined;
  @state() private curves: Extract<HostMessage, { kind: 'curves' }> | undefined;
  @state() private paths: Extract<HostMessage, { kind: 'paths' }> | undefined;
  @state() private theme = '';

  constructor() {
    super();
    observeTheme((theme) => {
      this.theme = theme;
    });
    listen((message) => this.receive(message));
    send({ kind: 'ready' });
  }

  protected override createRenderRoot(): this {
    // The words that stood here while the script was fetched.
    this.replaceChildren();
    return this;
  }

  private receive(message: WholeMessage): void {
    if (message.kind === 'overview') {
      this.overview = message;
      remember(message.state);
    } else if (message.kind === 'curves') this.curves = message;
    else if (message.kind === 'paths') this.paths = message;
  }

  protected override render(): TemplateResult {
    const { overview } = this;
    if (!overview) return html`<p class="empty">${t('No experiment is open.')}</p>`;
    const run = overview.detail?.summary;
    const tasks = overview.detail?.tasks.map(({ id }) => id) ?? [];
    const curves = this.curves?.run === run?.run ? this.curves : undefined;
    const sets = curves ? setsOf(curves, overview.runs) : [];
    const plot = distributionPlot(sets) ?? plotsOf(sets, tasks, { ...WHOLE_STYLE, trials: 'mean' })[0];
    const paths = this.paths?.run === run?.run ? (this.paths?.paths ?? []) : [];
    const hasPath = paths.some(({ points }) => points.some(({ lambda }) => lambda !== null));
    return html`<main class="glance">
      <section aria-label=${t('Run')}>
        <p>
          <strong>${overview.experimentName}</strong> <span class="muted">${run ? runState(run) : t('no run yet')}</span>
          ${button({ label: t('Open'), icon: 'graph-line', title: t('Open the metrics panel'), onClick: () => send({ kind: 'openPanel' }) })}
        </p>
        ${this.best(overview)}
      </section>
      ${hasPath ? html`<section aria-label=${t('λ path')}><taskweave-path .paths=${paths} .by=${null}></taskweave-path></section>` : nothing}
      ${
        plot
          ? html`<section aria-label=${plot.title}>
              <taskweave-plot .spec=${plot} .theme=${this.theme} .height=${HEIGHT}></taskweave-plot>
            </section>`
          : nothing
      }
    </main>`;
  }

  private best({ leaderboard, detail }: Overview): TemplateResult {
    if (!leaderboard) return html`<p class="empty">${noBoard(detail?.summary)}</p>`;
    return html`<table>
      <tbody>
        ${leaderboard.rows.slice(0, MOST_ROWS).map(
          ({ name, role, mean, meanDifference, negativeTransfer }) => html`<tr class=${role}>
            <th scope="row">${rowName(name)}</th>
            <td class="number">${score(mean)}</td>
            <td class="number muted">${meanDifference ? signed(meanDifference.value) : ''}</td>
            <td>${negativeTransfer.length > 0 ? html`<span title=${t('negative transfer: {0}', negativeTransfer.join(', '))}>${icon('warning')}</span>` : nothing}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}
