import {
  type SweepableModel,
  type SweepRequest,
  type SweepSize,
  sweepFits,
  sweepRequest,
} from '../src/protocol/panel';
import { count, lambda } from '../src/protocol/words';

/** The form as typed. */
export interface SweepFields {
  readonly model: string;
  readonly from: string;
  readonly to: string;
  readonly points: string;
  readonly folds: string;
}

export type SweepFieldName = Exclude<keyof SweepFields, 'model'>;

export interface SweepReading {
  /** Absent while there is a mistake. */
  readonly request?: SweepRequest;
  readonly mistakes: Readonly<Partial<Record<SweepFieldName, string>>>;
  /** How many fits it is, or what is to be mended first. */
  readonly words: string;
}

export function initialFields(model: SweepableModel | undefined, folds: number): SweepFields {
  const text = (value: number | null) => (value === null ? '' : String(value));
  return {
    model: model?.name ?? '',
    from: text(model?.from ?? null),
    to: text(model?.to ?? null),
    points: String(model?.points ?? 20),
    folds: String(folds),
  };
}

/** What the form asks for, checked as it is typed. */
export function readSweep(
  fields: SweepFields,
  model: SweepableModel | undefined,
  experiment: Pick<SweepSize, 'tasks' | 'pooled' | 'constantFolds'>,
): SweepReading {
  const mistakes: Partial<Record<SweepFieldName, string>> = {};
  const from = positive(fields.from);
  const to = positive(fields.to);
  if (from === undefined) mistakes.from = 'a number above 0 is needed, or nothing';
  else if (from === null && model && !model.lambdaMax)
    mistakes.from = 'this model has no λ_max: give the largest λ';
  if (to === undefined) mistakes.to = 'a number above 0 is needed, or nothing';
  if (typeof from === 'number' && typeof to === 'number' && to > from)
    mistakes.to = 'must not be above “from”';
  const points = whole(fields.points, 1, 1000);
  if (points === undefined) mistakes.points = 'a whole number from 1 to 1000 is needed';
  const folds = whole(fields.folds, 2, 100);
  if (folds === undefined) mistakes.folds = 'a whole number from 2 to 100 is needed';
  const [mistake] = Object.entries(mistakes);
  if (mistake || points === undefined || folds === undefined) {
    return { mistakes, words: mistake ? `${FIELD_NAMES[mistake[0] as SweepFieldName]}: ${mistake[1]}` : '' };
  }
  const request = sweepRequest.safeParse({
    model: fields.model,
    from: from ?? null,
    to: to ?? null,
    points,
    folds,
  });
  if (!request.success) return { mistakes, words: 'Choose a model that has a λ.' };
  const { tasks, pooled, constantFolds } = experiment;
  const fits = sweepFits({ points, folds, tasks, pooled, constantFolds });
  return {
    request: request.data,
    mistakes,
    words:
      `${rangeWords(from ?? null, to ?? null, model?.ratio)}: ${points} λ × ${count(folds, 'fold')} + 1 refit = ${count(fits.model, 'fit')}, ` +
      `${count(fits.model + fits.baselines, 'fit')} with baselines.`,
  };
}

/** Smallest λ where the field is left empty. */
export function toPlaceholder(model: SweepableModel | undefined): string {
  return model ? `× ${lambda(model.ratio)}` : '';
}

export const FIELD_NAMES: Readonly<Record<SweepFieldName, string>> = {
  from: 'From λ',
  to: 'To λ',
  points: 'Points',
  folds: 'Folds',
};

function rangeWords(from: number | null, to: number | null, ratio = 1): string {
  const largest = from === null ? 'λ_max' : lambda(from);
  if (to !== null) return `From ${largest} to ${lambda(to)}`;
  return from === null
    ? `From λ_max to λ_max × ${lambda(ratio)}`
    : `From ${largest} to ${lambda(from * ratio)}`;
}

/** Null for nothing, undefined for what is not a number above 0. */
function positive(text: string): number | null | undefined {
  const trimmed = text.trim().replace(',', '.').replace('−', '-');
  if (trimmed === '') return null;
  const value = Number(trimmed);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function whole(text: string, min: number, max: number): number | undefined {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}
