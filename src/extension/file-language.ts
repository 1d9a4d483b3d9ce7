/**
 * The language of experiment files: schema, parser, learners' parameters, completion. Most of the extension's code, and
 * a bundle of its own (`dist/file-language.js`), which `language.ts` loads with the first file that is read.
 */
import { type Experiment, type ModelSpec, parseExperiment, sourcesOf } from '../core/experiment';
import { families } from '../core/learner/families';
import { hyperparametersOf } from './hyperparameters';
import { outlineOf, type SweepAbility, type Understood } from './outline';

export { experimentOn, sweepWritten, templates } from '../core/experiment';
export { setMessages } from '../protocol/l10n';
export { cursorsAt, definitionAt, schemaHover, suggestions, symbolsOf } from './editor/language';

export function understand(text: string): Understood {
  const ability = ({ kind, parameters }: ModelSpec): SweepAbility => {
    if (!Object.hasOwn(families, kind)) return { lambda: false, lambdaMax: false, hyperparameters: [] };
    const { capabilities, parameters: schema } = families[kind];
    return { ...capabilities(parameters), hyperparameters: hyperparametersOf(schema, parameters) };
  };
  const parsed = parseExperiment(text);
  return { parsed, outline: outlineOf(parsed.draft, ability), sources: sourcesOf(parsed) };
}

/** Hyperparameters of every base model that a sweep may go over, λ where it has one. */
export function parametersOf({ models }: Experiment): ReadonlyMap<string, readonly string[]> {
  return new Map(
    models.map(({ name, kind, parameters }) => {
      if (!Object.hasOwn(families, kind)) return [name, []];
      const { parameters: schema, capabilities } = families[kind];
      const hasLambda = capabilities(parameters).lambda;
      return [name, [...(hasLambda ? ['lambda'] : []), ...Object.keys(schema.shape)]];
    }),
  );
}
