import './grid/grid';
import './parallelView';
import './plot/linePlot';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../src/protocol/l10n';
import { rowName } from '../src/protocol/names';
import type { BoardRow, HostMessage } from '../src/protocol/panel';
import type { RunTable } from '../src/protocol/tables';
import { startedAt } from '../src/protocol/words';
import {
  changesBetween,
  colorsOf,
  columnName,
  firstSides,
  meanOf,
  pairedLines,
  parallelOf,
  rowNamesOf,
  type Sides,
  scatterOf,
} from './compareData';
import { checkbox, dropdown } from './controls';
import type { GridColumn } from './grid/columns';
import { send } from './host';
import { colorOf } from './plot/palette';
import { gridColumns, placeOf, type TableRow } from './tableColumns';

export type Paired = Extract<HostMessage, { kind: 'paired' }>;

/** Runs that are looked at before one has chosen. */
const FIRST_CHOSEN = 5;
/** Columns of what changed: more runs do not fit beside each other. */
const MOST_CHANGED = 12;
const MEAN = 'best mean';

/** Runs beside each other: what changed first, then scores and costs, differences with intervals, and all of them in a grid. */
@customElement('taskweave-compare')
export class CompareView extends LitElement {
  @property({ attribute: false }) table: RunTable | undefined;
  @property({ attribute: false }) paired: Paired | undefined;
  /** Runs that were chosen elsewhere to be compared. */
  @property({ attribute: false }) picked: readonly string[] | undefined;
  @property({ attribute: false }) theme = '';
  @state() private chosen: ReadonlySet<string> | undefined;
  @state() private onlyChosen = true;
  @state() private x: string | undefined;
  @state() private y = MEAN;
  /** Those that one has chosen. */
  @state() private sides: Sides = {};
  private asked = '';
  private columnsOf:
    | { readonly table: RunTable; readonly columns: readonly GridColumn<TableRow>[] }
    | undefined;

