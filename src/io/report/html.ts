import { createHash } from 'node:crypto';
import {
  baselineOf,
  choiceLines,
  formatMetric,
  type Leaderboard,
  type LeaderboardRow,
  leaderboardColumns,
  metricNamed,
  type RelatednessMatrix,
  type TaskDiagnosis,
} from '../../core/evaluate';
import { count, ENGLISH, type ReportLanguage } from './language';
import { html, Markup } from './markup';
import { differencePlot, frontPlot, heatMap, pathPlot, reliabilityPlot, residualPlot } from './plots';
import type { ReportData } from './report-data';
import { type ReportTheme, reportStyles } from './styles';
import {
  answerOf,
  cellText,
  columnTitle,
  madeOf,
  relatednessTitle,
  scoredOn,
  transferTasks,
  withNames,
} from './words';

/** Tasks with columns of their own, and pictures of single tasks; beyond, the tables fold away. */
const MOST_COLUMNS = 8;
const MOST_PICTURES = 12;
const MOST_HEAT_TASKS = 80;

/**
 * One self-contained page: no script, nothing loaded from anywhere (its own policy forbids both), light or dark as the
 * reader has it unless said otherwise, readable on a phone and on paper.
 */
export function reportHtml(
  given: ReportData,
  say: ReportLanguage = ENGLISH,
  theme: ReportTheme = 'auto',
): string {
  const { t } = say;
  const data = withNames(given, say);
  const styles = reportStyles(theme);
  const style = createHash('sha256').update(styles).digest('base64');
  const page = html`<!doctype html>
<html lang="${say.tag}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${t('{0} – Taskweave report', data.name)}</title>
<style>${new Markup(styles)}</style>
</head>
<body><main>
${header(data, say)}
${boardSection(data.leaderboard, say)}
${sharingSection(data.leaderboard, say)}
${costSection(data.leaderboard, say)}
${pathSection(data, say)}
${choiceSection(data.leaderboard, say)}
${relatednessSection(data.leaderboard, say)}
${diagnosisSection(data, say)}
${weightsSection(data.leaderboard, say)}
${taskSection(data.leaderboard, say)}
${methodSection(data, say)}
</main></body>
</html>
`;
  return page.text;
}

function header(data: ReportData, say: ReportLanguage): Markup {
  const { t, sentence } = say;
  const { leaderboard } = data;
  const answer = answerOf(leaderboard, say);
  return html`<h1>${data.name}</h1>
<p class="muted">${madeOf(data, say)}</p>
<section class="answer"><h2>${t('The answer')}</h2>${answer.map((line) => html`<p>${line}</p>`)}
${leaderboard.advice && leaderboard.advice.length > 0 ? html`<ul>${leaderboard.advice.map((line) => html`<li>${sentence(line)}</li>`)}</ul>` : null}</section>`;
}

