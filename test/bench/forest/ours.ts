/** One turn of the forest benchmark: fits as its argument says (JSON), prints seconds and scores (JSON). */
import { learners } from '../../../src/core/learner';
import { ThreadPool } from '../../../src/jobs/thread-pool';
import { madeTable, type Split, synthetic, tableOf } from './data';

interface Work {
  readonly what: 'speed' | 'folds' | 'published' | 'memory';
  readonly kind: string;
  readonly data: string;
  readonly folder: string;
  readonly threadScript: string;
  readonly threads: number;
  readonly seeds: number;
  readonly trees: number;
  /** Training rows of the made table. */
  readonly rows?: number;
}

const work: Work = JSON.parse(process.argv[2]);
const pool = work.threads > 1 ? new ThreadPool(work.threads, work.threadScript) : undefined;
console.log(JSON.stringify(await { speed, folds, published, memory }[work.what]()));
await pool?.close();

async function train({ problem, test }: Split, seed: number) {
  // As many features a split as the peer has.
  const parameters = { trees: work.trees, max_features: work.data === 'adult' ? 'third' : 'auto' };
  const [model] = await learners[work.kind].fit(problem, [{ parameters }], {
    seed,
    report: () => {},
    signal: new AbortController().signal,
    tensorBackend: () => Promise.reject(new Error('A forest needs no tensors.')),
    ...(pool && { threads: pool }),
  });
  return () => model.predict(problem.dataset, test).map(({ values }) => values);
}

async function speed() {
  const split =
    work.data === 'synthetic'
      ? synthetic(work.folder)
      : await tableOf(work.data, (row) => (work.data === 'adult' ? row >= 32_561 : row % 10 === 0));
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const predict = await train(split, work.seeds);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const predictions = predict();
  const { tasks, labels } = split.problem;
  const scores = tasks.map(({ type }, t) => {
    const y = Float64Array.from(split.test, (row) => labels[t][row]);
    return type === 'binary'
      ? accuracy(y, predictions[t])
      : 1 - squares(y, predictions[t]) / squares(y, mean(y));
  });
  return { seconds, cpu: (user + system) / 1e6, scores };
}

/** Resident memory before and during a fit of the made table, in bytes, and what the table takes at 8 bytes a cell and label. */
async function memory() {
  const split = madeTable(work.rows ?? 100_000, 0);
  const { dataset, tasks } = split.problem;
  const encoded = 8 * dataset.rowCount * (dataset.columns.length + tasks.length);
  const before = process.memoryUsage.rss();
  await train(split, work.seeds);
  return { encoded, before, peak: 1024 * process.resourceUsage().maxRSS };
}

/** Average relative RMSE over the targets, of all rows predicted out of fold (row index mod 10): one a seed. */
async function folds() {
  const results: number[] = [];
  for (let seed = 0; seed < work.seeds; seed++) {
    const parts: { readonly split: Split; readonly predictions: readonly Float32Array[] }[] = [];
    for (let fold = 0; fold < 10; fold++) {
      const split = await tableOf(work.data, (row) => row % 10 === fold);
      parts.push({ split, predictions: (await train(split, 10 * seed + fold))() });
    }
    const { tasks, labels } = parts[0].split.problem;
    const relative = tasks.map((_, t) => {
      let error = 0;
      let base = 0;
      for (const { split, predictions } of parts) {
        const y = Float64Array.from(split.test, (row) => labels[t][row]);
        error += squares(y, predictions[t]);
        base += squares(y, mean(Float64Array.from(split.problem.rows, (row) => labels[t][row])));
      }
      return Math.sqrt(error / base);
    });
    results.push(mean(relative));
  }
  return results;
}

/** Hamming loss on the published split of a multi-label table: one a seed. */
async function published() {
  const trained = { yeast: 1500, emotions: 391 }[work.data] ?? 0;
  const split = await tableOf(work.data, (row) => row >= trained);
  const { labels } = split.problem;
  const results = [];
  for (let seed = 0; seed < work.seeds; seed++) {
    const predictions = (await train(split, seed))();
    const right = labels.map((label, t) =>
      accuracy(
        Float64Array.from(split.test, (row) => label[row]),
        predictions[t],
      ),
    );
    results.push(1 - mean(right));
  }
  return results;
}

function accuracy(y: Float64Array, p: Float32Array): number {
  return y.reduce((right, label, i) => right + Number((p[i] > 0.5 ? 1 : 0) === label), 0) / y.length;
}

function squares(y: Float64Array, p: Float32Array | number): number {
  return y.reduce((sum, value, i) => sum + (value - (typeof p === 'number' ? p : p[i])) ** 2, 0);
}

function mean(values: Float64Array | readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
