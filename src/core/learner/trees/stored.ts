import * as z from 'zod';
import type { TreeFeature } from './feature-matrix';
import { checkTrees, type Trees } from './trees';

/** Features in a stored model's header. */
export const storedFeatures = z.array(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('numeric'), name: z.string() }),
    z.object({
      kind: z.literal('categorical'),
      name: z.string(),
      categories: z.array(z.string()),
      bins: z.array(z.int().min(0).max(254)),
    }),
  ]),
);

const storedTrees = z.object({
  starts: z.instanceof(Int32Array),
  feature: z.instanceof(Int32Array),
  threshold: z.instanceof(Float64Array),
  right: z.instanceof(Int32Array),
  flags: z.instanceof(Uint8Array),
  categorySets: z.instanceof(Uint8Array),
  values: z.instanceof(Float32Array),
  firstValue: z.instanceof(Int32Array).optional(),
  output: z.instanceof(Int32Array).optional(),
});

/** The trees as arrays of a stored model. */
export function storeTrees({ paths, ...nodes }: Trees) {
  return { ...nodes, ...paths };
}

/**
 * The trees among the arrays of a stored model.
 *
 * @param outputs numbers that a row is predicted
 * @throws ZodError or RangeError unless they are sound
 */
export function loadTrees(arrays: unknown, features: readonly TreeFeature[], outputs: number): Trees {
  const { firstValue, output, ...nodes } = storedTrees.parse(arrays);
  const trees = firstValue && output ? { ...nodes, paths: { firstValue, output } } : nodes;
  const categorical = features.map(({ kind }) => kind === 'categorical');
  checkTrees(trees, categorical, outputs);
  return trees;
}
