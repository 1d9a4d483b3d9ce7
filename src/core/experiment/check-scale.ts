import type { ColumnSummary } from '../dataset';
import type { Explanation } from './explain';

/** Predictions are kept in single precision: from here on they, or their squares in a score, are infinite or 0. */
const LARGEST = 1e37;
const SMALLEST = 1e-37;
/** Range of a target, as a part of its size, below which the steps of single precision (6e-8 of the size) show in scores. */
const NARROW = 1e-5;

/** Targets whose unit leaves single precision too few digits; undefined where there are enough. */
export function scaleDoubt({ name, range }: ColumnSummary): Explanation | undefined {
  if (range === undefined) return undefined;
  const size = Math.max(Math.abs(range.min), Math.abs(range.max));
  const spread = range.max - range.min;
  if (size > LARGEST || (spread > 0 && spread < SMALLEST)) {
    return {
      code: 'target-scale',
      message: `the column "${name}" has values ${size > LARGEST ? 'up to' : 'that differ by no more than'} ${(size > LARGEST ? size : spread).toPrecision(3)}: predictions are kept in single precision, from ${SMALLEST} to ${LARGEST}`,
      remedy: 'write the target in another unit',
    };
  }
  if (spread >= NARROW * size) return undefined;
  return {
    severity: 'warning',
    code: 'target-scale',
    message: `the column "${name}" goes from ${range.min} to ${range.max}: predictions are kept in single precision, in which its values are hardly told apart`,
    remedy: 'subtract a constant from the target',
  };
}
