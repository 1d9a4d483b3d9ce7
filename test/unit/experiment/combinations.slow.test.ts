import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CONSTANT_MODEL, parseExperiment } from '../../../src/core/experiment';
import { families, type JsonObject, learners } from '../../../src/core/learner';
import { context, mixedProblem } from '../neural/support';

type Value = string | number | boolean;

/** Smallest sizes, so that hundreds of fits take little time. */
const SMALL: Readonly<Record<string, JsonObject>> = {
  forest: { trees: 2 },
  'extra-trees': { trees: 2 },
  boosting: { rounds: 2 },
  neural: { epochs: 2, hidden: [3], tower: [2], experts: 2 },
};

const problem = mixedProblem({ rows: 40, features: 3, seed: 1, missing: [0.2, 0, 0.3] });

describe.each(Object.keys(families).filter((kind) => kind !== CONSTANT_MODEL))(
  'any two choices of %s',
  (kind) => {
    it('are refused with the file, or can be fitted', async () => {
      const pairs = pairsOf(kind);
      expect(pairs.length).toBeGreaterThan(0);
      for (const pair of pairs) {
        const entry = { kind, ...SMALL[kind], ...pair };
        const file = { data: { source: 'a.csv' }, tasks: { y: 'y' }, models: { m: entry } };
        const { experiment, diagnostics } = parseExperiment(JSON.stringify(file));
        const { parameters } = experiment?.models[0] ?? {};
        if (parameters === undefined) {
          expect(diagnostics.map(({ code }) => code)).toEqual(['conflicting-keys']);
          continue;
        }
        for (const own of [parameters, families[kind].singleTaskTwin(parameters)]) {
          const lambda = families[kind].capabilities(own).lambda ? { lambda: 0.1 } : {};
          const fits = learners[kind].fit(problem, [{ parameters: own, ...lambda }], {
            ...context(1),
            tensorBackend: () => Promise.resolve({ name: 'cpu' }),
          });
          await expect(fits, JSON.stringify(pair)).resolves.toHaveLength(1);
        }
      }
    });
  },
);

/** Every two parameters that are one of several words, or yes or no, with every two of their values. */
function pairsOf(kind: string): Record<string, Value>[] {
  const choices = Object.entries(families[kind].parameters.shape).flatMap(([name, schema]) => {
    const values = valuesOf(schema);
    return values.length > 1 ? [{ name, values }] : [];
  });
  return choices.flatMap((first, i) =>
    choices
      .slice(i + 1)
      .flatMap((second) =>
        first.values.flatMap((a) => second.values.map((b) => ({ [first.name]: a, [second.name]: b }))),
      ),
  );
}

function valuesOf(schema: unknown): Value[] {
  if (schema instanceof z.ZodDefault) return valuesOf(schema.def.innerType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(valuesOf);
  if (schema instanceof z.ZodEnum) return [...schema.options];
  return schema instanceof z.ZodBoolean ? [true, false] : [];
}
