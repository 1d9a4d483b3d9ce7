/**
 * One turn of Taskweave in the benchmark of linear losses (argument: JSON): a path over features that stay in a file, as those of a
 * run do. Prints CPU seconds of the fit and what it found (JSON).
 */
import { readFileSync } from 'node:fs';
import { linearLearner, linearParameters } from '../../../src/core/learner/linear';
import { ColumnFile, FiledColumn } from '../../../src/io/column-file';

const { folder, loss, penalty, rows: n, features: d, lambdas } = JSON.parse(process.argv[2]);
const bytes = readFileSync(`${folder}/${loss}`);
const targets = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
const labels = Array.from({ length: targets.length / n }, (_, t) => targets.subarray(t * n, (t + 1) * n));
const file = new ColumnFile(`${folder}/X`);
const columns = Array.from({ length: d }, (_, j) => new FiledColumn(`x${j}`, n, file, 8 * n * j));
const classes = loss === 'softmax' ? ['0', '1', '2', '3'] : loss === 'logistic' ? ['0', '1'] : [];
const types = { softmax: 'multiclass', logistic: 'binary' } as const;
const type = loss === 'softmax' || loss === 'logistic' ? types[loss as keyof typeof types] : 'regression';
const parameters = linearParameters.parse({ penalty, ...(type === 'regression' && { loss }) });
const before = process.cpuUsage();
const models = await linearLearner.fit(
  {
    dataset: { rowCount: n, columns, fingerprint: 'f' },
    features: columns.map((_, j) => j),
    tasks: labels.map((_, t) => ({ id: `y${t}`, type, weight: 1, classes })),
    labels,
    rows: Int32Array.from({ length: n }, (_, i) => i),
  },
  lambdas.map((lambda: number) => ({ lambda, parameters })),
  {
    seed: 1,
    report: () => {},
    signal: new AbortController().signal,
    tensorBackend: () => Promise.reject(new Error('A linear model needs no tensors.')),
  },
);
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    cpu: (user + system) / 1e6,
    gap: Math.max(...models.map((model) => model.convergence.residual ?? Number.NaN)),
    fits: models.map((model) => {
      const { weights, intercepts } = model.serialize().arrays;
      const W = Array.from(intercepts, (_, c) =>
        Array.from({ length: d }, (_, j) => weights[j * intercepts.length + c]),
      );
      return { W, b: Array.from(intercepts) };
    }),
  }),
);
