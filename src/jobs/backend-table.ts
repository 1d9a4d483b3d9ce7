import { multiplicationsOfStep } from '../core/learner/neural';
import table from './backend-table.json';

/** Native must have been faster by this factor to be worth another library in the process. */
const MARGIN = 1.2;

/**
 * Whether the release's own measurements found the native backend faster for a net of that size: as the measured size
 * that is nearest, by ratio. It depends on no clock, so that the same experiment chooses the same backend every time.
 *
 * @param work multiplications of a step, see `multiplicationsOfStep`
 */
export function nativeIsFaster(work: number): boolean {
  const distance = (row: (typeof table.rows)[number]) =>
    Math.abs(
      Math.log(multiplicationsOfStep({ hidden: row.hidden, batch_size: row.batch }) / Math.max(1, work)),
    );
  const [nearest] = table.rows.toSorted((a, b) => distance(a) - distance(b));
  return nearest.native * MARGIN < nearest.wasm;
}