function boardSection(board: Leaderboard, say: ReportLanguage): Markup {
  const { t } = say;
  const columns = leaderboardColumns(board, board.tasks.length <= MOST_COLUMNS ? board.tasks : []);
  const rows = board.rows.map(
    (row) =>
      html`<tr class="${row.role}">${columns.map((column) => {
        const { key, align } = column;
        const content = cellText(column, row, say);
        return key === 'name'
          ? html`<th scope="row">${content}</th>`
          : html`<td class="${align}">${content}</td>`;
      })}</tr>`,
  );
  const words = t(
    'Scores on {0}. “mean” is the mean over tasks of the skill over the mean/majority predictor: 0 is no better, 1 is perfect. “over alone” is the difference in it from the same learner on each task alone, with its 95 % interval. * selected on this. ◆ no other row has this mean for fewer CPU seconds.',
    scoredOn(board, say),
  );
  return html`<h2>${t('Leaderboard')}</h2>
<p class="muted">${words}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${t('Leaderboard')}"><table><thead><tr>${columns.map(
    (column) => html`<th scope="col" class="${column.align}">${columnTitle(column, say)}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function sharingSection(board: Leaderboard, say: ReportLanguage): Markup | null {
  const { t, sentence } = say;
  const compared = board.rows.filter(({ differences }) => differences && Object.keys(differences).length > 0);
  if (compared.length === 0) return null;
  const words = t(
    'Difference from the same learner without sharing, in the primary metric of each task, better to the right; 95 % intervals, verdicts after Holm’s correction over tasks. ▲ helped, ▼ negative transfer, ● no difference shown, ○ too few rows to tell.',
  );
  return html`<h2>${t('Did sharing help?')}</h2>
<p class="muted">${words}${board.note ? ` ${sentence(board.note)}` : ''}</p>
<div class="cards">${compared.map((row) => sharingCard(board, row, say))}</div>`;
}

function sharingCard(board: Leaderboard, row: LeaderboardRow, say: ReportLanguage): Markup {
  const { t, sentence } = say;
  const { shown, left } = transferTasks(row);
  const baseline = baselineOf(board, row);
  const verdict = sentence(row.meanDifference?.words ?? '');
  const words = baseline
    ? t(
        '{0} against {1}; {2} CPU s against {3}',
        verdict,
        baseline.name,
        row.cpuSeconds.toFixed(1),
        baseline.cpuSeconds.toFixed(1),
      )
    : verdict;
  return html`<figure><h3>${row.name}</h3><figcaption>${words.trim()}</figcaption>
${differencePlot(t('Difference of {0} from its baseline, by task', row.name), shown, say)}
${left > 0 ? html`<figcaption>${t('{0} more tasks between these; the table below has them all.', left)}</figcaption>` : null}</figure>`;
}

function costSection(board: Leaderboard, say: ReportLanguage): Markup {
  const { t } = say;
  return html`<h2>${t('Score against cost')}</h2><div class="cards"><figure><figcaption>${t('Better is up, cheaper is left; the dashed line is the front. Mean/majority, 0 by definition, is not drawn.')}<br><span class="key model"></span>${t('model')}<span class="key ensemble"></span>${t('ensemble')}<span class="key"></span>${t('baseline')}</figcaption>${frontPlot(board.rows, say)}</figure></div>`;
}

function pathSection({ paths }: ReportData, say: ReportLanguage): Markup | null {
  const { t } = say;
  const models = [...new Set(paths.map(({ model }) => model))];
  const cards = models.flatMap((model) => {
    const plot = pathPlot(
      model,
      paths.filter((path) => path.model === model),
      say,
    );
    return plot ? [html`<figure><h3>${model}</h3>${plot}</figure>`] : [];
  });
  if (cards.length === 0) return null;
  return html`<h2>${t('Score against λ')}</h2><p class="muted"><span class="key model"></span>${t('joint')}<span class="key"></span>${t('without sharing (pooled dashed); the dot is the λ that was chosen.')}</p><div class="cards">${cards}</div>`;
}

function choiceSection(board: Leaderboard, { t, sentence }: ReportLanguage): Markup | null {
  const chosen = board.rows.flatMap((row) => {
    const [title, ...lines] = choiceLines(row);
    if (title === undefined) return [];
    const list =
      lines.length > 0 ? html`<ul>${lines.map((line) => html`<li>${sentence(line)}</li>`)}</ul>` : null;
    return [html`<p><strong>${row.name}</strong>: ${sentence(title)}.</p>${list}`];
  });
  if (chosen.length === 0) return null;
  return html`<h2>${t('What each task chose')}</h2><p class="muted">${t('By the same rule, from its own scores on the validation folds.')}</p>${chosen}`;
}

function relatednessSection(board: Leaderboard, say: ReportLanguage): Markup | null {
  const { t } = say;
  const { relatedness } = board;
  if (relatedness === undefined || relatedness.tasks.length > MOST_HEAT_TASKS) return null;
  const card = (matrix: RelatednessMatrix) =>
    html`<figure><h3>${relatednessTitle(matrix, say)}</h3>${heatMap(relatedness.tasks, matrix, say)}</figure>`;
  return html`<h2>${t('How alike the tasks are')}</h2><p class="muted">${t('Tasks in the order of their tree; frames are clusters. Blue: alike, or a gain; orange: the opposite.')}</p><div class="cards">${relatedness.matrices.map(card)}</div>`;
}

function diagnosisSection({ diagnosis, leaderboard }: ReportData, say: ReportLanguage): Markup | null {
  const { t } = say;
  const best = leaderboard.rows.find(({ role }) => role !== 'baseline') ?? leaderboard.rows[0];
  const found = diagnosis?.rows.find(({ name }) => name === best?.name);
  if (found === undefined || found.tasks.length === 0) return null;
  const more = found.tasks.length - MOST_PICTURES;
  const words = t(
    'Probabilities: what was predicted against what happened; on the dashed line they mean what they say. ECE is the mean distance from it. Values: residuals by prediction; they should lie around 0 with one width.',
  );
  return html`<h2>${t('How far {0} can be trusted', found.name)}</h2>
<p class="muted">${words}</p>
<div class="cards">${found.tasks.slice(0, MOST_PICTURES).map((one) => diagnosisCard(one, say))}</div>
${more > 0 ? html`<p class="muted">${t('{0} more tasks are in the files of the run.', more)}</p>` : null}`;
}

function diagnosisCard(one: TaskDiagnosis, say: ReportLanguage): Markup {
  const { t } = say;
  if (one.kind === 'reliability') {
    return html`<figure><h3>${one.task}</h3><figcaption>ECE ${one.ece.toFixed(3)}</figcaption>${reliabilityPlot(one.task, one.bins, say)}</figure>`;
  }
  const { checks } = one;
  const two = (value: number | null) => (value === null ? '–' : value.toFixed(2).replace('-', '−'));
  const words = t(
    'bias {0}, slope of truth on prediction {1}, skewness {2}, size of errors against prediction r = {3}',
    formatMetric('rmse', checks.bias),
    two(checks.slope),
    two(checks.skewness),
    two(checks.spread),
  );
  return html`<figure><h3>${one.task}</h3><figcaption>${words}</figcaption>${residualPlot(one.task, checks, say)}</figure>`;
}

function weightsSection(board: Leaderboard, { t }: ReportLanguage): Markup | null {
  const ensembles = board.rows.filter(
    ({ members, weights }) => members && weights && Object.keys(weights).length > 0,
  );
  if (ensembles.length === 0) return null;
  return html`<h2>${t('What the ensembles use')}</h2>${ensembles
    .filter(({ role }) => role === 'ensemble')
    .map(
      ({ name, members = [], weights = {} }) =>
        html`<details><summary>${name}</summary><div class="scroll" tabindex="0" role="region" aria-label="${t('Weights of {0}', name)}"><table><thead><tr><th scope="col">${t('task')}</th>${members.map((member) => html`<th scope="col" class="right">${member}</th>`)}</tr></thead><tbody>${Object.entries(
          weights,
        ).map(
          ([task, list]) =>
            html`<tr><th scope="row">${task}</th>${list.map((weight) => html`<td class="right">${weight === 0 ? '·' : weight.toFixed(2)}</td>`)}</tr>`,
        )}</tbody></table></div></details>`,
    )}`;
}

/** Every task of the best row that has a baseline, beside that baseline. */
function taskSection(board: Leaderboard, say: ReportLanguage): Markup | null {
  const { t, sentence } = say;
  const row = board.rows.find(({ differences }) => differences) ?? board.rows[0];
  if (row === undefined) return null;
  const baseline = baselineOf(board, row);
  const line = ({ id, primary, labelled, labelledTest }: Leaderboard['tasks'][number]) => {
    const value = (from: LeaderboardRow | undefined) =>
      formatMetric(primary, from?.scores[id]?.[primary] ?? null);
    return html`<tr><th scope="row">${id}</th><td>${t(metricNamed(primary).displayName)}</td><td class="right">${value(row)}</td><td class="right">${value(baseline)}</td><td>${sentence(row.differences?.[id]?.words ?? '')}</td><td class="right">${board.split === 'test' ? labelledTest : labelled}</td></tr>`;
  };
  return html`<h2>${t('Every task of {0}', row.name)}</h2><details${new Markup(board.tasks.length <= 2 * MOST_PICTURES ? ' open' : '')}><summary>${count(say, board.tasks.length, 'task')}</summary><div class="scroll" tabindex="0" role="region" aria-label="${t('Scores by task')}"><table><thead><tr><th scope="col">${t('task')}</th><th scope="col">${t('metric')}</th><th scope="col" class="right">${t('score')}</th><th scope="col" class="right">${baseline?.name ?? t('baseline')}</th><th scope="col">${t('verdict')}</th><th scope="col" class="right">${t('rows')}</th></tr></thead><tbody>${board.tasks.map(line)}</tbody></table></div></details>`;
}

function methodSection(data: ReportData, say: ReportLanguage): Markup {
  const { t, sentence } = say;
  const warnings = [
    ...data.leaderboard.rows.flatMap(({ name, warnings: own }) =>
      own.map((text) => `${name}: ${sentence(text)}`),
    ),
    ...data.warnings.map(sentence),
  ];
  const words = t(
    'Run {0}: {1}. {2}. λ and weights were chosen on folds of the training rows; the test split, where there is one, was scored once. CPU seconds are those of all fits, tuning included.',
    data.run,
    count(say, data.fits, 'fit'),
    data.madeWith.map(sentence).join(', '),
  );
  return html`<h2>${t('How it was made')}</h2>
<p>${words}</p>
${warnings.length > 0 ? html`<details><summary>${count(say, warnings.length, 'warning')}</summary><ul>${[...new Set(warnings)].map((line) => html`<li>${line}</li>`)}</ul></details>` : null}
<details><summary>${t('The experiment, every default filled in')}</summary><pre>${data.experiment}</pre></details>`;
}
