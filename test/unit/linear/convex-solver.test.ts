import { describe, expect, it } from 'vitest';
import type { Problem, Task } from '../../../src/core/dataset/problem';
import type { JsonObject } from '../../../src/core/learner/learner';
import { linearLearner, linearParameters } from '../../../src/core/learner/linear';
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

function problemOf(losses: readonly string[], labels: readonly (readonly (number | null)[])[]): Problem {
  const { X, sampleWeight, taskWeights } = reference;
  const tasks = losses.map((loss, t): Task => {
    const named = { id: `t${t}`, weight: taskWeights[t] };
    if (loss === 'softmax') return { ...named, type: 'multiclass', classes: ['a', 'b', 'c'] };
    return loss === 'logistic'
      ? { ...named, type: 'binary', classes: ['no', 'yes'] }
      : { ...named, type: 'regression', classes: [] };
  });
  const columns = X[0].map((_, j) => ({
    kind: 'numeric' as const,
    name: `x${j}`,
    values: Float64Array.from(X, (row) => row[j]),
  }));
  return {
    dataset: { rowCount: X.length, columns, fingerprint: 'f' },
    features: columns.map((_, j) => j),
    tasks,
    labels: labels.map((column) => Float64Array.from(column, (label) => label ?? Number.NaN)),
    rows: Int32Array.from(X, (_, i) => i),
    sampleWeight: Float64Array.from(sampleWeight),
  };
}

function parametersOf(
  penalty: string,
  losses: readonly string[],
  edges: readonly number[][],
  solver: string,
): JsonObject {
  const { delta, l1_ratio, ridge_ratio, private_ratio } = reference;
  return linearParameters.parse({
    penalty,
    solver,
    tolerance: 1e-12,
    max_iterations: 100_000,
    ...(penalty.endsWith('elastic-net') && { l1_ratio }),
    ...(['mean-regularised', 'graph'].includes(penalty) && { ridge_ratio }),
    ...(penalty === 'graph' && { edges: edges.map(([a, b, weight]) => [`t${a}`, `t${b}`, weight]) }),
    ...(penalty === 'dirty' && { private_ratio }),
    ...(losses.includes('poisson') && { loss: 'poisson' }),
    ...(losses.includes('huber') && { loss: 'huber', delta }),
  });
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

/** The expected intercepts, those of a softmax at the level of the ones found: a shift of all classes changes nothing. */
function levelOf(
  expected: readonly number[],
  found: ArrayLike<number>,
  losses: readonly string[],
): readonly number[] {
  const first = losses.indexOf('softmax');
  if (first < 0) return expected;
  const shift = found[first] - expected[first];
  return expected.map((value, c) => (c >= first ? value + shift : value));
}

function distance(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i])));
}
