import { expect } from 'vitest';
import type { Dataset } from '../../../src/core/dataset/dataset';
import type { Problem } from '../../../src/core/dataset/problem';
import { boostingLearner } from '../../../src/core/learner/boosting';
import type { FittedModel, JsonObject, TrainingStep } from '../../../src/core/learner/learner';
import { context } from '../forest/support';

/** Small steps of one tree on all rows: what it does is known. */
export const PLAIN = { early_stopping: false, min_samples_leaf: 1, min_child_weight: 0 } as const;
/** One tree, its values not shrunk. */
export const ONE_TREE = { ...PLAIN, rounds: 1, learning_rate: 1 } as const;

export async function boost(
  of: Problem,
  parameters: JsonObject,
  lambda?: number,
  seed = 1,
  steps: TrainingStep[] = [],
): Promise<FittedModel> {
  const configuration = { parameters, ...(lambda !== undefined && { lambda }) };
  const [model] = await boostingLearner.fit(of, [configuration], context(seed, steps));
  return model;
}

/** Per task, row-major. */
export function predictions(model: FittedModel, dataset: Dataset, rows?: readonly number[]): number[][] {
  const all = Array.from({ length: dataset.rowCount }, (_, i) => i);
  return model.predict(dataset, Int32Array.from(rows ?? all)).map(({ values }) => [...values]);
}

/** Every number close to the one expected, to so many digits after the point. */
export function expectClose(actual: readonly number[], expected: readonly number[], digits: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) expect(actual[i]).toBeCloseTo(expected[i], digits);
}
