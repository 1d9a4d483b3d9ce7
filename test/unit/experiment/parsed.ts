import { parseExperiment } from '../../../src/core/experiment';
import { only } from './support';

/** A sound file, with one part changed. */
export function withModels(models: string, rest = ''): string {
  return `data: { source: a.csv }\ntasks: { y: y }\nmodels:\n${models}\n${rest}`;
}

/** The only mistake of a text. */
export function mistake(text: string) {
  return only(parseExperiment(text).diagnostics);
}
