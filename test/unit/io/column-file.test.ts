import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset, Problem } from '../../../src/core/dataset';
import { gatherValues } from '../../../src/core/dataset/gather-values';
import { type Configuration, type FitContext, learners } from '../../../src/core/learner';
import { isCached, loadDataset } from '../../../src/io';

const ROWS = 40_000;
const missing = [''];

let folder: string;
let source: string;
let cacheDir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taskweave-columns-'));
  source = join(folder, 'table.csv');
  cacheDir = join(folder, 'cache');
  const lines = ['a,b,colour,y'];
  for (let i = 0; i < ROWS; i++) {
    const a = ((i * 7919) % 1009) / 8;
    const b = i % 13 === 0 ? '' : ((i * 104_729) % 997) - 500;
    lines.push(`${a},${b},${['red', 'blue', 'green'][i % 3]},${(a + Number(b) / 100).toFixed(3)}`);
  }
  writeFileSync(source, `${lines.join('\n')}\n`);
  const time = Date.now() / 1000 - 60;
  utimesSync(source, time, time);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inMemory = () => loadDataset(source, { missing, cacheDir });
const inFile = () => loadDataset(source, { missing, cacheDir, mostInMemory: 1000 });

function numeric(dataset: Dataset, index: number) {
  const column = dataset.columns[index];
  if (column.kind !== 'numeric') throw new Error('the column should be numeric');
  return column;
}

describe('a table larger than what is to be in memory', () => {
  it('has the values of the file, of which it holds none', async () => {
    const held = await inMemory();
    const filed = await inFile();
    expect(filed.fingerprint).toBe(held.fingerprint);
    expect(numeric(held, 0).read).toBeUndefined();
    for (const index of [0, 1, 3]) {
      expect(numeric(filed, index).read).toBeTypeOf('function');
      expect(numeric(filed, index).values).toEqual(numeric(held, index).values);
      expect(numeric(filed, index).values).not.toBe(numeric(filed, index).values);
    }
    expect(filed.columns[2]).toEqual(held.columns[2]);
  });

  it('stays in the cache from its first reading on', async () => {
    const first = await inFile();
    expect(numeric(first, 0).read).toBeTypeOf('function');
    expect(await isCached(cacheDir, first.fingerprint)).toBe(true);
    expect(await isCached(cacheDir, 'another')).toBe(false);
  });

  it('is in memory where there is no cache', async () => {
    const dataset = await loadDataset(source, { missing, mostInMemory: 1000 });
    expect(numeric(dataset, 0).read).toBeUndefined();
  });

  it.each([
    ['ascending', Int32Array.from({ length: ROWS / 2 }, (_, i) => 2 * i + 1)],
    ['in any order, some twice', Int32Array.from({ length: ROWS }, (_, i) => (i * 7919) % ROWS)],
    ['the last alone', Int32Array.of(ROWS - 1)],
    ['none', new Int32Array(0)],
  ])('gives the values of rows: %s', async (_, rows) => {
    const column = numeric(await inFile(), 1);
    const all = column.values;
    expect(gatherValues(column, rows, new Float64Array(rows.length))).toEqual(
      Float64Array.from(rows, (row) => all[row]),
    );
  });

  it.each([
    ['linear', [{ lambda: 0.01, parameters: { penalty: 'lasso' } }]],
    ['linear', [{ lambda: 0.01, parameters: { penalty: 'ridge', loss: 'huber' } }]],
    ['forest', [{ parameters: { trees: 2, min_samples_leaf: 50 } }]],
    ['boosting', [{ lambda: 1, parameters: { rounds: 3 } }]],
  ] as const)(
    'gives the model and the predictions that memory gives, bit for bit: %s',
    async (kind, configurations) => {
      const held = await learn(await inMemory(), kind, configurations);
      const filed = await learn(await inFile(), kind, configurations);
      expect(filed).toEqual(held);
    },
  );

  it('is not read on where another program writes into the cache', async () => {
    const dataset = await inFile();
    const [table] = readdirSync(cacheDir).filter((name) => name !== 'sources');
    appendFileSync(join(cacheDir, table, 'columns.bin'), 'x');
    expect(() => numeric(dataset, 0).values).toThrow('was changed by another program');
  });
});

/** Hash of the saved model and of what it predicts of every third row. */
async function learn(
  dataset: Dataset,
  kind: string,
  configurations: readonly Configuration[],
): Promise<string> {
  const problem: Problem = {
    dataset,
    features: [0, 1, 2],
    tasks: [{ id: 'y', type: 'regression', weight: 1, classes: [] }],
    labels: [numeric(dataset, 3).values],
    rows: Int32Array.from({ length: ROWS }, (_, i) => i).filter((i) => i % 3 !== 0),
  };
  const context: FitContext = {
    seed: 5,
    report: () => {},
    signal: new AbortController().signal,
    tensorBackend: () => Promise.reject(new Error('no tensors here')),
  };
  const [model] = await learners[kind].fit(problem, configurations, context);
  const { header, arrays } = model.serialize();
  const rows = Int32Array.from({ length: Math.ceil(ROWS / 3) }, (_, i) => 3 * i);
  const hash = createHash('sha256').update(JSON.stringify(header));
  for (const { buffer, byteOffset, byteLength } of [
    ...Object.values(arrays),
    model.predict(dataset, rows)[0].values,
  ])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
