import { type Encoder, fitEncoder } from '../../dataset/encoder';
import type { Problem } from '../../dataset/problem';
import { type Design, SPARSE_BELOW, toDenseDesign, toLazyDesign, toSparseDesign } from './design';

/** Bytes of a dense design from which on it is made on demand, and no fold or task has a copy of its features. */
const LARGE_DESIGN = 2 ** 25;

/** The features of some rows as a fit sees them. */
export interface EncodedFeatures {
  readonly encoder: Encoder;
  readonly design: Design;
}

interface Known extends EncodedFeatures, Pick<Problem, 'dataset' | 'features' | 'sampleWeight'> {}

/** By rows: tasks that are learned one after the other have the same ones, where all are labelled. */
const knownOf = new WeakMap<Int32Array, Known>();

/** Encodes the training rows; sparse where few of their numbers are not 0. Features of the same rows are encoded once. */
export function encodeFeatures(problem: Problem): EncodedFeatures {
  const { dataset, features, rows, sampleWeight } = problem;
  const known = knownOf.get(rows);
  if (known?.dataset === dataset && known.features === features && known.sampleWeight === sampleWeight)
    return known;
  const encoder = fitEncoder(problem, { keepZeros: true });
  const made = { encoder, design: encodeDesign(encoder, problem) };
  if (8 * rows.length * encoder.width < LARGE_DESIGN)
    knownOf.set(rows, { ...made, dataset, features, sampleWeight });
  return made;
}

function encodeDesign(encoder: Encoder, { dataset, rows }: Problem): Design {
  const { width } = encoder;
  if (encoder.density(dataset, rows) < SPARSE_BELOW)
    return toSparseDesign(encoder.encodeSparse(dataset, rows));
  const make = encoder.columnsOf(dataset, rows);
  if (8 * rows.length * width >= LARGE_DESIGN) return toLazyDesign(rows.length, width, make);
  return toDenseDesign(rows.length, width, make);
}
