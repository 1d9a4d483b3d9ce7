import './grid/grid';
import './plot/linePlot';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../src/protocol/l10n';
import type { Leaderboard, LeaderboardRow } from '../src/protocol/leaderboard';
import type { Section } from '../src/protocol/panel';
import { sentence } from '../src/protocol/sentences';
import { checkbox, icon } from './controls';
import type { GridColumn } from './grid/columns';
import {
  type BoardColumn,
  type BoardEntry,
  boardColumns,
  entriesOf,
  meanDifference,
  rowHeightOf,
} from './leaderboardColumns';
import type { BoardCell } from './leaderboardData';
import type { MenuItem } from './menu';
import { paretoPlot } from './paretoData';

const MOST_HEIGHT = 620;

/** Every model beside its baseline: scores a task, differences, negative transfer in words; then score against cost. */
@customElement('taskweave-leaderboard')
export class LeaderboardView extends LitElement {
  @property({ attribute: false }) leaderboard: Leaderboard | undefined;
  @property({ attribute: false }) theme = '';
  @state() private baselines = true;
  @state() private picked: string | undefined;
  private made:
    | {
        readonly leaderboard: Leaderboard;
        readonly baselines: boolean;
        readonly columns: readonly GridColumn<BoardEntry>[];
        readonly entries: readonly BoardEntry[];
      }
    | undefined;

  protected override createRenderRoot(): this {
    return this;
  }

  /** Emits `open` with a view and a model. */
  private open(view: Section, model: string): void {
    this.dispatchEvent(new CustomEvent('open', { detail: { view, model } }));
  }

  protected override render(): TemplateResult | typeof nothing {
    const { leaderboard, baselines } = this;
    if (!leaderboard) return nothing;
    if (this.made?.leaderboard !== leaderboard || this.made.baselines !== baselines) {
      const columns =
        this.made?.leaderboard === leaderboard ? this.made.columns : boardColumns(leaderboard).map(drawn);
      this.made = { leaderboard, baselines, columns, entries: entriesOf(leaderboard, baselines) };
    }
    const { columns, entries } = this.made;
    const rowHeight = rowHeightOf(leaderboard);
    const where =
      leaderboard.split === 'test'
        ? t('Scores on the test split')
        : t('Out-of-fold scores (there is no test split)');
    const picked = entries.find(({ row }) => row.name === this.picked);
    return html`
      <p class="muted">${t('{0}; differences are from the same model without sharing.', where)}</p>
      <taskweave-grid
        id="board"
        .label=${t('Leaderboard')}
        .columns=${columns}
        .rows=${entries}
        .rowHeight=${rowHeight}
        .height=${Math.min(MOST_HEIGHT, 60 + rowHeight * entries.length)}
        .keyOf=${({ row }: BoardEntry) => row.name}
        .rowClass=${({ row }: BoardEntry) => row.role}
        .rowItems=${({ row }: BoardEntry) => rowItems(row, (view, model) => this.open(view, model))}
        .tools=${checkbox(t('Baselines'), baselines, (shown) => {
          this.baselines = shown;
        })}
        @pick=${({ detail }: CustomEvent<BoardEntry>) => {
          this.picked = detail.row.name;
        }}
      ></taskweave-grid>
      ${picked ? notes(picked) : nothing}
      <div class="charts wide">
        <taskweave-plot .spec=${paretoPlot(leaderboard)} .theme=${this.theme} .height=${240}></taskweave-plot>
      </div>
    `;
  }
}

/** Where one goes on to from a row. */
function rowItems(row: LeaderboardRow, open: (view: Section, model: string) => void): readonly MenuItem[] {
  const model = row.baselineOf ?? row.name;
  const to = (label: string, view: Section) => ({ label, onPick: () => open(view, model) });
  // Mean/majority has nothing to look into; the baseline of an ensemble leads to the ensemble.
  if (row.role === 'baseline' && row.baselineOf === undefined) return [];
  if (row.members) return [to(t('What {0} is made of', model), 'ensembles')];
  return [
    to(t('λ path of {0}', model), 'path'),
    to(t('Curves of {0}', model), 'curves'),
    to(t('Sweep {0}', model), 'sweep'),
  ];
}

const roleIcons = { model: 'symbol-class', ensemble: 'layers', baseline: 'dash' } as const;
const verdictIcons = {
  helped: 'arrow-up',
  'negative transfer': 'warning',
  'too few rows to tell': 'question',
} as const;

function drawn(column: BoardColumn): GridColumn<BoardEntry> {
  if (column.id === 'model') return { ...column, view: nameView };
  if (column.id === 'mean') return { ...column, view: meanView };
  const { cell } = column;
  if (cell === undefined) return column;
  return { ...column, view: ({ line }) => cellView(line.cells[cell]) };
}

function nameView({ line }: BoardEntry): TemplateResult {
  return html`<span class="name">${icon(roleIcons[line.role])} ${line.name}</span>
    <span class="sub">${t(line.role)}${line.detail ? ` · ${line.detail}` : ''}</span>
    ${
      line.negativeTransfer.length > 0
        ? html`<span class="sub harm" title=${line.negativeTransfer.join(', ')}>${icon('warning')} ${t('negative transfer: {0}', line.negativeTransfer.join(', '))}</span>`
        : nothing
    }`;
}

function meanView({ line, row }: BoardEntry): TemplateResult {
  const difference = meanDifference(row);
  return html`<span class=${line.best ? 'best' : ''}>${line.mean}</span>${
    difference
      ? html`<span class="sub" title=${row.meanDifference ? sentence(row.meanDifference.words) : nothing}>${difference}</span>`
      : nothing
  }`;
}

/** The difference, and the verdict below it in words where there is one to tell. */
function cellView(cell: BoardCell | undefined): TemplateResult {
  const difference = cell?.difference;
  const verdict = difference?.verdict;
  return html`<span class=${cell?.best ? 'best' : ''} title=${difference ? sentence(difference.words) : nothing}>${cell?.value ?? '–'}</span>${
    difference ? html`<span class="sub">${difference.text}</span>` : nothing
  }${
    verdict && verdict !== 'no difference shown'
      ? html`<span class="sub ${verdict.replaceAll(' ', '-')}">${icon(verdictIcons[verdict])} ${t(verdict)}</span>`
      : nothing
  }`;
}

/** What there is to say about a row besides its numbers. */
function notes({ row, line }: BoardEntry): TemplateResult {
  const words = [
    ...(row.meanDifference ? [sentence(row.meanDifference.words)] : []),
    ...Object.entries(row.differences ?? {}).map(([task, { words: one }]) => `${task}: ${sentence(one)}`),
    ...row.warnings.map(sentence),
  ];
  return html`<section aria-label=${t('About {0}', line.name)}>
    <h2>${line.name}</h2>
    ${
      words.length === 0
        ? html`<p class="muted">${t('Nothing to add.')}</p>`
        : html`<ul class="notes">
            ${words.map((one) => html`<li>${one}</li>`)}
          </ul>`
    }
  </section>`;
}
