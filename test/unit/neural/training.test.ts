import { describe, expect, it } from 'vitest';
import type { Dataset, Problem } from '../../../src/core/dataset';
import type { Configuration, TrainingStep } from '../../../src/core/learner/learner';
import { neuralLearner, neuralParameters } from '../../../src/core/learner/neural';
import { allRows, bits, context, mixedProblem, parameters, problemOver } from './support';

const problem = mixedProblem({ rows: 260, features: 6, seed: 11, missing: [0.2, 0.1, 0.3] });
const quick = { hidden: [8, 5], epochs: 6, batch_size: 32 };

function configuration(lambda: number, given = {}): Configuration {
  return { lambda, parameters: parameters({ ...quick, ...given }) };
}

/** No WebAssembly at all. */
const plainBackend = () => Promise.resolve({ name: 'cpu' as const });

describe('training', () => {
  it('gives a configuration the same bits alone, in any order of a list, and whatever ran before', async () => {
    const options = { early_stopping: true, dropout: 0.2 };
    const three = [0.1, 0.01, 0].map((lambda) => configuration(lambda, options));
    const forwards = await neuralLearner.fit(problem, three, context(7));
    const other = mixedProblem({ rows: 90, features: 3, seed: 1 });
    await neuralLearner.fit(other, [configuration(1, { hidden: [3], activation: 'tanh' })], context(9));
    const backwards = await neuralLearner.fit(problem, three.toReversed(), context(7));
    const [alone] = await neuralLearner.fit(problem, [three[1]], context(7));
    expect(backwards.toReversed().map(bits)).toEqual(forwards.map(bits));
    expect(bits(alone)).toBe(bits(forwards[1]));
    expect(new Set(forwards.map(bits)).size).toBe(3);
    const [plain] = await neuralLearner.fit(problem, [three[1]], {
      ...context(7),
      tensorBackend: plainBackend,
    });
    expect(bits(plain)).toBe(bits(forwards[1]));
    const [reseeded] = await neuralLearner.fit(problem, [three[1]], context(8));
    expect(bits(reseeded)).not.toBe(bits(forwards[1]));
  });

  it('ends at once when it is aborted, and the next fit is as if nothing had been', async () => {
    const [before] = await neuralLearner.fit(problem, [configuration(0.1)], context(1));
    const controller = new AbortController();
    const reports: TrainingStep[] = [];
    const abortable = {
      ...context(1, undefined, controller.signal),
      report: (step: TrainingStep) => {
        reports.push(step);
        if (step.step === 2) controller.abort(new Error('stop it'));
      },
    };
    await expect(neuralLearner.fit(problem, [configuration(0.1)], abortable)).rejects.toThrow('stop it');
    expect(reports).toHaveLength(2);
    const [after] = await neuralLearner.fit(problem, [configuration(0.1)], context(1));
    expect(bits(after)).toBe(bits(before));
  });

  it('reports every epoch, and the objective is the weighted losses plus λ R', async () => {
    const steps: TrainingStep[] = [];
    const tasks = problem.tasks.map((task, t) => ({ ...task, weight: 1 + t }));
    const [, second] = await neuralLearner.fit(
      { ...problem, tasks },
      [configuration(0.5), configuration(0.05)],
      context(3, steps),
    );
    expect(steps.map(({ configuration: c, step }) => [c, step])).toEqual(
      [1, 2, 3, 4, 5, 6].flatMap((step) => [0, 1].map((c) => [c, step])),
    );
    for (const { configuration: c, objective, taskLosses = [], penalty = 0, learningRate } of steps) {
      const [a, b, d] = taskLosses;
      expect(objective).toBeCloseTo(a + 2 * b + 3 * d + (c === 0 ? 0.5 : 0.05) * penalty, 9);
      expect(learningRate).toBe(0.002);
    }
    const { arrays } = second.serialize();
    const squares = [0, 1, 2].flatMap((l) => [...arrays[`layer${l}.weights`]]).reduce((s, w) => s + w * w, 0);
    expect(steps[11].penalty).toBeCloseTo(squares / 2, 9);
  });

  it('learns related tasks of mixed type with a third of the labels missing', async () => {
    const large = mixedProblem({ rows: 900, features: 10, seed: 4, missing: [0.33, 0.33, 0.33], noise: 0.2 });
    const training: Problem = { ...large, rows: large.rows.subarray(0, 700) };
    const [model] = await neuralLearner.fit(
      training,
      [{ lambda: 0.001, parameters: neuralParameters.parse({}) }],
      context(1),
    );
    const held = large.rows.subarray(700);
    const [mass, sex, species] = model.predict(large.dataset, held);
    const labelled = (t: number) => [...held.keys()].filter((i) => !Number.isNaN(large.labels[t][held[i]]));
    const error = labelled(0).reduce((s, i) => s + (mass.values[i] - large.labels[0][held[i]]) ** 2, 0);
    const spread = labelled(0).reduce((s, i) => s + (4000 - large.labels[0][held[i]]) ** 2, 0);
    expect(1 - error / spread).toBeGreaterThan(0.85);
    const rightSex = labelled(1).filter(
      (i) => sex.values[i] > 0.5 === (large.labels[1][held[i]] === 1),
    ).length;
    expect(rightSex / labelled(1).length).toBeGreaterThan(0.85);
    const rightSpecies = labelled(2).filter((i) => {
      const three = [...species.values.subarray(i * 3, i * 3 + 3)];
      expect(three.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      return three.indexOf(Math.max(...three)) === large.labels[2][held[i]];
    });
    expect(rightSpecies.length / labelled(2).length).toBeGreaterThan(0.75);
  });

  it('gives no say to a row of weight 0, whatever its labels', async () => {
    const sampleWeight = Float64Array.from(problem.rows, (row) => (row % 5 === 0 ? 0 : 1));
    const fitWith = async (labels: number[]) => {
      const given = problem.labels.map((values, t) =>
        values.map((value, row) => (sampleWeight[row] === 0 ? labels[t] : value)),
      );
      const weighted = { ...problem, labels: given, sampleWeight };
      const [model] = await neuralLearner.fit(
        weighted,
        [configuration(0.01, { early_stopping: true })],
        context(2),
      );
      return bits(model);
    };
    expect(await fitWith([1e9, 1, 2])).toBe(await fitWith([Number.NaN, 0, Number.NaN]));
  });

  it('predicts a constant for a task without a label, and learns the others', async () => {
    const labels = problem.labels.map((values, t) => (t === 1 ? values.map(() => Number.NaN) : values));
    const [model] = await neuralLearner.fit({ ...problem, labels }, [configuration(0.1)], context(2));
    const [, sex, species] = model.predict(problem.dataset, allRows(problem));
    expect(new Set(sex.values)).toEqual(new Set([0.5]));
    expect(new Set(species.values).size).toBeGreaterThan(100);
  });

  it('ends a training that diverges at its last finite weights, and says it did not converge', async () => {
    const wild = configuration(0, { optimizer: 'sgd', learning_rate: 1e6, epochs: 20 });
    const [model] = await neuralLearner.fit(problem, [wild], context(2));
    expect(model.convergence.converged).toBe(false);
    for (const { values } of model.predict(problem.dataset, allRows(problem))) {
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('early stopping', () => {
  it('keeps the weights of the epoch that predicts the held-out rows best', async () => {
    const steps: TrainingStep[] = [];
    const stopping = { early_stopping: true, patience: 4, epochs: 200, hidden: [32], learning_rate: 0.01 };
    const [model] = await neuralLearner.fit(problem, [configuration(0, stopping)], context(6, steps));
    const held = steps.map(({ validationLosses = [] }) => validationLosses.reduce((a, b) => a + b));
    const best = held.indexOf(Math.min(...held)) + 1;
    expect(model.convergence).toEqual({ converged: true, iterations: best, criterion: 'epochs' });
    expect(steps.length).toBeLessThan(200);
    // Trained to that epoch and no further, the net has just these weights.
    const [short] = await neuralLearner.fit(
      problem,
      [configuration(0, { ...stopping, epochs: best })],
      context(6),
    );
    expect(bits(short)).toBe(bits(model));
  });

  it('says so when the epochs run out before', async () => {
    const [model] = await neuralLearner.fit(
      problem,
      [configuration(0, { early_stopping: true, epochs: 2 })],
      context(6),
    );
    expect(model.convergence.converged).toBe(false);
  });

  it('holds nothing out of so few rows that it would say nothing', async () => {
    const steps: TrainingStep[] = [];
    const few = { ...problem, rows: problem.rows.subarray(0, 60) };
    await neuralLearner.fit(few, [configuration(0, { early_stopping: true })], context(6, steps));
    expect(steps).toHaveLength(6);
    expect(steps[0].validationLosses).toBeUndefined();
  });

  it('is replaced at the refit by the median of the epochs that the folds kept', () => {
    const given = parameters({ early_stopping: true, epochs: 300 });
    expect(neuralLearner.refitParameters?.(given, [40, 10, 80, 30, 20])).toEqual({
      ...given,
      early_stopping: false,
      epochs: 30,
    });
    const fixed = parameters({ epochs: 300 });
    expect(neuralLearner.refitParameters?.(fixed, [300, 300])).toEqual(fixed);
  });
});

describe('a fitted net', () => {
  it('is the same after it was written and read', async () => {
    for (const hidden of [[7, 4], []]) {
      const [model] = await neuralLearner.fit(problem, [configuration(0.01, { hidden })], context(2));
      const written = model.serialize();
      const read = neuralLearner.load({ ...written, header: JSON.parse(JSON.stringify(written.header)) });
      expect(read.predict(problem.dataset, allRows(problem))).toEqual(
        model.predict(problem.dataset, allRows(problem)),
      );
      expect(read.convergence).toEqual(model.convergence);
      expect(read.summary).toEqual(model.summary);
    }
  });

  it('refuses arrays that do not fit its shape', async () => {
    const [model] = await neuralLearner.fit(problem, [configuration(0.01)], context(2));
    const written = model.serialize();
    const arrays = { ...written.arrays, 'layer1.bias': new Float32Array(3) };
    expect(() => neuralLearner.load({ ...written, arrays })).toThrow(/layer1\.bias.*5 float32/);
  });

  it('counts what the tasks share and what is their own', async () => {
    const [joint] = await neuralLearner.fit(problem, [configuration(0.01)], context(2));
    expect(joint.summary).toEqual({ sharedParameters: 6 * 8 + 8 + 8 * 5 + 5, privateParameters: 5 * 5 + 5 });
    const single = { ...problem, tasks: problem.tasks.slice(0, 1), labels: problem.labels.slice(0, 1) };
    const [alone] = await neuralLearner.fit(single, [configuration(0.01)], context(2));
    expect(alone.summary).toEqual({ sharedParameters: 0, privateParameters: 6 * 8 + 8 + 8 * 5 + 5 + 5 + 1 });
  });

  it('predicts from a table whose features never vary', async () => {
    const columns = [{ kind: 'numeric' as const, name: 'x', values: new Float64Array(260).fill(3) }];
    const constant = { ...problem, dataset: { ...problem.dataset, columns }, features: [0] };
    const [model] = await neuralLearner.fit(constant, [configuration(0)], context(2));
    expect(new Set(model.predict(constant.dataset, allRows(constant))[0].values).size).toBe(1);
  });
});

describe('the parameters', () => {
  it('have defaults, and unknown keys are refused', () => {
    expect(neuralParameters.parse({})).toMatchObject({
      architecture: 'shared-bottom',
      hidden: [64, 32],
      optimizer: 'adam',
    });
    expect(neuralParameters.safeParse({ hiden: [3] }).success).toBe(false);
    expect(neuralParameters.safeParse({ hidden: [0] }).success).toBe(false);
  });
});

describe('embeddings of categories', () => {
  const colours = ['red', 'green', 'blue', 'grey', 'black'];
  /** Numbers and a column of five colours, some of them missing, which decide both tasks. */
  const coloured = (codes: readonly number[]): Dataset => ({
    rowCount: codes.length,
    fingerprint: '',
    columns: [
      { kind: 'numeric', name: 'x', values: Float64Array.from(codes, (_, i) => Math.sin(i)) },
      { kind: 'categorical', name: 'colour', codes: Int32Array.from(codes), categories: colours },
    ],
  });
  const codes = Array.from({ length: 200 }, (_, i) => (i % 11 === 0 ? -1 : (i * i) % 4));
  const levels = [3, -2, 0.5, -1];
  const tasks = [problem.tasks[0], problem.tasks[1]];
  const labels = [
    Float64Array.from(codes, (code) => (code < 0 ? 5 : levels[code])),
    Float64Array.from(codes, (code, i) => (i % 5 === 0 ? Number.NaN : code === 1 ? 1 : 0)),
  ];
  const embedded = { ...problemOver(coloured(codes), tasks, labels) };
  const settings = { hidden: [12], embedding: 2, epochs: 300, learning_rate: 0.01 };

  it('tell the categories apart, and what is missing too', async () => {
    const [model] = await neuralLearner.fit(embedded, [configuration(0, settings)], context(4));
    const [level, isGreen] = model.predict(embedded.dataset, allRows(embedded));
    codes.forEach((code, i) => {
      expect(Math.abs(level.values[i] - labels[0][i])).toBeLessThan(0.3);
      expect(isGreen.values[i] > 0.5).toBe(code === 1);
    });
    const { header } = model.serialize();
    expect(header.embedding).toBe(2);
    const read = neuralLearner.load(model.serialize());
    expect(read.predict(embedded.dataset, allRows(embedded))).toEqual([level, isGreen]);
  });

  it('have no vector for a category that training never saw: it is a row of zeros', async () => {
    const [model] = await neuralLearner.fit(embedded, [configuration(0, settings)], context(4));
    const unseen = coloured([4, 0]);
    const [level] = model.predict(unseen, Int32Array.of(0, 1));
    const { arrays } = model.serialize();
    // What the layers above make of the number alone.
    const w = (name: string) => arrays[name];
    const mean = codes.reduce((sum, _, i) => sum + Math.sin(i), 0) / codes.length;
    const spread = Math.sqrt(codes.reduce((sum, _, i) => sum + (Math.sin(i) - mean) ** 2, 0) / codes.length);
    const x = (0 - mean) / spread;
    const hiddenUnits = Array.from(w('layer0.bias'), (bias, j) =>
      Math.max(0, bias + x * w('layer0.weights')[j]),
    );
    const z = hiddenUnits.reduce((sum, h, j) => sum + h * w('layer1.weights')[j * 2], w('layer1.bias')[0]);
    expect(level.values[0]).toBeCloseTo(w('target.mean')[0] + w('target.scale')[0] * z, 3);
  });
});
