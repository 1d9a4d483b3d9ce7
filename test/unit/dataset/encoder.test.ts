import { describe, expect, it } from 'vitest';
import {
  type Column,
  type Dataset,
  encoderFromJSON,
  fitEncoder,
  fitTargetScaler,
  type Problem,
  poolTasks,
  restrictToTask,
} from '../../../src/core/dataset';

const colours: Column = {
  kind: 'categorical',
  name: 'colour',
  codes: Int32Array.of(0, 1, -1, 0, 2, 1),
  categories: ['blue', 'green', 'red'],
};
const dataset: Dataset = {
  rowCount: 6,
  fingerprint: 'f',
  columns: [
    { kind: 'numeric', name: 'age', values: Float64Array.of(1, 3, NaN, 8, 100, NaN) },
    colours,
    { kind: 'boolean', name: 'member', codes: Int32Array.of(0, 1, 1, 1, 0, -1), categories: ['no', 'yes'] },
    { kind: 'numeric', name: 'constant', values: new Float64Array(6).fill(7) },
  ],
};
const problem: Problem = {
  dataset,
  features: [0, 1, 2, 3],
  tasks: [
    { id: 'a', type: 'regression', weight: 1, classes: [] },
    { id: 'b', type: 'regression', weight: 1, classes: [] },
  ],
  labels: [Float64Array.of(2, 4, NaN, 6, 50, 60), Float64Array.of(NaN, 9, 9, 9, 1, 1)],
  rows: Int32Array.of(0, 1, 2, 3),
};

describe('the encoder', () => {
  it('imputes, scales and one-hot encodes as the closed form says', () => {
    const encoder = fitEncoder(problem);
    expect(encoder.names).toEqual([
      'age',
      'age (missing)',
      'colour=blue',
      'colour=green',
      'colour (missing)',
      'member',
    ]);
    expect([...encoder.sources]).toEqual([0, 0, 1, 1, 1, 2]);
    // age: mean of 1, 3, 8 is 4, population variance (9 + 1 + 16) / 3; member: mean 3/4, variance 3/16.
    const sd = Math.sqrt(26 / 3);
    const half = Math.sqrt(3 / 16);
    const expected = [
      [(1 - 4) / sd, 0, 1, 0, 0, -0.75 / half],
      [(3 - 4) / sd, 0, 0, 1, 0, 0.25 / half],
      [0, 1, 0, 0, 1, 0.25 / half],
      [(8 - 4) / sd, 0, 1, 0, 0, 0.25 / half],
    ];
    const encoded = encoder.encode(dataset, problem.rows);
    expected.flat().forEach((value, i) => {
      expect(encoded[i]).toBeCloseTo(value, 12);
    });
  });

  it('encodes a category not seen in training as all zeros, and a missing boolean as the mean', () => {
    const encoded = fitEncoder(problem).encode(dataset, Int32Array.of(4, 5));
    expect([...encoded.slice(2, 5)]).toEqual([0, 0, 0]);
    expect(encoded[6 + 5]).toBe(0);
  });

  it('keeps values as they are, means in the place of missing ones, when told not to scale', () => {
    const encoded = fitEncoder(problem, { scale: false }).encode(dataset, Int32Array.of(0, 2));
    expect([...encoded]).toEqual([1, 0, 1, 0, 0, 0, 4, 1, 0, 0, 1, 1]);
  });

  it('learns nothing from rows outside training', () => {
    const changed: Dataset = {
      ...dataset,
      columns: [
        { kind: 'numeric', name: 'age', values: Float64Array.of(1, 3, NaN, 8, -1e9, 5) },
        { ...colours, codes: Int32Array.of(0, 1, -1, 0, 1, 2) },
        {
          kind: 'boolean',
          name: 'member',
          codes: Int32Array.of(0, 1, 1, 1, 1, 1),
          categories: ['no', 'yes'],
        },
        { kind: 'numeric', name: 'constant', values: Float64Array.of(7, 7, 7, 7, 8, 9) },
      ],
    };
    expect(fitEncoder({ ...problem, dataset: changed }).toJSON()).toEqual(fitEncoder(problem).toJSON());
  });

  it('learns nothing from rows that a weight of 0 leaves out', () => {
    const sampleWeight = Float64Array.of(1, 2, 1, 0, 1, 1);
    const without = fitEncoder({ ...problem, sampleWeight, rows: Int32Array.of(0, 1, 2) });
    expect(fitEncoder({ ...problem, sampleWeight }).toJSON()).toEqual(without.toJSON());
  });

  it('drops a constant column exactly, though its mean is not exact in floating point', () => {
    const values = new Float64Array(10).fill(0.1);
    const encoder = fitEncoder({
      ...problem,
      dataset: { rowCount: 10, fingerprint: '', columns: [{ kind: 'numeric', name: 'x', values }] },
      features: [0],
      rows: Int32Array.from({ length: 10 }, (_, i) => i),
    });
    expect(encoder.width).toBe(0);
  });

  it('comes back from JSON and finds columns by name and categories by text', () => {
    const reordered: Dataset = {
      ...dataset,
      columns: [
        { kind: 'categorical', name: 'colour', codes: Int32Array.of(1, -1), categories: ['green', 'blue'] },
        { kind: 'boolean', name: 'member', codes: Int32Array.of(1, 0), categories: ['No', 'Yes'] },
        { kind: 'numeric', name: 'age', values: Float64Array.of(1, NaN) },
      ],
      rowCount: 2,
    };
    const encoder = encoderFromJSON(JSON.parse(JSON.stringify(fitEncoder(problem, { scale: false }))));
    expect([...encoder.encode(reordered, Int32Array.of(0, 1))]).toEqual([1, 0, 1, 0, 0, 1, 4, 1, 0, 0, 1, 0]);
  });

  it('says which column is lacking, or has another kind, than in training', () => {
    const encoder = fitEncoder(problem);
    const without = { ...dataset, columns: dataset.columns.slice(1) };
    expect(() => encoder.encode(without, Int32Array.of(0))).toThrowError(
      expect.objectContaining({ code: 'unknown-column', place: { column: 'age' } }),
    );
    const text = { ...dataset, columns: [{ ...colours, name: 'age' }, ...dataset.columns.slice(1)] };
    expect(() => encoder.encode(text, Int32Array.of(0))).toThrowError(
      expect.objectContaining({ code: 'column-kind' }),
    );
    const slip = {
      kind: 'categorical',
      name: 'age',
      codes: Int32Array.of(0, -1, 1),
      categories: ['31', 'forty'],
    } as const;
    const mixed = { ...dataset, rowCount: 3, columns: [slip, ...dataset.columns.slice(1)] };
    expect(() => encoder.encode(mixed, Int32Array.of(0))).toThrowError(
      expect.objectContaining({
        place: { row: 3, column: 'age' },
        problem: 'the model was trained on numbers here, and this row has the text "forty"',
      }),
    );
    expect(() => encoderFromJSON({ version: 2 })).toThrowError(
      expect.objectContaining({ code: 'encoder-format' }),
    );
  });
});

