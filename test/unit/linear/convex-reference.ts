import { expect } from 'vitest';
import type { Problem, Task } from '../../../src/core/dataset/problem';
import type { JsonObject } from '../../../src/core/learner/learner';
import { linearParameters } from '../../../src/core/learner/linear';
import reference from './fixtures/convex-solver.json';

export function problemOf(
  losses: readonly string[],
  labels: readonly (readonly (number | null)[])[],
): Problem {
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

export function parametersOf(
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

/** The expected intercepts, those of a softmax at the level of the ones found: a shift of all classes changes nothing. */
export function levelOf(
  expected: readonly number[],
  found: ArrayLike<number>,
  losses: readonly string[],
): readonly number[] {
  const first = losses.indexOf('softmax');
  if (first < 0) return expected;
  const shift = found[first] - expected[first];
  return expected.map((value, c) => (c >= first ? value + shift : value));
}

export function distance(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i])));
}
