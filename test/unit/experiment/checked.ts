import type { DatasetSummary } from '../../../src/core/dataset';
import { checkExperiment, parseExperiment } from '../../../src/core/experiment';
import { categorical, numeric, table } from './support';

export const PENGUINS = table(
  344,
  categorical('species', { Adelie: 152, Chinstrap: 68, Gentoo: 124 }),
  categorical('island', { Biscoe: 168, Dream: 124, Torgersen: 52 }),
  numeric('bill_length_mm', { missing: 2 }),
  numeric('body_mass_g', { missing: 2 }),
  categorical('sex', { FEMALE: 165, MALE: 168 }, { missing: 11 }),
);

/** Without what is said of small test splits, as these tables are small. */
export function check(text: string, source: DatasetSummary = PENGUINS) {
  return checkAll(text, source).filter(({ code }) => !code.startsWith('few-test-'));
}

export function checkAll(text: string, source: DatasetSummary = PENGUINS) {
  return checkExperiment(parseExperiment(text), { sources: { 'a.csv': source, 'penguins.csv': source } });
}

/** One base model that takes anything, over `a.csv`. */
export function file(
  data: string,
  tasks = '{ y: { target: sex } }',
  models = '{ m: { kind: forest } }',
): string {
  return `data: { source: a.csv, ${data} }\ntasks: ${tasks}\nmodels: ${models}\n`;
}
