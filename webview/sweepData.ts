import { t } from '../src/protocol/l10n';
import type { Hyperparameter, SweepableModel, SweepSpec } from '../src/protocol/panel';
import { count, duration, lambda } from '../src/protocol/words';
import { readValues } from './sweepValues';

export const METHODS = [
  { value: 'grid', label: t('grid') },
  { value: 'random', label: t('random') },
  { value: 'quasi-random', label: t('quasi-random') },
  { value: 'halving', label: t('successive halving') },
  { value: 'bayesian', label: t('Bayesian') },
] as const;
export type Method = (typeof METHODS)[number]['value'];

/** The form as typed. */
export interface SweepFields {
  readonly model: string;
  /** λ is swept: from, to and points are its grid. */
  readonly lambda: boolean;
  readonly from: string;
  readonly to: string;
  readonly points: string;
  /** Values of each hyperparameter that is swept, by name. */
  readonly over: Readonly<Record<string, string>>;
  readonly method: Method;
  /** Of a search that draws. */
  readonly configurations: string;
  readonly folds: string;
  readonly rule: 'best' | 'one-standard-error';
  readonly select: 'model' | 'per-task';
  /** Most fits of the model; empty: as many as it takes. */
  readonly maxFits: string;
  /** Not started where the estimate is longer; empty: however long. */
  readonly seconds: string;
}

export type Mistakes = Readonly<Record<string, string>>;

export interface SweepReading {
  /** Absent while there is a mistake. */
  readonly sweep?: SweepSpec;
  /** By field: `from`, `over dropout`, … */
  readonly mistakes: Mistakes;
  /** How many configurations and fits it is, or what is to be mended first. */
  readonly words: string;
}

export interface Forecast {
  readonly fits: number;
  readonly seconds: number;
  readonly basis: 'measured' | 'guessed';
  readonly reused: number;
  readonly workers: number;
}

/** What the file starts a search that draws with. */
const DRAWN = 30;
const DEFAULT_POINTS = 20;

export function initialFields(model: SweepableModel | undefined, folds: number): SweepFields {
  const text = (value: number | null) => (value === null ? '' : String(value));
  return {
    model: model?.name ?? '',
    lambda: model?.lambda ?? true,
    from: text(model?.from ?? null),
    to: text(model?.to ?? null),
    points: String(model?.points ?? DEFAULT_POINTS),
    over: {},
    method: 'grid',
    configurations: String(DRAWN),
    folds: String(folds),
    rule: 'best',
    select: 'model',
    maxFits: '',
    seconds: '',
  };
}

/** What the form asks for, checked as it is typed. */
export function readSweep(
  fields: SweepFields,
  model: SweepableModel | undefined,
  { tasks }: { readonly tasks: number },
): SweepReading {
  const mistakes: Record<string, string> = {};
  const over: Record<string, unknown> = {};
  let grid = 1;
  const parts: string[] = [];
  if (fields.lambda) {
    const points = readLambda(fields, model, mistakes, over);
    grid *= points ?? 1;
    parts.push(`${points ?? '?'} λ`);
  }
  for (const [name, typed] of Object.entries(fields.over)) {
    const known = model?.hyperparameters.find((one) => one.name === name);
    if (!known) continue;
    const { values, count: own, mistake } = readValues(typed, known);
    if (mistake !== undefined) mistakes[`over ${name}`] = mistake;
    else over[name] = values;
    grid *= Math.max(1, own);
    parts.push(`${own} ${name}`);
  }
  if (parts.length === 0) mistakes.over = t('choose λ or a hyperparameter to sweep');
  const folds = whole(fields.folds, 2, 100);
  if (folds === undefined) mistakes.folds = t('a whole number from {0} to {1} is needed', 2, 100);
  const isDrawn = fields.method !== 'grid';
  const configurations = isDrawn ? whole(fields.configurations, 1, 10_000) : grid;
  if (configurations === undefined)
    mistakes.configurations = t('a whole number from {0} to {1} is needed', 1, '10,000');
  const maxFits = optional(fields.maxFits);
  if (maxFits === undefined) mistakes.maxFits = t('a whole number above 0 is needed, or nothing');
  const seconds = positive(fields.seconds);
  if (seconds === undefined) mistakes.seconds = t('a number above 0 is needed, or nothing');
  const [first] = Object.entries(mistakes);
  if (first || folds === undefined || configurations === undefined) {
    return { mistakes, words: first ? `${fieldName(first[0])}: ${first[1]}` : '' };
  }
  const budget = {
    ...(isDrawn && { configurations }),
    ...(maxFits !== null && { fits: maxFits }),
    ...(seconds !== null && { seconds }),
  };
  const sweep: SweepSpec = {
    model: fields.model,
    over,
    folds,
    ...(fields.rule !== 'best' && { rule: fields.rule }),
    ...(fields.select !== 'model' && { select: fields.select }),
    ...(isDrawn && { search: fields.method }),
    ...(Object.keys(budget).length > 0 && { budget }),
  };
  const alone = tasks > 1 ? t(', the same for each of {0} tasks alone', tasks) : '';
  const what = isDrawn
    ? t(
        '{0} of {1}, {2}',
        count(configurations, 'configuration'),
        parts.join(' × '),
        METHODS.find(({ value }) => value === fields.method)?.label ?? '',
      )
    : `${parts.join(' × ')}${parts.length > 1 ? ` = ${count(grid, 'configuration')}` : ''}`;
  const halved = fields.method === 'halving' ? t(' at most') : '';
  return {
    sweep,
    mistakes,
    words: t(
      '{0} × {1} + 1 refit = {2}{3}{4}.',
      what,
      count(folds, 'fold'),
      count(configurations * folds + 1, 'fit'),
      halved,
      alone,
    ),
  };
}

