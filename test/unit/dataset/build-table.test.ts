import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildTaskTable, inferTaskType, summarize, summarizeColumn } from '../../../src/core/dataset';
import { sha256 } from '../../../src/core/sha256';
import { experiment, numeric, table, text } from './make';

const thrown = (code: string) => expect.objectContaining({ name: 'DataError', code });

describe('a wide table', () => {
  const penguins = table(
    numeric('length', 40, 41, 50, 47, 39, 45),
    text('island', ['Biscoe', 'Dream', 'Biscoe', null, 'Dream', 'Dream']),
    text('species', ['Adelie', 'Gentoo', 'Gentoo', 'Chinstrap', 'Adelie', 'Adelie']),
    text('sex', ['male', null, 'female', 'male', 'female', null]),
    numeric('mass', 3500, 5000, NaN, 4000, 3600, 3700),
    text('split', ['train', 'Test', 'train', 'TRAIN', 'test', 'train']),
    numeric('weight', 1, 2, 0, 1, 1, 1),
  );
  const tasks = [{ id: 'species' }, { id: 'sex' }, { id: 'mass' }];

  it('has inferred types, classes in order, masked labels and the split of its column', () => {
    const made = buildTaskTable(penguins, experiment(tasks, { split: 'split', weight: 'weight' }));
    expect(made.tasks).toEqual([
      { id: 'species', type: 'multiclass', weight: 1, classes: ['Adelie', 'Chinstrap', 'Gentoo'] },
      { id: 'sex', type: 'binary', weight: 1, classes: ['female', 'male'] },
      { id: 'mass', type: 'regression', weight: 1, classes: [] },
    ]);
    expect(made.labels.map((labels) => [...labels])).toEqual([
      [0, 2, 2, 1, 0, 0],
      [1, NaN, 0, 1, 0, NaN],
      [3500, 5000, NaN, 4000, 3600, 3700],
    ]);
    expect([...made.trainRows]).toEqual([0, 2, 3, 5]);
    expect([...made.testRows]).toEqual([1, 4]);
    expect([...(made.sampleWeight ?? [])]).toEqual([1, 2, 0, 1, 1, 1]);
    expect(made.rowTask).toBeUndefined();
  });

  it('offers as features what is not target, weight, split or excluded', () => {
    const data = { split: 'split', weight: 'weight' };
    expect(buildTaskTable(penguins, experiment(tasks, data)).features).toEqual([0, 1]);
    expect(buildTaskTable(penguins, experiment(tasks, { ...data, exclude: ['island'] })).features).toEqual([
      0,
    ]);
    expect(buildTaskTable(penguins, experiment(tasks, { ...data, features: ['island'] })).features).toEqual([
      1,
    ]);
    expect(
      buildTaskTable(penguins, experiment([{ id: 'sex' }], { features: ['mass', 'length'] })).features,
    ).toEqual([0, 4]);
  });

  it('puts the positive class second', () => {
    const made = buildTaskTable(penguins, experiment([{ id: 'sex', positive: 'female' }]));
    expect(made.tasks[0].classes).toEqual(['male', 'female']);
    expect(made.labels[0][0]).toBe(0);
  });

  it('says what is wrong with it', () => {
    const build = (...given: Parameters<typeof experiment>) => buildTaskTable(penguins, experiment(...given));
    expect(() => build([{ id: 'age' }])).toThrowError(thrown('unknown-column'));
    expect(() => build([{ id: 'age' }])).toThrowError(/no column 'age'.*Its columns are 'length', 'island'/);
    expect(() => build([{ id: 'sex', type: 'regression' }])).toThrowError(thrown('not-numeric'));
    expect(() => build([{ id: 'species', type: 'binary' }])).toThrowError(thrown('class-count'));
    expect(() => build([{ id: 'sex', positive: 'f' }])).toThrowError(/'f'.*Write one of 'female', 'male'/);
    expect(() => build([{ id: 'sex' }], { features: ['sex'] })).toThrowError(thrown('column-role'));
    expect(() => build([{ id: 'sex' }], { exclude: ['nothing'] })).toThrowError(thrown('unknown-column'));
    expect(() => build([{ id: 'sex' }], { weight: 'mass' })).toThrowError(thrown('sample-weight'));
    expect(() => build([{ id: 'sex' }], { split: 'island' })).toThrowError(thrown('split-value'));
    expect(() => build([{ id: 'sex' }], { group: 'island' })).toThrowError(thrown('missing-group'));
    expect(() => build([])).toThrowError(thrown('no-tasks'));
    expect(() => build([{ id: 'sex' }], { features: [] })).toThrowError(thrown('no-features'));
  });
});

