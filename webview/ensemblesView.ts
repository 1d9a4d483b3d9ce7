import './plot/linePlot';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../src/protocol/l10n';
import type { EnsembleDetail, Leaderboard, LeaderboardRow } from '../src/protocol/leaderboard';
import { rowName } from '../src/protocol/names';
import { lambda, score, signed } from '../src/protocol/words';
import { dropdown, icon } from './controls';
import { greedyPlot } from './ensemblesData';
import { heatMap } from './heatMap';
import type { PlotSpec } from './plot/spec';

/** Tasks whose weights stand beside each other. */
const MOST_TASKS = 40;

/** What each ensemble uses and why: weights by task, gains of greedy steps, what the second level reads, whose errors agree. */
@customElement('taskweave-ensembles')
export class EnsemblesView extends LitElement {
  @property({ attribute: false }) leaderboard: Leaderboard | undefined;
  @property({ attribute: false }) theme = '';
  @state() private name: string | undefined;
  @state() private task: string | undefined;

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult {
    const ensembles = this.leaderboard?.rows.filter(({ role }) => role === 'ensemble') ?? [];
    const row = ensembles.find(({ name }) => name === this.name) ?? ensembles[0];
    if (!this.leaderboard || !row)
      return html`<p class="empty">${t('No ensemble yet. Add one to the file:')} <code>ensembles: { best: { combine: greedy } }</code></p>`;
    const tasks = this.leaderboard.tasks.map(({ id }) => id);
    const task = this.task !== undefined && tasks.includes(this.task) ? this.task : tasks[0];
    const { ensemble } = row;
    return html`
      <div class="toolbar">
        ${dropdown({
          label: t('Ensemble'),
          options: ensembles.map(({ name }) => ({ value: name, label: rowName(name) })),
          value: row.name,
          onChange: (name) => {
            this.name = name;
          },
        })}
        ${dropdown({
          label: t('Task'),
          options: tasks.map((id) => ({ value: id, label: id })),
          value: task,
          onChange: (id) => {
            this.task = id;
          },
        })}
        <span>${row.learner}, ${t('mean skill {0}', score(row.mean))}${row.meanDifference ? `, ${t('{0} from its baseline', signed(row.meanDifference.value))}` : nothing}</span>
      </div>
      ${ensemble && ensemble.unused.length > 0 ? html`<p class="muted">${icon('circle-slash')} ${t('Not used by any task: {0}.', ensemble.unused.map(rowName).join(', '))}</p>` : nothing}
      <div class="charts wide">
        ${this.weights(row, tasks)} ${ensemble ? this.details(ensemble, row, tasks, task) : nothing}
      </div>
    `;
  }

  private weights(
    { members = [], weights }: LeaderboardRow,
    tasks: readonly string[],
  ): TemplateResult | typeof nothing {
    if (!weights) return nothing;
    const shown = tasks.filter((task) => weights[task] !== undefined).slice(0, MOST_TASKS);
    return heatMap({
      title: t('Weights'),
      of: t('weight of a model for a task'),
      rows: shown,
      columns: members.map(rowName),
      values: shown.map((task) => members.map((_, m) => weights[task][m] ?? null)),
      full: 1,
      ...(shown.length < tasks.length && { note: t('{0} of {1} tasks', shown.length, tasks.length) }),
    });
  }

  private details(
    ensemble: EnsembleDetail,
    row: LeaderboardRow,
    tasks: readonly string[],
    task: string,
  ): readonly (TemplateResult | typeof nothing)[] {
    const { errorCorrelation, influence, selections, chains, lambdas } = ensemble;
    const correlation = errorCorrelation.tasks[task];
    const steps = selections?.[task];
    const shares = influence?.[task];
    return [
      steps ? this.plot(greedyPlot(steps, row.members ?? [], task)) : nothing,
      correlation
        ? heatMap({
            title: t('Correlation of errors on {0}', task),
            of: t('correlation of out-of-fold errors; the lower, the more a mean of the two gains'),
            rows: errorCorrelation.members.map(rowName),
            columns: errorCorrelation.members.map(rowName),
            values: correlation,
            full: 1,
          })
        : nothing,
      shares
        ? heatMap({
            title: t('What the second level of {0} reads', task),
            of: t('share of the predictions of each task'),
            rows: [task],
            columns: tasks,
            values: [shares],
            full: 1,
            ...(lambdas && { note: `λ ${lambda(lambdas[task])}` }),
          })
        : nothing,
      chains && chains.length > 0
        ? html`<figure>
            <figcaption>${t('Chains: each task learns from those before it')}</figcaption>
            <ol>
              ${chains.map(({ model, order }) => html`<li>${rowName(model)}: ${order.join(' → ')}</li>`)}
            </ol>
          </figure>`
        : nothing,
    ];
  }

  private plot(spec: PlotSpec): TemplateResult {
    return html`<taskweave-plot .spec=${spec} .theme=${this.theme} .height=${240} .legend=${true}></taskweave-plot>`;
  }
}
