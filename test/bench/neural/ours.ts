/**
 * Trains nets of the product's own learner on synthetic data and prints one line of JSON.
 * Arguments: one JSON object, see `Work`.
 */
import { learners } from '../../../src/core/learner';
import { neuralParameters } from '../../../src/core/learner/neural';
import { Random } from '../../../src/core/random';
import { chooseTensorBackend } from '../../../src/jobs/tensor-backend';

interface Work {
  readonly hidden: number[];
  readonly batch: number;
  readonly rows: number;
  readonly epochs: number;
  readonly lambdas: number[];
  readonly threads: number;
  readonly backend: 'wasm' | 'native';
  readonly wasmFolder: string;
  /** Other keys of a model's entry. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

const FEATURES = 50;
const TASKS = 5;

async function main(work: Work) {
  const { hidden, batch, rows, epochs, lambdas, threads, backend, wasmFolder } = work;
  const random = new Random(1);
  const columns = Array.from({ length: FEATURES }, (_, j) => ({
    kind: 'numeric' as const,
    name: `x${j}`,
    values: Float64Array.from({ length: rows }, () => random.normal()),
  }));
  const labels = Array.from({ length: TASKS }, (_, t) =>
    Float64Array.from({ length: rows }, (_, i) =>
      columns[t].values[i] + columns[t + 1].values[i] > 0 ? 1 : 0,
    ),
  );
  const problem = {
    dataset: { rowCount: rows, columns, fingerprint: '' },
    features: columns.map((_, j) => j),
    tasks: labels.map((_, t) => ({ id: `t${t}`, type: 'binary' as const, weight: 1, classes: ['a', 'b'] })),
    labels,
    rows: Int32Array.from({ length: rows }, (_, i) => i),
  };
  const parameters = neuralParameters.parse({
    hidden,
    batch_size: batch,
    epochs,
    early_stopping: false,
    ...work.parameters,
  });
  const ends: { wall: number; cpu: number }[] = [];
  const now = () => {
    const { user, system } = process.cpuUsage();
    return { wall: performance.now() / 1000, cpu: (user + system) / 1e6 };
  };
  const last = lambdas.length - 1;
  let objective: number | undefined;
  await learners.neural.fit(
    problem,
    lambdas.map((lambda) => ({ lambda, parameters })),
    {
      seed: 1,
      signal: new AbortController().signal,
      report: ({ configuration, objective: reached }) => {
        if (configuration !== last) return;
        ends.push(now());
        objective = reached;
      },
      tensorBackend: () => chooseTensorBackend({ backend, wasmFolder, threads }),
    },
  );
  // The first epoch also reads the table and warms the engine up; it only marks where the second begins.
  const seconds = ends.slice(1).map(({ wall }, e) => wall - ends[e].wall);
  const cpu = ends.slice(1).map((end, e) => end.cpu - ends[e].cpu);
  console.log(
    JSON.stringify({ seconds, cpu, objective, peakMegabytes: process.resourceUsage().maxRSS / 1024 }),
  );
}

main(JSON.parse(process.argv[2]));
