import { describe, expect, it } from 'vitest';
import { checkTrainedRows, parseExperiment } from '../../../src/core/experiment';

const text = `data: { source: t.csv, split: split }
tasks:
  y: y
  z: z
models:
  f: { kind: forest }
`;
const task = (id: string) => ({ id, type: 'regression' as const, weight: 1, classes: [] });
const NONE = Number.NaN;

describe('labels in the training rows', () => {
  it('are missed where a task has all of its own in the test split', () => {
    const table = {
      tasks: [task('y'), task('z')],
      labels: [Float64Array.of(1, NONE, 3, 4), Float64Array.of(NONE, NONE, 3, 4)],
      trainRows: Int32Array.of(0, 1),
    };
    expect(checkTrainedRows(parseExperiment(text), table)).toMatchObject([
      { severity: 'warning', code: 'no-training-rows', line: 4, column: 3 },
    ]);
  });
});
