import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assignFolds, buildTaskTable, type Column, summarize } from '../../../src/core/dataset';
import { readColumnNames, readTable } from '../../../src/io';
import { experiment } from '../dataset/make';

function findSharedData(): string | undefined {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'shared', 'data');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

const data = findSharedData();
if (data === undefined) console.warn('No shared/data above this checkout: its files are not read here.');

const MISSING = ['', 'NA', '?'];
/** file, rows, columns, categorical or boolean columns, missing cells: from the README beside the files (of sf1's ten, seven are coded as digits). */
const files: readonly [string, number, number, number, number][] = [
  ['school.csv', 15362, 30, 1, 0],
  ['landmine.csv', 14820, 11, 1, 0],
  ['sarcos_test.csv', 4449, 28, 0, 0],
  ['tetouan_power.csv', 52416, 11, 0, 0],
  ['adult.csv', 48842, 14, 6, 6465],
  ['tox21.csv', 7831, 281, 1, 16026],
  ['rf1.csv', 9125, 72, 0, 3264],
  ['parkinsons.csv', 5875, 22, 0, 0],
  ['yeast.csv', 2417, 117, 0, 0],
  ['scene.csv', 2407, 300, 0, 0],
  ['emotions.csv', 593, 78, 0, 0],
  ['wq.csv', 1060, 30, 0, 0],
  ['atp1d.csv', 337, 417, 0, 0],
  ['oes97.csv', 334, 279, 0, 0],
  ['osales.csv', 639, 413, 0, 10012],
  ['scpf.csv', 1137, 26, 0, 9255],
  ['enb.csv', 768, 10, 0, 0],
  ['sf1.csv', 323, 13, 3, 0],
  ['edm.csv', 154, 18, 0, 0],
  ['slump.csv', 103, 10, 0, 0],
  ['andro.csv', 49, 36, 0, 0],
];

describe.skipIf(data === undefined)('real tables', () => {
  const folder = data ?? '';

  it.each(files)(
    '%s has %i rows, %i columns, %i of them categorical, %i cells missing',
    async (file, ...shape) => {
      const table = await readTable(join(folder, file), { missing: MISSING });
      const { columns } = summarize(table);
      const categorical = columns.filter(({ kind }) => kind !== 'numeric').length;
      const missing = columns.reduce((sum, column) => sum + column.missing, 0);
      expect([table.rowCount, columns.length, categorical, missing]).toEqual(shape);
    },
  );

  it.each(['seed_example.csv', 'oes97.csv'])(
    'every number of %s is the one that Number() reads',
    async (file) => {
      const path = join(folder, file);
      const { columns } = await readTable(path, { missing: MISSING });
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
      lines.forEach((line, row) => {
        line.split(',').forEach((cell, i) => {
          expect(cellOf(columns[i], row)).toBe(columns[i].kind === 'numeric' ? Number(cell) : cell.trim());
        });
      });
    },
  );

  it('positives of the landmine and tox21 tasks are as published', async () => {
    const landmine = await readTable(join(folder, 'landmine.csv'), { missing: MISSING });
    const y = landmine.columns.find(({ name }) => name.startsWith('y_'));
    expect(y?.kind === 'numeric' && y.values.reduce((sum, value) => sum + value, 0)).toBe(904);
    const tox21 = summarize(await readTable(join(folder, 'tox21.csv'), { missing: MISSING }));
    const assays = tox21.columns.filter(({ name }) => name.startsWith('y_'));
    expect(assays.map(({ values }) => values?.map(({ rows }) => rows))).toEqual(
      [
        [7265, 309],
        [6758, 237],
        [6549, 768],
        [5821, 300],
        [6193, 793],
        [6955, 350],
        [6450, 186],
        [5832, 942],
        [7072, 264],
        [6467, 372],
        [5810, 918],
        [6774, 423],
      ].map(([all, positive]) => [all - positive, positive]),
    );
  });

  it('make mixed tasks: census with its two binary tasks and a regression', async () => {
    const adult = await readTable(join(folder, 'adult.csv'), { missing: MISSING });
    const made = buildTaskTable(
      adult,
      experiment([{ id: 'y_income_gt_50k' }, { id: 'y_never_married' }, { id: 'y_hours_per_week' }], {
        test: 0.2,
      }),
    );
    expect(made.tasks.map(({ type }) => type)).toEqual(['binary', 'binary', 'regression']);
    expect(made.features.length).toBe(11);
    expect(made.testRows.length).toBe(Math.round(48842 / 5));
    const income = (rows: Int32Array) => rows.reduce((sum, row) => sum + made.labels[0][row], 0);
    expect(income(made.trainRows) + income(made.testRows)).toBe(7841 + 3846);
    expect(Math.abs(income(made.testRows) - (7841 + 3846) / 5)).toBeLessThanOrEqual(1);
  });

  it('make long tasks: a school each, spread over folds', async () => {
    const school = await readTable(join(folder, 'school.csv'), { missing: MISSING });
    const target = school.columns.find(({ name }) => name.startsWith('y_'))?.name ?? '';
    const { tasks, labels, rowTask, trainRows } = buildTaskTable(
      school,
      experiment([{ id: 'score', target }], { task: 'task' }),
    );
    expect(tasks.length).toBe(139);
    const sizes = new Int32Array(139);
    for (const t of rowTask ?? []) sizes[t]++;
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([22, 251]);
    const foldOf = assignFolds({ rows: trainRows, tasks, labels, rowTask, folds: 5, seed: 42 });
    const counts = Array.from(sizes, () => new Int32Array(5));
    foldOf.forEach((fold, row) => {
      counts[rowTask?.[row] ?? 0][fold]++;
    });
    // A fold holds a fifth of every school, rows of a school that five does not divide going where there is room.
    counts.forEach((count, t) => {
      expect(Math.max(...count) - sizes[t] / 5).toBeLessThanOrEqual(2);
      expect(sizes[t] / 5 - Math.min(...count)).toBeLessThanOrEqual(2);
    });
  });

  it('spread rare positives over the folds: the assays of tox21, a sixth of their labels missing', async () => {
    const tox21 = await readTable(join(folder, 'tox21.csv'), { missing: MISSING });
    const assays = tox21.columns
      .filter(({ name }) => name.startsWith('y_'))
      .map(({ name }) => ({ id: name }));
    const { tasks, labels, trainRows } = buildTaskTable(tox21, experiment(assays, { exclude: ['mol_id'] }));
    const foldOf = assignFolds({ rows: trainRows, tasks, labels, folds: 5, seed: 42 });
    for (const label of labels) {
      const positives = new Int32Array(5);
      foldOf.forEach((fold, row) => {
        if (label[row] === 1) positives[fold]++;
      });
      expect(Math.max(...positives) - Math.min(...positives)).toBeLessThanOrEqual(6);
    }
  });

  it('names of columns are read without the table', async () => {
    expect((await readColumnNames(join(folder, 'enb.csv'))).length).toBe(10);
  });
});

function cellOf(column: Column, row: number): number | string {
  return column.kind === 'numeric' ? column.values[row] : column.categories[column.codes[row]];
}