describe('the split column', () => {
  const y = numeric('y', 1, 2, 3, 4);
  const x = numeric('x', 1, 2, 3, 4);
  it.each([
    ['0 and 1', numeric('part', 0, 1, 0, 1)],
    ['false and true', text('part', ['false', 'true', 'false', 'true'], 'boolean')],
    ['words in any case', text('part', ['Training', 'TEST', 'train', 'test'])],
  ])('may be %s', (_, part) => {
    const made = buildTaskTable(table(x, y, part), experiment([{ id: 'y' }], { split: 'part' }));
    expect([...made.testRows]).toEqual([1, 3]);
  });

  it('gives way to time: the latest rows are held out', () => {
    const days = text('day', ['2024-03-01', '2023-01-05', '2024-02-28', '2021-12-31']);
    const made = buildTaskTable(table(x, y, days), experiment([{ id: 'y' }], { time: 'day', test: 0.5 }));
    expect([...made.testRows]).toEqual([0, 2]);
    expect(made.features).toEqual([0]);
  });
});

describe('a long table', () => {
  const school = table(
    text('school', ['b', 'a', 'b', 'c', 'a', 'a']),
    numeric('x', 1, 2, 3, 4, 5, 6),
    numeric('score', 10, 20, 30, 40, NaN, 60),
  );

  it('has a task for every value of the task column, which is not a feature', () => {
    const made = buildTaskTable(school, experiment([{ id: 'score', weight: 2 }], { task: 'school' }));
    expect(made.tasks.map(({ id, type, weight }) => [id, type, weight])).toEqual([
      ['a', 'regression', 2],
      ['b', 'regression', 2],
      ['c', 'regression', 2],
    ]);
    expect([...(made.rowTask ?? [])]).toEqual([1, 0, 1, 2, 0, 0]);
    expect([...made.labels[0]]).toEqual([NaN, 20, NaN, NaN, NaN, 60]);
    expect([...made.labels[2]]).toEqual([NaN, NaN, NaN, 40, NaN, NaN]);
    expect(made.features).toEqual([1]);
    expect(made.targets).toEqual(['score', 'score', 'score']);
  });

  it('orders numbered tasks as numbers', () => {
    const numbered = table(numeric('t', 10, 9, 100), numeric('x', 1, 2, 3), numeric('y', 1, 0, 0));
    const made = buildTaskTable(numbered, experiment([{ id: 'y' }], { task: 't' }));
    expect(made.tasks.map(({ id }) => id)).toEqual(['9', '10', '100']);
    expect(made.tasks.every(({ type }) => type === 'binary')).toBe(true);
  });

  it('needs one entry under tasks, and a task in every row', () => {
    const two = experiment([{ id: 'score' }, { id: 'x' }], { task: 'school' });
    expect(() => buildTaskTable(school, two)).toThrowError(thrown('no-tasks'));
    const lacking = table(text('school', ['a', null, null]), numeric('x', 1, 2, 3), numeric('y', 1, 2, 3));
    expect(() => buildTaskTable(lacking, experiment([{ id: 'y' }], { task: 'school' }))).toThrowError(
      /row 2, column 'school': the first of 2 rows without a task/,
    );
  });
});

