import type { Experiment, ModelSpec, ParsedExperiment, Template } from '../core/experiment';
import { type Outline, outlineOf, type SweepAbility } from './outline';

/** What the text of an experiment file says. */
export interface Understood {
  readonly parsed: ParsedExperiment;
  readonly outline: Outline;
}

/**
 * The language of experiment files is most of the extension's code: it is loaded with the first file that is read,
 * so that activation does not wait for it.
 */
export async function understandText(text: string): Promise<Understood> {
  const [{ parseExperiment }, { families }, { hyperparametersOf }] = await Promise.all([
    import('../core/experiment'),
    import('../core/learner/families'),
    import('./hyperparameters'),
  ]);
  const ability = ({ kind, parameters }: ModelSpec): SweepAbility => {
    if (!Object.hasOwn(families, kind)) return { lambda: false, lambdaMax: false, hyperparameters: [] };
    const { capabilities, parameters: schema } = families[kind];
    return { ...capabilities(parameters), hyperparameters: hyperparametersOf(schema, parameters) };
  };
  const parsed = parseExperiment(text);
  return { parsed, outline: outlineOf(parsed.draft, ability) };
}

export async function experimentTemplates(): Promise<readonly Template[]> {
  return (await import('../core/experiment')).templates;
}

/** Hyperparameters of every base model that a sweep may go over, λ where it has one. */
export async function parametersOf({ models }: Experiment): Promise<ReadonlyMap<string, readonly string[]>> {
  const { families } = await import('../core/learner/families');
  return new Map(
    models.map(({ name, kind, parameters }) => {
      if (!Object.hasOwn(families, kind)) return [name, []];
      const { parameters: schema, capabilities } = families[kind];
      const hasLambda = capabilities(parameters).lambda;
      return [name, [...(hasLambda ? ['lambda'] : []), ...Object.keys(schema.shape)]];
    }),
  );
}
