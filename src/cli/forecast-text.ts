import Table from 'cli-table3';
import { CONSTANT_MODEL } from '../core/experiment';
import type { RunForecast } from '../jobs';
import { plainTable } from './leaderboard-text';
import { formatSeconds } from './progress';

/** What a run would do: fits by model, their number, and about how long they take. */
export function printForecast(forecast: RunForecast, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(forecast)}\n`);
    return;
  }
  const { models, others, fits, trials, estimate, workers, reused } = forecast;
  const table = new Table({
    ...plainTable,
    head: ['model', 'scope', 'configurations', 'folds', 'fits'],
    colAligns: ['left', 'left', 'right', 'right', 'right'],
  });
  for (const { key, configurations, folds, fits: own } of models) {
    const name = key.model === CONSTANT_MODEL ? 'mean/majority' : key.model;
    table.push([name, key.scope, configurations, folds, own.toLocaleString('en')]);
  }
  for (const { kind, name, fits: own } of others) table.push([name, kind, '', '', own.toLocaleString('en')]);
  const basis = estimate.basis === 'measured' ? 'by earlier runs on this data' : 'guessed from its size';
  const work = `${fits.toLocaleString('en')} fits in ${trials.toLocaleString('en')} trials`;
  const left = `about ${formatSeconds(estimate.seconds)} on ${workers} ${workers === 1 ? 'worker' : 'workers'} (${basis})`;
  const isDone = fits > 0 && reused >= fits;
  const lines = [
    table.toString(),
    '',
    isDone ? `${work}; all are done already, in earlier runs: nothing is left to fit` : `${work}; ${left}`,
    ...(reused > 0 && !isDone
      ? [`${reused.toLocaleString('en')} of them are done already, in earlier runs`]
      : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
