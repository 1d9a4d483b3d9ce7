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
import { html, Markup } from './markup';
import { differencePlot, frontPlot, heatMap, pathPlot, reliabilityPlot, residualPlot } from './plots';
import type { ReportData } from './report-data';
import { STYLES } from './styles';
import { answerOf, madeOf, relatednessTitle, transferTasks } from './words';

/** Tasks with columns of their own, and pictures of single tasks; beyond, the tables fold away. */
const MOST_COLUMNS = 8;
const MOST_PICTURES = 12;
const MOST_HEAT_TASKS = 80;

/**
 * One self-contained page: no script, nothing loaded from anywhere (its own policy forbids both), light or dark as the
 * reader has it, readable on a phone and on paper.
 */
export function reportHtml(data: ReportData): string {
  const style = createHash('sha256').update(STYLES).digest('base64');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${data.name} – Taskweave report</title>
<style>${new Markup(STYLES)}</style>
</head>
<body><main>
${header(data)}
${boardSection(data.leaderboard)}
${sharingSection(data.leaderboard)}
${costSection(data.leaderboard)}
${pathSection(data)}
${choiceSection(data.leaderboard)}
${relatednessSection(data.leaderboard)}
${diagnosisSection(data)}
${weightsSection(data.leaderboard)}
${taskSection(data.leaderboard)}
${methodSection(data)}
</main></body>
</html>
`;
  return page.text;
}

function header(data: ReportData): Markup {
  const { leaderboard } = data;
  const answer = answerOf(leaderboard);
  return html`<h1>${data.name}</h1>
<p class="muted">${madeOf(data)}</p>
<section class="answer"><h2>The answer</h2>${answer.map((line) => html`<p>${line}</p>`)}
${leaderboard.advice && leaderboard.advice.length > 0 ? html`<ul>${leaderboard.advice.map((line) => html`<li>${line}</li>`)}</ul>` : null}</section>`;
}

function boardSection(board: Leaderboard): Markup {
  const columns = leaderboardColumns(board, board.tasks.length <= MOST_COLUMNS ? board.tasks : []);
  const where =
    board.split === 'test'
      ? 'the test split, scored once'
      : 'out-of-fold predictions: there is no test split';
  const rows = board.rows.map(
    (row) =>
      html`<tr class="${row.role}">${columns.map(({ key, align, text }) => {
        const content = text(row).trim();
        return key === 'name'
          ? html`<th scope="row">${content}</th>`
          : html`<td class="${align}">${content}</td>`;
      })}</tr>`,
  );
  return html`<h2>Leaderboard</h2>
<p class="muted">Scores on ${where}. <em>mean</em> is the mean over tasks of the skill over the mean/majority predictor: 0 is no better, 1 is perfect. <em>over alone</em> is the difference in it from the same learner on each task alone, with its 95 % interval. * selected on this. ◆ no other row has this mean for fewer CPU seconds.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Leaderboard"><table><thead><tr>${columns.map(
    ({ title, align }) => html`<th scope="col" class="${align}">${title}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function sharingSection(board: Leaderboard): Markup | null {
  const compared = board.rows.filter(({ differences }) => differences && Object.keys(differences).length > 0);
  if (compared.length === 0) return null;
  return html`<h2>Did sharing help?</h2>
<p class="muted">Difference from the same learner without sharing, in each task's primary metric, better to the right; 95 % intervals, verdicts after Holm's correction over tasks. ▲ helped, ▼ negative transfer, ● no difference shown, ○ too few rows to tell.${board.note ? ` ${board.note}` : ''}</p>
<div class="cards">${compared.map((row) => sharingCard(board, row))}</div>`;
}

function sharingCard(board: Leaderboard, row: LeaderboardRow): Markup {
  const { shown, left } = transferTasks(row);
  const baseline = baselineOf(board, row);
  return html`<figure><h3>${row.name}</h3><figcaption>${row.meanDifference?.words ?? ''}${baseline ? ` against ${baseline.name}; ${row.cpuSeconds.toFixed(1)} CPU s against ${baseline.cpuSeconds.toFixed(1)}` : ''}</figcaption>
${differencePlot(`Difference of ${row.name} from its baseline, by task`, shown)}
${left > 0 ? html`<figcaption>${left} more tasks between these; the table below has them all.</figcaption>` : null}</figure>`;
}

function costSection(board: Leaderboard): Markup {
  return html`<h2>Score against cost</h2><div class="cards"><figure><figcaption>Better is up, cheaper is left; the dashed line is the front. Mean/majority, 0 by definition, is not drawn.<br><span class="key model"></span>model<span class="key ensemble"></span>ensemble<span class="key"></span>baseline</figcaption>${frontPlot(board.rows)}</figure></div>`;
}

function pathSection({ paths }: ReportData): Markup | null {
  const models = [...new Set(paths.map(({ model }) => model))];
  const cards = models.flatMap((model) => {
    const plot = pathPlot(
      model,
      paths.filter((path) => path.model === model),
    );
    return plot ? [html`<figure><h3>${model}</h3>${plot}</figure>`] : [];
  });
  if (cards.length === 0) return null;
  return html`<h2>Score against λ</h2><p class="muted"><span class="key model"></span>joint<span class="key"></span>without sharing (pooled dashed); the dot is the λ that was chosen.</p><div class="cards">${cards}</div>`;
}

function choiceSection(board: Leaderboard): Markup | null {
  const chosen = board.rows.flatMap((row) => {
    const [title, ...lines] = choiceLines(row);
    if (title === undefined) return [];
    const list = lines.length > 0 ? html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>` : null;
    return [html`<p><strong>${row.name}</strong>: ${title}.</p>${list}`];
  });
  if (chosen.length === 0) return null;
  return html`<h2>What each task chose</h2><p class="muted">By the same rule, from its own scores on the validation folds.</p>${chosen}`;
}

