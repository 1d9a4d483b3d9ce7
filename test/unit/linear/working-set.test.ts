import { expect, it } from 'vitest';
import { linearLearner } from '../../../src/core/learner/linear';
import { Random } from '../../../src/core/random';
import { normals, task } from '../evaluate/support';

it('an elastic net takes in a feature that is wanted, though members look more urgent for their ridge part', async () => {
  const random = new Random(44);
  const rows = 64;
  const columns = Array.from({ length: 20 }, () => normals(random, rows));
  const problem = {
    dataset: {
      rowCount: rows,
      columns: columns.map((values, c) => ({ kind: 'numeric' as const, name: String(c), values })),
      fingerprint: '',
    },
    features: columns.map((_, c) => c),
    tasks: [task('regression')],
    labels: [normals(random, rows)],
    rows: Int32Array.from({ length: rows }, (_, row) => row),
  };
  const parameters = { penalty: 'elastic-net', l1_ratio: 0.5 };
  const largest = linearLearner.lambdaMax?.(problem, parameters) ?? Number.NaN;
  const path = Array.from({ length: 20 }, (_, i) => ({ lambda: largest * 0.001 ** (i / 19), parameters }));
  const models = await linearLearner.fit(problem, path, {
    seed: 1,
    signal: new AbortController().signal,
    report: () => {},
    tensorBackend: () => Promise.reject(new Error('No nets here.')),
  });
  expect(models.map(({ convergence }) => convergence.converged)).toEqual(path.map(() => true));
});