describe('statistics of the encoder', () => {
  const numbers = (values: readonly number[], sampleWeight?: readonly number[]): Problem => ({
    ...problem,
    dataset: {
      ...dataset,
      rowCount: values.length,
      columns: [{ kind: 'numeric', name: 'x', values: Float64Array.from(values) }],
    },
    features: [0],
    rows: Int32Array.from(values.keys()),
    ...(sampleWeight && { sampleWeight: Float64Array.from(sampleWeight) }),
  });
  const encoded = (of: Problem, values: readonly number[]) => {
    const { dataset: table, rows } = numbers(values);
    return [...fitEncoder(of).encode(table, rows)];
  };

  it('take a row of weight 2 for two rows', () => {
    const weighted = numbers([1, 5, NaN, 2, 9], [2, 1, 1, 3, 0]);
    const repeated = numbers([1, 1, 5, NaN, 2, 2, 2]);
    const asked = [1, 5, NaN, 2, 4];
    const expected = encoded(repeated, asked);
    encoded(weighted, asked).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 14);
    });
  });

  it.each([1e-300, 1e-160, 1e160, 1e300])('hold for numbers of the size %s', (size) => {
    const asked = [1, 3, 4, 6.5];
    const plain = encoded(numbers([1, 2, 4, 8, 16]), asked);
    const values = [1, 2, 4, 8, 16].map((value) => value * size);
    encoded(
      numbers(values),
      asked.map((value) => value * size),
    ).forEach((value, i) => {
      expect(value).toBeCloseTo(plain[i], 12);
    });
  });

  it('keep the mean of numbers whose sum is beyond double precision, and say where differences are', () => {
    expect(encoded(numbers([1e308, 1.2e308, 1.4e308]), [1.2e308])[0]).toBeCloseTo(0, 12);
    expect(() => fitEncoder(numbers([-1e308, 1e308]))).toThrowError(
      expect.objectContaining({ code: 'infinite-number', place: { column: 'x' } }),
    );
  });
});

describe('the target scaler', () => {
  it('has the weighted mean and population deviation of labelled training rows', () => {
    const sampleWeight = Float64Array.of(1, 2, 5, 1, 9, 9);
    const { mean, scale } = fitTargetScaler({ ...problem, sampleWeight });
    // Task a: 2 (weight 1), 4 (2), 6 (1): mean 4, variance (4 + 0 + 4) / 4. Task b is constant.
    expect(mean[0]).toBeCloseTo(4, 12);
    expect(scale[0]).toBeCloseTo(Math.sqrt(2), 12);
    expect([mean[1], scale[1]]).toEqual([9, 1]);
  });

  it('leaves classification alone', () => {
    const tasks = [{ id: 'c', type: 'binary', weight: 1, classes: ['0', '1'] }] as const;
    const { mean, scale } = fitTargetScaler({
      ...problem,
      tasks,
      labels: [Float64Array.of(0, 1, 1, 1, 0, 0)],
    });
    expect([mean[0], scale[0]]).toEqual([0, 1]);
  });
});

describe('one task of many', () => {
  it('keeps the training rows labelled for it', () => {
    const single = restrictToTask(problem, 1);
    expect(single.tasks.map(({ id }) => id)).toEqual(['b']);
    expect([...single.rows]).toEqual([1, 2, 3]);
    expect(single.labels).toEqual([problem.labels[1]]);
  });

  it('can be all of them pooled, each row with the label of its own task', () => {
    const pooled = poolTasks(problem, Int32Array.of(0, 1, 1, 0, 0, 1));
    expect([...pooled.labels[0]]).toEqual([2, 9, 9, 6, 50, 1]);
    const mixed = { ...problem, tasks: [problem.tasks[0], { ...problem.tasks[1], type: 'binary' as const }] };
    expect(() => poolTasks(mixed, new Int32Array(6))).toThrowError(
      expect.objectContaining({ code: 'mixed-tasks' }),
    );
  });
});