function relatednessSection(board: Leaderboard): Markup | null {
  const { relatedness } = board;
  if (relatedness === undefined || relatedness.tasks.length > MOST_HEAT_TASKS) return null;
  const card = (matrix: RelatednessMatrix) =>
    html`<figure><h3>${relatednessTitle(matrix)}</h3>${heatMap(relatedness.tasks, matrix)}</figure>`;
  return html`<h2>How alike the tasks are</h2><p class="muted">Tasks in the order of their tree; frames are clusters. Blue: alike, or a gain; orange: the opposite.</p><div class="cards">${relatedness.matrices.map(card)}</div>`;
}

function diagnosisSection({ diagnosis, leaderboard }: ReportData): Markup | null {
  const best = leaderboard.rows.find(({ role }) => role !== 'baseline') ?? leaderboard.rows[0];
  const found = diagnosis?.rows.find(({ name }) => name === best?.name);
  if (found === undefined || found.tasks.length === 0) return null;
  const more = found.tasks.length - MOST_PICTURES;
  return html`<h2>How far ${found.name} can be trusted</h2>
<p class="muted">Probabilities: what was predicted against what happened; on the dashed line they mean what they say. ECE is the mean distance from it. Values: residuals by prediction; they should lie around 0 with one width.</p>
<div class="cards">${found.tasks.slice(0, MOST_PICTURES).map(diagnosisCard)}</div>
${more > 0 ? html`<p class="muted">${more} more tasks are in the run's files.</p>` : null}`;
}

function diagnosisCard(one: TaskDiagnosis): Markup {
  if (one.kind === 'reliability') {
    return html`<figure><h3>${one.task}</h3><figcaption>ECE ${one.ece.toFixed(3)}</figcaption>${reliabilityPlot(one.task, one.bins)}</figure>`;
  }
  const { checks } = one;
  const two = (value: number | null) => (value === null ? '–' : value.toFixed(2).replace('-', '−'));
  return html`<figure><h3>${one.task}</h3><figcaption>bias ${formatMetric('rmse', checks.bias)}, slope of truth on prediction ${two(checks.slope)}, skewness ${two(checks.skewness)}, size of errors against prediction r = ${two(checks.spread)}</figcaption>${residualPlot(one.task, checks)}</figure>`;
}

function weightsSection(board: Leaderboard): Markup | null {
  const ensembles = board.rows.filter(
    ({ members, weights }) => members && weights && Object.keys(weights).length > 0,
  );
  if (ensembles.length === 0) return null;
  return html`<h2>What the ensembles use</h2>${ensembles
    .filter(({ role }) => role === 'ensemble')
    .map(
      ({ name, members = [], weights = {} }) =>
        html`<details><summary>${name}</summary><div class="scroll" tabindex="0" role="region" aria-label="Weights of ${name}"><table><thead><tr><th scope="col">task</th>${members.map((member) => html`<th scope="col" class="right">${member}</th>`)}</tr></thead><tbody>${Object.entries(
          weights,
        ).map(
          ([task, list]) =>
            html`<tr><th scope="row">${task}</th>${list.map((weight) => html`<td class="right">${weight === 0 ? '·' : weight.toFixed(2)}</td>`)}</tr>`,
        )}</tbody></table></div></details>`,
    )}`;
}

/** Every task of the best row that has a baseline, beside that baseline. */
function taskSection(board: Leaderboard): Markup | null {
  const row = board.rows.find(({ differences }) => differences) ?? board.rows[0];
  if (row === undefined) return null;
  const baseline = baselineOf(board, row);
  const line = ({ id, primary, labelled, labelledTest }: Leaderboard['tasks'][number]) => {
    const value = (from: LeaderboardRow | undefined) =>
      formatMetric(primary, from?.scores[id]?.[primary] ?? null);
    return html`<tr><th scope="row">${id}</th><td>${metricNamed(primary).displayName}</td><td class="right">${value(row)}</td><td class="right">${value(baseline)}</td><td>${row.differences?.[id]?.words ?? ''}</td><td class="right">${board.split === 'test' ? labelledTest : labelled}</td></tr>`;
  };
  return html`<h2>Every task of ${row.name}</h2><details${new Markup(board.tasks.length <= 2 * MOST_PICTURES ? ' open' : '')}><summary>${board.tasks.length} tasks</summary><div class="scroll" tabindex="0" role="region" aria-label="Scores by task"><table><thead><tr><th scope="col">task</th><th scope="col">metric</th><th scope="col" class="right">score</th><th scope="col" class="right">${baseline?.name ?? 'baseline'}</th><th scope="col">verdict</th><th scope="col" class="right">rows</th></tr></thead><tbody>${board.tasks.map(line)}</tbody></table></div></details>`;
}

function methodSection(data: ReportData): Markup {
  const warnings = [
    ...data.leaderboard.rows.flatMap(({ name, warnings: own }) => own.map((text) => `${name}: ${text}`)),
    ...data.warnings,
  ];
  return html`<h2>How it was made</h2>
<p>Run ${data.run}: ${data.fits} fits. ${data.madeWith.join(', ')}. λ and weights were chosen on folds of the training rows; the test split, where there is one, was scored once. CPU seconds are those of all fits, tuning included.</p>
${warnings.length > 0 ? html`<details><summary>${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}</summary><ul>${[...new Set(warnings)].map((line) => html`<li>${line}</li>`)}</ul></details>` : null}
<details><summary>The experiment, every default filled in</summary><pre>${data.experiment}</pre></details>`;
}
