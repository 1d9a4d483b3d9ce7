import type { SelectTrial } from '../../core/experiment';
import { lambdaSpecOf } from '../../core/experiment';
import type { Configuration, JsonObject } from '../../core/learner';
import { selectConfigurations } from '../../core/sweep';
import type { TrialContext } from './context';
import { readTuning } from './tuning';

/** Chooses the configuration of a model from the scores its fits reported, as skill against the mean/majority predictor. */
export async function runSelect(spec: SelectTrial, context: TrialContext): Promise<void> {
  const { data, writer } = context;
  const { skills, configurations } = await readTuning(spec.fits, context);
  const values = sweptValues(configurations);
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

/** Of every configuration, the parameters in which some differ; undefined where λ alone does. */
function sweptValues(
  configurations: readonly (readonly (Configuration | undefined)[])[],
): JsonObject[][] | undefined {
  const seen = new Map<string, Set<string>>();
  const distinct = new Set(configurations.flatMap((list) => list.map((one) => one?.parameters)));
  for (const parameters of distinct) {
    for (const [name, value] of Object.entries(parameters ?? {})) {
      seen.set(name, (seen.get(name) ?? new Set()).add(JSON.stringify(value)));
    }
  }
  const known = [...distinct].filter((parameters) => parameters !== undefined);
  const swept = [...seen].flatMap(([name, { size }]) =>
    size > 1 || known.some((parameters) => parameters[name] === undefined) ? [name] : [],
  );
  if (swept.length === 0) return undefined;
  return configurations.map((list) =>
    list.map((one) => {
      const own = one?.parameters ?? {};
      return Object.fromEntries(swept.flatMap((name) => (name in own ? [[name, own[name]]] : [])));
    }),
  );
}
