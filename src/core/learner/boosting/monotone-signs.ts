import { DataError } from '../../dataset';
import type { BoostingParameters } from './parameters';
import type { TrainingData } from './training-data';

/** Per feature 1, −1 or 0. @throws DataError when a constraint is on a column that is no numeric feature */
export function monotoneSigns(
  { features }: TrainingData,
  monotone: BoostingParameters['monotone'],
): Int8Array {
  const signs = new Int8Array(features.length);
  for (const [column, sign] of Object.entries(monotone)) {
    const f = features.findIndex(({ bins }) => bins.name === column);
    if (f < 0) {
      const problem = 'A monotone constraint is on a column that is no feature';
      throw new DataError('unknown-column', problem, 'Name a feature', { column });
    }
    if (features[f].bins.kind !== 'numeric') {
      const problem = 'A monotone constraint needs an order';
      throw new DataError('column-kind', problem, 'Name a column of numbers', { column });
    }
    signs[f] = sign;
  }
  return signs;
}