  protected override createRenderRoot(): this {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('picked') || !this.picked) return;
    this.chosen = new Set(this.picked);
    this.sides = {};
  }

  protected override render(): TemplateResult {
    const { table } = this;
    if (!table) return html`<p class="empty">${t('Reading the runs …')}</p>`;
    if (table.rows.length === 0)
      return html`<p class="empty">${t('No run yet. Run the experiment twice to compare.')}</p>`;
    const rows = this.chosenRows(table);
    const plotted = this.onlyChosen ? rows : table.rows;
    return html`
      <h2>${t('What changed')}</h2>
      ${this.changes(table, rows)}
      <h2>${t('Differences')}</h2>
      ${this.differences(table, rows)}
      <h2>${t('Hyperparameters and scores')}</h2>
      <div class="toolbar">
        ${checkbox(t('Chosen runs only'), this.onlyChosen, (isOnly) => {
          this.onlyChosen = isOnly;
        })}
      </div>
      <div class="pair">
        <taskweave-parallel .parallel=${parallelOf(table, plotted, MEAN)}></taskweave-parallel> ${this.scatter(table, plotted)}
      </div>
      <h2>${t('Runs')}</h2>
      <p class="muted">${t('Enter or a click chooses a run for the comparison above.')}</p>
      <taskweave-grid
        id="runs"
        .label=${t('Runs')}
        .columns=${this.columns(table)}
        .rows=${table.rows}
        .keyOf=${(row: TableRow) => String(row[0])}
        .rowClass=${(row: TableRow) => (this.isChosen(String(row[0])) ? 'chosen' : '')}
        .rowItems=${(row: TableRow) => [
          {
            label: t('Show this run'),
            onPick: () => this.dispatchEvent(new CustomEvent('show', { detail: String(row[0]) })),
          },
          { label: t('Only this run in the comparison'), onPick: () => this.only(String(row[0])) },
        ]}
        @pick=${({ detail }: CustomEvent<TableRow>) => this.toggle(String(detail[0]))}
      ></taskweave-grid>
      ${table.total > table.rows.length ? html`<p class="muted">${t('{0} of {1} runs, the newest.', table.rows.length, table.total)}</p>` : nothing}
    `;
  }

  private chosenRows(table: RunTable): readonly TableRow[] {
    const { chosen } = this;
    return chosen
      ? table.rows.filter((row) => chosen.has(String(row[0])))
      : table.rows.slice(0, FIRST_CHOSEN);
  }

  private isChosen(run: string): boolean {
    return this.table !== undefined && this.chosenRows(this.table).some((row) => row[0] === run);
  }

  private only(run: string): void {
    this.chosen = new Set([run]);
  }

  private toggle(run: string): void {
    if (!this.table) return;
    const chosen = new Set(this.chosenRows(this.table).map((row) => String(row[0])));
    if (!chosen.delete(run)) chosen.add(run);
    this.chosen = chosen;
  }

  private changes(table: RunTable, rows: readonly TableRow[]): TemplateResult {
    const shown = rows.slice(0, MOST_CHANGED);
    if (shown.length < 2) return html`<p class="empty">${t('Choose at least two runs below.')}</p>`;
    const changes = changesBetween(table, shown);
    const colors = colorsOf(table, table.rows);
    const meanAt = placeOf(table, MEAN);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('What changed between the chosen runs')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${changes.length === 0 ? t('Nothing in the file') : ''}</th>
              ${shown.map(
                (row) => html`<th scope="col">
                  <span class="swatch" .style=${`--swatch:${colorOf(colors.get(String(row[0])) ?? 0)}`}></span>
                  ${String(row[1])}<span class="sub">${String(row[0])}</span>
                </th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${changes.map(
              ({ name, values }) => html`<tr>
                <th scope="row">${name}</th>
                ${values.map((value, i) => html`<td class=${i > 0 && value === values[i - 1] ? 'muted' : ''}>${value ?? '–'}</td>`)}
              </tr>`,
            )}
            ${
              meanAt === undefined
                ? nothing
                : html`<tr>
                    <th scope="row">${t('Best mean skill')}</th>
                    ${shown.map((row) => html`<td>${typeof row[meanAt] === 'number' ? row[meanAt].toFixed(3) : '–'}</td>`)}
                  </tr>`
            }
          </tbody>
        </table>
      </div>
      ${rows.length > shown.length ? html`<p class="muted">${t('{0} of {1} chosen runs.', shown.length, rows.length)}</p>` : nothing}`;
  }

  private differences(table: RunTable, rows: readonly TableRow[]): TemplateResult {
    const names = rowNamesOf(table);
    const options = rows.flatMap((row) => {
      const run = String(row[0]);
      return names
        .filter((name) => meanOf(table, row, name) !== undefined)
        .map((name) => ({
          value: JSON.stringify([run, name]),
          label: `${rowName(name)} · ${runWords(table, row)}`,
        }));
    });
    const { a: first, b: second } = this.sidesOf(table, rows);
    const side = (label: string, value: BoardRow | undefined, set: (row: BoardRow) => void) =>
      dropdown({
        label,
        options,
        value: value ? JSON.stringify([value.run, value.row]) : '',
        onChange: (chosen) => {
          const [run, row] = JSON.parse(chosen) as readonly string[];
          set({ run, row });
        },
      });
    if (!first || !second) return html`<p class="empty">${t('There is no leaderboard to compare yet.')}</p>`;
    const isAnswer = this.paired && same(this.paired.a, first) && same(this.paired.b, second);
    return html`<div class="toolbar">
        ${side('A', first, (a) => {
          this.sides = { ...this.sides, a };
        })}
        ${side('B', second, (b) => {
          this.sides = { ...this.sides, b };
        })}
      </div>
      ${isAnswer && this.paired ? this.pairedView(this.paired) : html`<p class="muted" role="status">${t('Comparing …')}</p>`}`;
  }

  private sidesOf(table: RunTable, rows: readonly TableRow[]): Sides {
    return { ...firstSides(table, rows), ...this.sides };
  }

  protected override updated(): void {
    if (!this.table) return;
    const { a, b } = this.sidesOf(this.table, this.chosenRows(this.table));
    const asked = JSON.stringify([a, b]);
    if (!a || !b || asked === this.asked) return;
    this.asked = asked;
    send({ kind: 'pair', a, b });
  }

  private pairedView({ comparison, problem }: Paired): TemplateResult {
    if (!comparison) return html`<p class="mistake" role="status">${problem}</p>`;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('Differences by task')}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t('Task')}</th>
            <th scope="col">${t('A − B, positive where A is better')}</th>
            <th scope="col">${t('Verdict')}</th>
          </tr>
        </thead>
        <tbody>
          ${pairedLines(comparison).map(
            ({ task, difference, verdict, kind }) => html`<tr>
              <th scope="row">${task}</th>
              <td>${difference}</td>
              <td class=${kind}>${verdict}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private scatter(table: RunTable, rows: readonly TableRow[]): TemplateResult {
    const numbers = table.columns.filter(({ kind, role }) => kind === 'number' && role !== 'identity');
    const options = numbers.map((column) => ({ value: column.id, label: columnName(column) }));
    const best = table.columns.find(({ role }) => role === 'cost');
    const x = this.x ?? best?.id ?? numbers[0]?.id;
    if (x === undefined) return html``;
    return html`<div>
      <div class="toolbar">
        ${dropdown({
          label: 'x',
          options,
          value: x,
          onChange: (id) => {
            this.x = id;
          },
        })}
        ${dropdown({
          label: 'y',
          options,
          value: this.y,
          onChange: (id) => {
            this.y = id;
          },
        })}
      </div>
      <taskweave-plot .spec=${scatterOf(table, rows, x, this.y)} .theme=${this.theme} .height=${230}></taskweave-plot>
    </div>`;
  }

  private columns(table: RunTable): readonly GridColumn<TableRow>[] {
    if (this.columnsOf?.table !== table) {
      this.columnsOf = { table, columns: gridColumns(table.columns, ['run']) };
    }
    return this.columnsOf.columns;
  }
}

/** When it began, and the end of its id: most runs of an experiment have its name. */
function runWords(table: RunTable, row: TableRow): string {
  const [createdAt, run] = [placeOf(table, 'created'), String(row[0])];
  const when = createdAt === undefined ? '' : startedAt(String(row[createdAt]));
  return `${when} ${run.slice(-6)}`;
}

function same(a: BoardRow, b: BoardRow): boolean {
  return a.run === b.run && a.row === b.row;
}
