import { html, nothing, type TemplateResult } from 'lit';
import type { Leaderboard } from '../src/protocol/leaderboard';
import { count } from '../src/protocol/words';
import { checkbox, icon } from './controls';
import { type BoardCell, type BoardLine, boardOf } from './leaderboardData';

/** Every model beside its baseline: scores a task, differences, and negative transfer in words. */
export function leaderboardView(
  leaderboard: Leaderboard,
  baselines: boolean,
  onBaselines: (shown: boolean) => void,
): TemplateResult {
  const board = boardOf(leaderboard, baselines);
  return html`
    <div class="toolbar">
      <span class="muted">${board.caption}; differences are from the same model without sharing.</span>
      ${checkbox('Baselines', baselines, onBaselines)}
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="Scores by model and task">
      <table class="board">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" class="number" title="Mean over tasks of skill against the mean/majority predictor">
              Mean skill
            </th>
            ${board.columns.map(
              (column) => html`<th scope="col" class="number" title=${column.rows}>
                ${column.task}<span class="sub">${column.metric}</span>
              </th>`,
            )}
            <th scope="col" class="number" title="CPU seconds of all its fits, tuning included">CPU s</th>
          </tr>
        </thead>
        <tbody>
          ${board.lines.map(lineView)}
        </tbody>
      </table>
    </div>
  `;
}

const roleIcons = { model: 'symbol-class', ensemble: 'layers', baseline: 'dash' } as const;

function lineView(line: BoardLine): TemplateResult {
  return html`<tr class=${line.role}>
    <th scope="row">
      <span class="name">${icon(roleIcons[line.role])} ${line.name}</span>
      <span class="sub">${line.role === 'baseline' ? 'baseline' : line.role}${line.detail ? ` · ${line.detail}` : ''}</span>
      ${
        line.negativeTransfer.length > 0
          ? html`<span class="sub harm">${icon('warning')} negative transfer: ${line.negativeTransfer.join(', ')}</span>`
          : nothing
      }
      ${line.warnings.length > 0 ? warningsView(line.warnings) : nothing}
    </th>
    <td class="number ${line.best ? 'best' : ''}">${line.mean}</td>
    ${line.cells.map(cellView)}
    <td class="number muted">${line.cpu}</td>
  </tr>`;
}

function warningsView(warnings: readonly string[]): TemplateResult {
  return html`<details class="sub">
    <summary>${icon('info')} ${count(warnings.length, 'note')}</summary>
    <ul>
      ${warnings.map((warning) => html`<li>${warning}</li>`)}
    </ul>
  </details>`;
}

function cellView(cell: BoardCell): TemplateResult {
  return html`<td class="number ${cell.best ? 'best' : ''}" title=${cell.difference?.words ?? nothing}>
    ${cell.value}${cell.difference ? differenceView(cell.difference) : nothing}
  </td>`;
}

const verdictIcons = {
  helped: 'arrow-up',
  'negative transfer': 'warning',
  'too few rows to tell': 'question',
} as const;

/** The difference, and the verdict below it in words where there is one to tell. */
function differenceView({ text, verdict }: NonNullable<BoardCell['difference']>): TemplateResult {
  const tells = verdict !== 'no difference shown';
  return html`<span class="sub">${text}</span>${
    tells
      ? html`<span class="sub ${verdict.replaceAll(' ', '-')}">${icon(verdictIcons[verdict])} ${verdict}</span>`
      : nothing
  }`;
}