describe('one file a task', () => {
  const east = table(numeric('a', 1, 2), text('b', ['p', 'q']), numeric('y', 5, 6.5));
  const west = table(text('b', ['q', 'r', null]), numeric('c', 7, 8, 9), text('y', ['no', 'yes', 'no']));

  it('puts the tables under one another over the union of their columns', () => {
    const made = buildTaskTable(
      { 'east.csv': east, 'west.csv': west },
      experiment([
        { id: 'east', target: 'y', source: 'east.csv' },
        { id: 'west', target: 'y', source: 'west.csv' },
      ]),
    );
    expect(made.dataset.columns.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'a: numeric',
      'b: categorical',
      'y: categorical',
      'c: numeric',
    ]);
    expect(made.features.map((index) => made.dataset.columns[index].name)).toEqual(['a', 'b', 'c']);
    expect(made.dataset.columns[0]).toMatchObject({ values: Float64Array.of(1, 2, NaN, NaN, NaN) });
    expect(made.dataset.columns[1]).toMatchObject({
      codes: Int32Array.of(0, 1, 1, 2, -1),
      categories: ['p', 'q', 'r'],
    });
    expect(made.tasks.map(({ type }) => type)).toEqual(['regression', 'binary']);
    expect(made.labels.map((labels) => [...labels])).toEqual([
      [5, 6.5, NaN, NaN, NaN],
      [NaN, NaN, 0, 1, 0],
    ]);
    expect([...(made.rowTask ?? [])]).toEqual([0, 0, 1, 1, 1]);
    expect(made.dataset.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('refuses tasks of which some share a file', () => {
    const shared = experiment([
      { id: 'a', source: 'east.csv' },
      { id: 'y', source: 'east.csv' },
      { id: 'c', source: 'west.csv' },
    ]);
    expect(() => buildTaskTable({ 'east.csv': east, 'west.csv': west }, shared)).toThrowError(
      thrown('shared-source'),
    );
    const unread = experiment([{ id: 'y', source: 'north.csv' }]);
    expect(() => buildTaskTable({ 'east.csv': east }, unread)).toThrowError(thrown('no-source'));
  });
});

describe('the summary', () => {
  it('counts what is there', () => {
    const { columns } = summarize(
      table(
        numeric('n', 1, NaN, 3, 1),
        text('c', ['u', null, 'u', 'v']),
        numeric('empty', NaN, NaN, NaN, NaN),
      ),
    );
    expect(columns).toEqual([
      {
        name: 'n',
        kind: 'numeric',
        missing: 1,
        distinct: 2,
        range: { min: 1, max: 3, mean: expect.closeTo(5 / 3, 12), integer: true },
        values: [
          { value: 1, rows: 2 },
          { value: 3, rows: 1 },
        ],
      },
      {
        name: 'c',
        kind: 'categorical',
        missing: 1,
        distinct: 2,
        categories: [
          { value: 'u', rows: 2 },
          { value: 'v', rows: 1 },
        ],
      },
      { name: 'empty', kind: 'numeric', missing: 4, distinct: 0, values: [] },
    ]);
  });

  it('stops counting at 1,000 distinct values', () => {
    const [column] = summarize(table(numeric('n', ...Array.from({ length: 3000 }, (_, i) => i / 2)))).columns;
    expect(column).toMatchObject({ distinct: 1000, range: { integer: false } });
    expect(column.values).toBeUndefined();
  });

  it('is enough to infer a type', () => {
    const typeOf = (column: Parameters<typeof summarizeColumn>[0]) => inferTaskType(summarizeColumn(column));
    expect(typeOf(numeric('y', 0, 1, 1))).toBe('binary');
    expect(typeOf(numeric('y', 0.5, 1, 1))).toBe('regression');
    expect(typeOf(numeric('y', 0, 1, 2))).toBe('regression');
    expect(typeOf(text('y', ['a', 'b']))).toBe('binary');
    expect(typeOf(text('y', ['a', 'b', 'c']))).toBe('multiclass');
    expect(typeOf(text('y', ['false', 'true'], 'boolean'))).toBe('binary');
  });
});

it('hashes as the platform does', () => {
  for (const message of ['', 'abc', 'naïve ☃', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(1000)]) {
    expect(sha256(message)).toBe(createHash('sha256').update(message).digest('hex'));
  }
});
