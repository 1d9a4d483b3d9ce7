/** One turn of the boosting benchmark: fits as its argument says (JSON), prints seconds and scores (JSON). */
import type { Problem } from '../../../src/core/dataset/problem';
import { learners } from '../../../src/core/learner';
import { ThreadPool } from '../../../src/jobs/thread-pool';
import { type Split, synthetic, tableOf } from '../forest/data';

interface Work {
  readonly what: 'speed' | 'published';
  readonly data: string;
  readonly folder: string;
  readonly threadScript: string;
  readonly threads: number;
  readonly rounds: number;
  readonly seed: number;
  readonly sharing: 'vector-leaf' | 'per-task';
}

const work: Work = JSON.parse(process.argv[2]);
const pool = work.threads > 1 ? new ThreadPool(work.threads, work.threadScript) : undefined;
console.log(JSON.stringify(await { speed, published }[work.what]()));
await pool?.close();

async function train(problem: Problem, parameters: object) {
  const configuration = { lambda: 1, parameters: { ...parameters, sharing: work.sharing } };
  const [model] = await learners.boosting.fit(problem, [configuration], {
    seed: work.seed,
    report: () => {},
    signal: new AbortController().signal,
    tensorBackend: () => Promise.reject(new Error('Boosting needs no tensors.')),
    ...(pool && { threads: pool }),
  });
  return model;
}

async function speed() {
  const split =
    work.data === 'synthetic'
      ? synthetic(work.folder)
      : await tableOf(work.data, (row) => (work.data === 'adult' ? row >= 32_561 : row % 10 === 0));
  const { problem, test } = split;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const model = await train(problem, { rounds: work.rounds, early_stopping: false });
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const predictions = model.predict(problem.dataset, test);
  const scores = problem.tasks.map(({ type }, t) => {
    const y = Float64Array.from(test, (row) => problem.labels[t][row]);
    const { values } = predictions[t];
    return type === 'binary' ? auc(y, values) : rSquared(y, values);
  });
  return { seconds, cpu: (user + system) / 1e6, scores, accuracy: 1 - hamming(split, predictions) };
}

/** Hamming loss on the published split of a multi-label table, with the defaults: early stopping on an inner split. */
async function published() {
  const trained = { yeast: 1500, emotions: 391 }[work.data] ?? 0;
  const split = await tableOf(work.data, (row) => row >= trained);
  const model = await train(split.problem, {});
  return hamming(split, model.predict(split.problem.dataset, split.test));
}

/** Mean over the binary tasks of the share of test rows whose class is not the one predicted. */
function hamming(
  { problem, test }: Split,
  predictions: readonly { readonly values: Float32Array }[],
): number {
  const wrong = problem.tasks.flatMap(({ type }, t) => {
    if (type !== 'binary') return [];
    const { values } = predictions[t];
    return [
      test.reduce((sum, row, i) => sum + (values[i] > 0.5 === (problem.labels[t][row] === 1) ? 0 : 1), 0),
    ];
  });
  return wrong.reduce((sum, one) => sum + one, 0) / wrong.length / test.length;
}

function rSquared(y: Float64Array, p: Float32Array): number {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const total = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return 1 - y.reduce((sum, value, i) => sum + (value - p[i]) ** 2, 0) / total;
}

/** Area under the ROC curve; equal scores share their ranks. */
function auc(y: Float64Array, p: Float32Array): number {
  const order = [...y.keys()].sort((a, b) => p[a] - p[b]);
  let ranks = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    let end = i;
    while (end < order.length && p[order[end]] === p[order[i]]) end++;
    for (let j = i; j < end; j++) {
      if (y[order[j]] !== 1) continue;
      ranks += (i + end + 1) / 2;
      positives++;
    }
    i = end;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (y.length - positives));
}