/** The plan's own numbers, once they are known. */
export function forecastWords({ fits, seconds, basis, reused, workers }: Forecast): string {
  const done = reused > 0 ? t(', {0} of them done already', reused.toLocaleString('en')) : '';
  const how =
    basis === 'measured' ? t('by earlier runs on this data') : t('guessed from the size of the data');
  return t(
    '{0} with baselines{1}; about {2} on {3}, {4}.',
    count(fits, 'fit'),
    done,
    duration(seconds),
    count(workers, 'worker'),
    how,
  );
}

/** Smallest λ where the field is left empty. */
export function toPlaceholder(model: SweepableModel | undefined): string {
  return model ? `× ${lambda(model.ratio)}` : '';
}

/** Hyperparameters that a form offers: those with values one can type. */
export function offered(model: SweepableModel | undefined): readonly Hyperparameter[] {
  return model?.hyperparameters.filter(({ kind }) => kind !== 'other') ?? [];
}

function readLambda(
  fields: SweepFields,
  model: SweepableModel | undefined,
  mistakes: Record<string, string>,
  over: Record<string, unknown>,
): number | undefined {
  const from = positive(fields.from);
  const to = positive(fields.to);
  if (from === undefined) mistakes.from = t('a number above 0 is needed, or nothing');
  else if (from === null && model && !model.lambdaMax)
    mistakes.from = t('this model has no λ_max: give the largest λ');
  if (to === undefined) mistakes.to = t('a number above 0 is needed, or nothing');
  if (typeof from === 'number' && typeof to === 'number' && to > from)
    mistakes.to = t('must not be above “from”');
  const points = whole(fields.points, 1, 1000);
  if (points === undefined) mistakes.points = t('a whole number from {0} to {1} is needed', 1, 1000);
  over.lambda = { points, ...(typeof from === 'number' && { from }), ...(typeof to === 'number' && { to }) };
  return points;
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  from: t('From λ'),
  to: t('To λ'),
  points: t('Points'),
  folds: t('Folds'),
  configurations: t('Configurations'),
  maxFits: t('Most fits'),
  seconds: t('Most seconds'),
  over: t('What to sweep'),
};

export function fieldName(field: string): string {
  return FIELD_NAMES[field] ?? field.replace(/^over /, '');
}

/** Null for nothing, undefined for what is not a number above 0. */
function positive(text: string): number | null | undefined {
  const trimmed = text.trim().replace(',', '.').replace('−', '-');
  if (trimmed === '') return null;
  const value = Number(trimmed);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function optional(text: string): number | null | undefined {
  return text.trim() === '' ? null : whole(text, 1, Number.MAX_SAFE_INTEGER);
}

function whole(text: string, min: number, max: number): number | undefined {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}
