import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/dataset/problem';
import type { JsonObject } from '../../../src/core/learner/learner';
import { linearLearner } from '../../../src/core/learner/linear';
import { distance, levelOf, parametersOf, problemOf } from './convex-reference';
import reference from './fixtures/convex-solver.json';

type Reference = (typeof reference.results)[number];

describe('every penalty with every loss, labels missing, rows and tasks weighed: CVXPY’s optimum', () => {
  for (const { name, losses, edges, labels } of reference.sets) {
    const problem = problemOf(losses, labels);
    for (const penalty of new Set(reference.results.map((one) => one.penalty))) {
      for (const solver of solversFor(penalty)) {
        it(`${name}, ${penalty} by ${solver}`, async () => {
          const expected = reference.results.filter((one) => one.tasks === name && one.penalty === penalty);
          expect(expected.length).toBe(2);
          const parameters = parametersOf(penalty, losses, edges, solver);
          const fits = await fitAll(problem, parameters, expected);
          expected.forEach(({ objective, weights, intercepts }, i) => {
            const found = fits[i];
            expect(found.converged).toBe(true);
            expect(Math.abs(found.objective / objective - 1)).toBeLessThan(1e-8);
            expect(distance(found.weights, weights)).toBeLessThan(5e-5);
            expect(distance(found.intercepts, levelOf(intercepts, found.intercepts, losses))).toBeLessThan(
              5e-5,
            );
          });
        });
      }
    }
  }
});

function solversFor(penalty: string): string[] {
  switch (penalty) {
    case 'trace':
    case 'dirty':
      return ['gradient'];
    case 'ridge':
    case 'mean-regularised':
    case 'graph':
      return ['newton', 'gradient', 'coordinate-descent'];
    default:
      return ['coordinate-descent', 'gradient'];
  }
}

async function fitAll(problem: Problem, parameters: JsonObject, points: readonly Reference[]) {
  const objectives: number[] = [];
  const models = await linearLearner.fit(
    problem,
    points.map(({ lambda }) => ({ lambda, parameters })),
    {
      seed: 1,
      report: ({ configuration, objective }) => {
        objectives[configuration] = objective ?? Number.NaN;
      },
      signal: new AbortController().signal,
      tensorBackend: () => Promise.reject(new Error('a linear model needs no tensors')),
    },
  );
  return models.map((model, i) => {
    const { weights, intercepts } = model.serialize().arrays;
    return { converged: model.convergence.converged, objective: objectives[i], weights, intercepts };
  });
}
