/**
 * Names that the product makes of those of the file: `linear (single-task)`, `linear fold 2`, `age (missing)`. Stores, JSON
 * and the command line know rows and trials by these English names; every view says them here, in the language of the bundle.
 */
import { t } from './l10n';

/** The mean/majority predictor: its row of the leaderboard, and its model. */
const CONSTANT: ReadonlySet<string> = new Set(['mean/majority', 'constant']);

/** A row of the leaderboard; such endings and names are taken, so that none of the file's is meant. */
export function rowName(name: string): string {
  if (CONSTANT.has(name)) return t('mean/majority');
  const [, model, scope] = /^(.+) \((single-task|pooled)\)$/s.exec(name) ?? [];
  if (scope === 'single-task') return t('{0} (single-task)', model);
  return scope === 'pooled' ? t('{0} (pooled)', model) : name;
}

/** What learns: kinds of the file as they are written there. */
export function learnerName(learner: string): string {
  return CONSTANT.has(learner) ? t('constant') : learner;
}

/** A column that the encoder made: `age (missing)` is 1 where the table has no age. */
export function featureName(name: string): string {
  const [, column] = /^(.+) \(missing\)$/s.exec(name) ?? [];
  return column === undefined ? name : t('{0} (missing)', column);
}

/** What the planner calls trials, from the end of a label on: what stands in `{0}` is looked at again. */
export const TRIAL_NAMES: readonly string[] = [
  '{0} outer {1}',
  '{0} part {1}',
  '{0} model of fold {1} of repeat {2}',
  '{0} model of fold {1}',
  '{0} pairs fold {1}',
  '{0} fold {1} of repeat {2}',
  '{0} fold {1}',
  '{0} search {1}',
  '{0} selection',
  '{0} refit',
  '{0} chain {1} of {2}',
];

const PATTERNS = TRIAL_NAMES.map((template) => ({
  template,
  pattern: new RegExp(`^${template.replace('{0}', '(.+)').replace('{1}', '(\\d+)').replace('{2}', '(.+)')}$`),
}));

/** The label of a trial: `linear (single-task) fold 2`, `linear refit`, `report`. */
export function trialName(label: string): string {
  if (label === 'report') return t('report');
  for (const { template, pattern } of PATTERNS) {
    const match = pattern.exec(label);
    if (match) return t(template, trialName(match[1]), ...match.slice(2).map(rowName));
  }
  return rowName(label);
}
