import { Command, InvalidArgumentError } from 'commander';
import { type FeatureImportance, featureImportance } from '../../jobs';
import { findRun, storeOption } from '../find-run';

interface ImportanceFlags {
  readonly store?: string;
  readonly repeats: number;
  readonly top?: number;
  readonly json?: boolean;
}

export function importanceCommand(): Command {
  return storeOption(
    new Command('importance')
      .description(
        'Print what the predictions of a model or an ensemble owe to each feature, per task and jointly: by shuffling ' +
          'its values, and, for trees, by what their splits gained.',
      )
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest')
      .argument(
        '[model]',
        'row of the leaderboard (default: the model or ensemble with the best validation)',
      ),
  )
    .option('--repeats <number>', 'shuffles of each feature; 0: gains of trees alone', count, 5)
    .option('--top <number>', 'print so many features (default: all)', count)
    .option('--json', 'print everything as JSON for machines')
    .action(async (id: string, model: string | undefined, flags: ImportanceFlags) => {
      const { store, run } = findRun(id, flags.store);
      const importance = await featureImportance({
        store,
        run,
        repeats: flags.repeats,
        ...(model !== undefined && { model }),
      });
      const text = flags.json ? JSON.stringify({ run, ...importance }) : tableOf(importance, flags.top);
      process.stdout.write(`${text}\n`);
    });
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('Give a whole number, 0 or more.');
  return value;
}

function tableOf(importance: FeatureImportance, top: number | undefined): string {
  const { model, tasks, features, measuredOn, rows, outOfBagLosses } = importance;
  const measured = features.some(({ jointly }) => jointly !== null);
  const hasGains = features.some(({ gain }) => gain !== undefined);
  const header = [
    'feature',
    ...(measured ? ['all tasks', ...tasks] : []),
    ...(hasGains ? ['gain all tasks', ...tasks.map((task) => `gain ${task}`)] : []),
  ];
  const cells = features
    .slice(0, top)
    .map(({ feature, jointly, permutation, deviation, gain, jointGain }) => [
      feature,
      ...(measured ? [cell(jointly), ...permutation.map((one, t) => cell(one, deviation[t]))] : []),
      ...(hasGains ? [cell(jointGain ?? null), ...tasks.map((_, t) => cell(gain?.[t] ?? null))] : []),
    ]);
  const widths = header.map((title, c) => Math.max(title.length, ...cells.map((line) => line[c].length)));
  const line = (values: readonly string[]) =>
    values.map((value, c) => (c === 0 ? value.padEnd(widths[c]) : value.padStart(widths[c]))).join('  ');
  const said = measured
    ? `${model}: what R² (classes: 1 − Brier score / Gini impurity) loses on ${rows} ${measuredOn} when a feature is shuffled`
    : model;
  const gained =
    'gain: what splits of the feature gained in training, as a share of what all splits did (sums to 1)';
  const outOfBag = outOfBagLosses?.map((loss, t) => `${tasks[t]} ${cell(loss)}`).join(', ');
  return [
    said,
    ...(hasGains ? [gained] : []),
    '',
    line(header),
    ...cells.map(line),
    ...(outOfBag ? ['', `out-of-bag loss  ${outOfBag}`] : []),
  ].join('\n');
}

export function cell(value: number | null, deviation: number | null = null): string {
  if (value === null) return '–';
  const text = signed(value);
  return deviation === null ? text : `${text} ± ${deviation.toFixed(4)}`;
}

/** With a true minus sign, and none before what rounds to 0. */
function signed(value: number): string {
  const text = value.toFixed(4);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}
