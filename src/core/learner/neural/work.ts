import type { JsonObject } from '../learner';
import { neuralParameters } from './parameters';

/** Multiplications of one training step between hidden layers: a measure of size that is known without the data. */
export function multiplicationsOfStep(parameters: JsonObject): number {
  const { hidden, batch_size } = neuralParameters.parse(parameters);
  const layers = hidden.slice(1).reduce((sum, width, l) => sum + hidden[l] * width, hidden[0] ?? 0);
  return 3 * batch_size * layers;
}
