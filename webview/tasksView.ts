import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../src/protocol/l10n';
import type { Leaderboard, LeaderboardRow } from '../src/protocol/leaderboard';
import { rowName } from '../src/protocol/names';
import { sentence } from '../src/protocol/sentences';
import { metricName, score } from '../src/protocol/words';
import { icon } from './controls';
import { heatMap } from './heatMap';
import { mapsOf } from './tasksData';

const VERDICT_ICONS = {
  helped: 'arrow-up',
  'negative transfer': 'warning',
  'too few rows to tell': 'question',
} as const;

/** Which tasks helped each other, which were hurt, and how alike they are. */
export function tasksView(leaderboard: Leaderboard | null): TemplateResult {
  if (!leaderboard) return html`<p class="empty">${t('This comes with the leaderboard.')}</p>`;
  const joint = leaderboard.rows.filter((row) => row.role !== 'baseline' && row.differences !== undefined);
  const maps = mapsOf(leaderboard.relatedness);
  return html`
    ${(leaderboard.advice ?? []).map((advice) => html`<p>${icon('lightbulb')} ${sentence(advice)}</p>`)}
    <h2>${t('Did sharing help?')}</h2>
    ${joint.length === 0 ? html`<p class="empty">${t('No model shares anything between tasks.')}</p>` : verdicts(leaderboard, joint)}
    ${joint.length > 0 ? html`<p class="muted">${t('In brackets: 95 % intervals.')} ${leaderboard.note ? sentence(leaderboard.note) : nothing}</p>` : nothing}
    <h2>${t('How alike the tasks are')}</h2>
    ${
      maps.length === 0
        ? html`<p class="empty">
            ${unknownWords()}
          </p>`
        : html`<div class="charts wide">${maps.map(heatMap)}</div>`
    }
  `;
}

/** What would make it known, with the key as it is written in the file. */
function unknownWords(): TemplateResult {
  const [before, after] = t(
    'Not known for this run. {0} in the file fits every pair of tasks and measures what they gain from each other.',
  ).split('{0}');
  return html`${before}<code>relatedness: pairwise</code>${after}`;
}

/** Tasks × models, those that sharing hurt first. */
function verdicts(leaderboard: Leaderboard, rows: readonly LeaderboardRow[]): TemplateResult {
  const hurt = (task: string) =>
    rows.filter(({ negativeTransfer }) => negativeTransfer.includes(task)).length;
  const tasks = [...leaderboard.tasks].sort((a, b) => hurt(b.id) - hurt(a.id));
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${t('Differences from learning each task alone')}>
    <table class="verdicts">
      <thead>
        <tr>
          <th scope="col">${t('Task')}</th>
          ${rows.map(({ name }) => html`<th scope="col">${rowName(name)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${tasks.map(
          ({ id, primary }) => html`<tr>
            <th scope="row">${id}<span class="sub">${metricName(primary)}</span></th>
            ${rows.map((row) => verdictCell(row, id, primary))}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function verdictCell(row: LeaderboardRow, task: string, primary: string): TemplateResult {
  const difference = row.differences?.[task];
  const value = score(row.scores[task]?.[primary]);
  if (!difference) return html`<td>${value}</td>`;
  const { verdict, words } = difference;
  const sign = verdict === 'no difference shown' ? nothing : icon(VERDICT_ICONS[verdict]);
  return html`<td>${value}<span class="sub ${verdict.replaceAll(' ', '-')}">${sign} ${unbroken(sentence(words))}</span></td>`;
}

/** An interval stays on one line. */
function unbroken(words: string): string {
  return words.replace(/\[[^\]]*\]/g, (interval) => interval.replaceAll(' ', '\u00a0'));
}
