import { type Experiment, lambdaSpecOf, type SelectTrial, sweepOf } from '../../core/experiment';
import type { Configuration, JsonObject } from '../../core/learner';
import { selectConfigurations } from '../../core/sweep';
import type { TrialContext } from './context';
import { readTuning } from './tuning';

/** Chooses the configuration of a model from the scores its fits reported, as skill against the mean/majority predictor. */
export async function runSelect(spec: SelectTrial, context: TrialContext): Promise<void> {
  const { data, writer } = context;
  const { skills, configurations } = await readTuning(spec.fits, context);
  const values = sweptValues(spec.key.model, data.experiment, configurations);
  const selection = selectConfigurations({
    skills,
    rule: spec.rule,
    lambdas: configurations.map((list) => list.map((one) => one?.lambda ?? null)),
    ...(values && { values }),
    spec: lambdaSpecOf(spec.key.model, data.experiment),
    tasks: data.table.tasks.map(({ id }) => id),
    per: spec.per,
  });
  writer.append({ kind: 'result', result: selection });
}

/** Values of the hyperparameters that the model's sweep varies besides λ; undefined where it varies none. */
function sweptValues(
  model: string,
  experiment: Experiment,
  configurations: readonly (readonly (Configuration | undefined)[])[],
): JsonObject[][] | undefined {
  const swept = Object.keys(sweepOf(model, experiment)?.over ?? {});
  if (swept.length === 0) return undefined;
  return configurations.map((list) =>
    list.map((one): JsonObject => {
      const own = one?.parameters ?? {};
      // A baseline may lack what the joint model has.
      return Object.fromEntries(swept.flatMap((name) => (name in own ? [[name, own[name]]] : [])));
    }),
  );
}
