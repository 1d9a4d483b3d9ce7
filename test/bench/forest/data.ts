import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Dataset } from '../../../src/core/dataset/dataset';
import type { Problem, Task } from '../../../src/core/dataset/problem';
import { Random } from '../../../src/core/random';
import { readTable } from '../../../src/io';

export interface Split {
  readonly problem: Problem;
  readonly test: Int32Array;
}

/** Folder `shared/data`, looked for from `from` upwards. */
export function sharedData(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const data = join(folder, 'shared', 'data');
    if (existsSync(data)) return data;
    if (folder === dirname(folder)) throw new Error('There is no folder shared/data above this one.');
  }
}

const tables = new Map<string, Dataset>();

/** A table of shared/data with its targets (columns y_…), split by `isTest`. */
export async function tableOf(name: string, isTest: (row: number) => boolean): Promise<Split> {
  const path = join(sharedData(process.cwd()), `${name}.csv`);
  const dataset = tables.get(path) ?? (await readTable(path, { missing: [''] }));
  tables.set(path, dataset);
  const all = dataset.columns.map((_, c) => c);
  const targets = all.filter((c) => dataset.columns[c].name.startsWith('y_'));
  const labels = targets.map((c) => {
    const column = dataset.columns[c];
    return column.kind === 'numeric' ? column.values : Float64Array.from(column.codes);
  });
  const tasks = targets.map((c, t): Task => {
    const binary = labels[t].every((y) => y === 0 || y === 1);
    const { name: id } = dataset.columns[c];
    return { id, type: binary ? 'binary' : 'regression', weight: 1, classes: binary ? ['0', '1'] : [] };
  });
  const rows = Int32Array.from({ length: dataset.rowCount }, (_, row) => row);
  const features = all.filter((c) => !targets.includes(c));
  const problem = { dataset, features, tasks, labels, rows: rows.filter((row) => !isTest(row)) };
  return { problem, test: rows.filter(isTest) };
}

const FEATURES = 50;
const TASKS = 5;
const TRAIN = 100_000;
const TEST = 20_000;

/** The made table of `madeTable`, kept as raw float64 for the peers. */
export function synthetic(folder: string): Split {
  const split = madeTable(TRAIN, TEST);
  if (existsSync(join(folder, 'X.bin'))) return split;
  const { dataset, labels } = split.problem;
  const n = dataset.rowCount;
  const columns = dataset.columns.map((column) => (column.kind === 'numeric' ? column.values : column.codes));
  const byRow = (of: readonly ArrayLike<number>[]) =>
    Float64Array.from({ length: n * of.length }, (_, i) => of[i % of.length][Math.floor(i / of.length)]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Y.bin'), byRow(labels));
  writeFileSync(join(folder, 'X.bin'), byRow(columns));
  return split;
}

/** Five related binary tasks: a common linear part, one of each task's own, a wave and noise. */
export function madeTable(train: number, test: number): Split {
  const random = new Random(1);
  const n = train + test;
  const columns = Array.from({ length: FEATURES }, (_, f) => ({
    kind: 'numeric' as const,
    name: `x${f}`,
    values: new Float64Array(n),
  }));
  for (let i = 0; i < n; i++) for (const { values } of columns) values[i] = random.normal();
  const common = columns.map(() => random.normal());
  const labels = Array.from({ length: TASKS }, () => {
    const line = common.map((w) => (w + 0.7 * random.normal()) / Math.sqrt(1.49 * FEATURES));
    const wave = common.map(() => (2 * random.normal()) / Math.sqrt(FEATURES));
    return Float64Array.from({ length: n }, (_, i) => {
      let straight = 0;
      let bent = 0;
      for (let f = 0; f < FEATURES; f++) {
        straight += columns[f].values[i] * line[f];
        bent += columns[f].values[i] * wave[f];
      }
      return straight + Math.sin(bent) + 0.7 * random.normal() > 0 ? 1 : 0;
    });
  });
  const dataset: Dataset = { rowCount: n, columns, fingerprint: '' };
  const rows = Int32Array.from({ length: n }, (_, row) => row);
  const tasks = labels.map((_, t): Task => ({ id: `t${t}`, type: 'binary', weight: 1, classes: ['0', '1'] }));
  const features = columns.map((_, f) => f);
  return {
    problem: { dataset, features, tasks, labels, rows: rows.subarray(0, train) },
    test: rows.subarray(train),
  };
}
