import { BlockGram } from './block-gram';
import type { Design } from './design';
import { Gram, type GramMatrix } from './gram';

/** The inner products of a design's features, see `Gram` for the arguments: by blocks of rows where it is made on demand. */
export function createGram(
  design: Design,
  rows: Int32Array | undefined,
  weight: Float64Array,
  offset: number,
  centre: boolean,
): GramMatrix {
  return design.make
    ? new BlockGram(design, rows, weight, offset, centre)
    : new Gram(design, rows, weight, offset, centre);
}
