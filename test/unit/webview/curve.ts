import type { SourcedCurve } from '../../../src/protocol/parts';

/** A curve of three points, but for what is said. */
export const curve = (part: Partial<SourcedCurve> = {}): SourcedCurve => ({
  run: 'r1',
  model: 'net',
  scope: 'joint',
  trial: 't0',
  fold: 0,
  configuration: 0,
  lambda: 0.1,
  task: 'sex',
  quantity: 'taskLoss',
  steps: [1, 2, 3],
  values: [3, 2, 1],
  total: 3,
  ...part,
});
