import { t } from '../src/protocol/l10n';
import type { Hyperparameter } from '../src/protocol/panel';

/** Values of a hyperparameter as the experiment file writes them. */
export type Values =
  | readonly (number | string | boolean)[]
  | { readonly from: number; readonly to: number; readonly points?: number; readonly scale?: 'log' };

export interface ValuesRead {
  readonly values?: Values;
  /** Points of a grid over them. */
  readonly count: number;
  readonly mistake?: string;
}

/** Points of a range that does not say, as in the experiment file. */
const DEFAULT_POINTS = 5;
const MOST = 1000;
const RANGE = /^(\S+?)\s*\.\.\s*(\S+?)(?:\s+by\s+(\S+)|\s+x\s*(\S+))?(\s+log)?$/;

/**
 * What is typed for a hyperparameter: a list `0, 0.2, 0.5`; a range `0.001..0.1`, with its number of points `x7`, on a
 * log scale `log`, or in steps `0..10 by 2`.
 */
export function readValues(
  typed: string,
  { kind, options }: Pick<Hyperparameter, 'kind' | 'options'>,
): ValuesRead {
  const text = typed.trim().replaceAll('−', '-');
  if (text === '') return bad(t('give values, such as 0.1, 0.5'));
  const range = RANGE.exec(text);
  if (range) {
    if (kind !== 'number' && kind !== 'integer') return bad(t('a range is for numbers: give a list'));
    return readRange(range, kind === 'integer');
  }
  const items = text.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) return bad(t('there is nothing between two commas'));
  const values = items.map((item) => readItem(item, kind));
  const wrong = items.find((_, i) => values[i] === undefined);
  if (wrong !== undefined)
    return bad(
      kind === 'integer' ? t('“{0}” is not a whole number', wrong) : t('“{0}” is not a {1}', wrong, t(kind)),
    );
  const unknown = options && items.find((item) => !options.includes(item));
  if (unknown !== undefined) return bad(t('“{0}” is none of {1}', unknown, options?.join(', ') ?? ''));
  if (new Set(items).size < items.length) return bad(t('a value stands there twice'));
  return { values: values.filter((value) => value !== undefined), count: items.length };
}

function readRange([, first, last, by, times, log]: RegExpExecArray, isInteger: boolean): ValuesRead {
  const [from, to] = [Number(first), Number(last)];
  if (!Number.isFinite(from) || !Number.isFinite(to))
    return bad(t('the ends of a range are numbers: 0.001..0.1'));
  if (from === to) return bad(t('both ends are the same'));
  if (log && (from <= 0 || to <= 0)) return bad(t('on a log scale both ends are above 0'));
  if (by !== undefined) return readSteps(from, to, Number(by), isInteger, log !== undefined);
  const points = times === undefined ? DEFAULT_POINTS : Number(times);
  if (!Number.isInteger(points) || points < 2 || points > MOST)
    return bad(t('x is followed by a whole number from 2 to {0}', MOST));
  if (isInteger && !(Number.isInteger(from) && Number.isInteger(to)))
    return bad(t('the ends have to be whole numbers'));
  const count = isInteger ? Math.min(points, Math.abs(to - from) + 1) : points;
  return {
    values: { from, to, ...(times !== undefined && { points }), ...(log && { scale: 'log' }) },
    count,
  };
}

/** From, from + step, … up to the end: a list, as the file knows no steps. */
function readSteps(from: number, to: number, by: number, isInteger: boolean, isLog: boolean): ValuesRead {
  if (isLog)
    return bad(t('steps are not on a log scale: leave out “log”, or give the number of points with x'));
  const step = Math.sign(to - from) * Math.abs(by);
  if (!Number.isFinite(step) || step === 0) return bad(t('by is followed by a step other than 0'));
  if (isInteger && !(Number.isInteger(from) && Number.isInteger(step)))
    return bad(t('whole numbers are needed'));
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > MOST) return bad(t('that is {0} values; {1} at most', count, MOST));
  // Without the dust of repeated addition: 0.30000000000000004.
  return {
    values: Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12))),
    count,
  };
}

function readItem(item: string, kind: Hyperparameter['kind']): number | string | boolean | undefined {
  switch (kind) {
    case 'number':
    case 'integer': {
      const value = Number(item);
      return Number.isFinite(value) && (kind === 'number' || Number.isInteger(value)) ? value : undefined;
    }
    case 'boolean':
      return item === 'true' ? true : item === 'false' ? false : undefined;
    case 'text':
      return item;
    case 'other':
      return Number.isFinite(Number(item)) ? Number(item) : item;
  }
}

function bad(mistake: string): ValuesRead {
  return { count: 0, mistake };
}
