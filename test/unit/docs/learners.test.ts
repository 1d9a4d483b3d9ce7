import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/core/dataset/dataset';
import type { Problem } from '../../../src/core/dataset/problem';
import { type FitContext, families, type JsonObject, learners } from '../../../src/core/learner';

const read = (page: string) => readFileSync(join(__dirname, '../../../docs', page), 'utf8');
const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('the page about the method', () => {
  const lines = read('method.md').split('\n');
  const head = lines.findIndex((line) => line.startsWith('| learner | task types |'));
  const table = lines.slice(head + 2, lines.indexOf('', head)).map(cellsOf);

  it('has every learner, and says of each what it says of itself', () => {
    const stated = Object.fromEntries(table.map(([name, ...rest]) => [name.replaceAll('`', ''), rest]));
    const own = Object.entries(families).map(([name, { capabilities, parameters }]) => {
      const can = capabilities(parameters.parse({}) as JsonObject);
      const abilities = [can.masks, can.weights, can.sparse, can.lambda, can.lambdaMax, can.lambdaPath];
      return [
        name,
        [can.taskTypes.length === 3 ? 'all' : '', ...abilities.map((yes) => (yes ? 'yes' : 'no'))],
      ];
    });
    expect(stated).toEqual(Object.fromEntries(own));
  });
});

describe('the page about the store', () => {
  const page = read('store.md');
  const lines = page.split('\n').filter((line) => line.startsWith('| `'));

  it.each(['linear', 'forest', 'extra-trees', 'boosting', 'constant'])(
    'names all that a saved model of %s has',
    async (kind) => {
      const parameters = families[kind].parameters.parse({}) as JsonObject;
      const [model] = await learners[kind].fit(mixedProblem(), [{ lambda: 0.1, parameters }], context);
      const { learner, header, arrays } = model.serialize();
      const row = lines.find((line) => cellsOf(line)[0].includes(`\`${learner}\``)) ?? '';
      const missing = [...Object.keys(header), ...Object.keys(arrays)].filter(
        (name) => !new RegExp(`\\b${name}\\b`).test(row),
      );
      // What a boosting model's trees have is said of the forest's.
      const ofForest = lines.find((line) => line.startsWith('| `forest`')) ?? '';
      expect(missing.filter((name) => learner !== 'boosting' || !ofForest.includes(`\`${name}\``))).toEqual(
        [],
      );
    },
  );
});

const context: FitContext = {
  seed: 1,
  report: () => {},
  signal: new AbortController().signal,
  tensorBackend: () => Promise.reject(new Error('no tensors')),
};

function mixedProblem(): Problem {
  const n = 60;
  const x = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
  const dataset: Dataset = {
    rowCount: n,
    columns: [{ kind: 'numeric', name: 'x', values: x }],
    fingerprint: 'f',
  };
  return {
    dataset,
    features: [0],
    tasks: [
      { id: 'a', type: 'regression', weight: 1, classes: [] },
      { id: 'b', type: 'binary', weight: 1, classes: ['no', 'yes'] },
    ],
    labels: [x.map((v) => 2 * v), x.map((v) => (v > 0 ? 1 : 0))],
    rows: Int32Array.from({ length: n }, (_, i) => i),
  };
}
