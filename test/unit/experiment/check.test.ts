import { describe, expect, it } from 'vitest';
import { checkExperiment, parseExperiment, sourcesOf } from '../../../src/core/experiment';
import { check, file, PENGUINS } from './checked';
import { categorical, covered, EXAMPLE, fixed, numeric, only, places, table } from './support';

describe('a file that fits its data', () => {
  it('has no mistake', () => {
    expect(check(EXAMPLE)).toEqual([]);
  });

  it('is not checked against a table that was not read', () => {
    expect(checkExperiment(parseExperiment(EXAMPLE), { sources: {} })).toEqual([]);
  });

  it('says why a table could not be read, at its name', () => {
    const parsed = parseExperiment(EXAMPLE);
    const found = checkExperiment(parsed, {
      sources: {},
      unreadable: { 'penguins.csv': 'there is no such file' },
    });
    expect(only(found)).toMatchObject({
      code: 'unreadable-source',
      message: 'there is no such file',
      line: 1,
    });
    expect(covered(EXAMPLE, only(found))).toBe('penguins.csv');
  });
});

describe('a table that cannot be read beside other mistakes', () => {
  const unreadable = { 'a.csv': 'there is no such file', 'b.csv': 'there is no such file' };
  const found = (text: string) => {
    const parsed = parseExperiment(text);
    const sources = sourcesOf(parsed);
    const read = Object.fromEntries(Object.entries(unreadable).filter(([name]) => sources.includes(name)));
    return checkExperiment(parsed, { sources: {}, unreadable: read }).map((one) => covered(text, one));
  };
  const models = 'models: { m: { kind: forest } }';

  it('is reported where there are no tasks, or none that can be read', () => {
    expect(found(`data: { source: a.csv }\ntasks: {}\n${models}`)).toEqual(['a.csv']);
    expect(found(`data: { source: a.csv }\n${models}`)).toEqual(['a.csv']);
    expect(found(`data: { source: a.csv, folds: 1 }\ntasks: { y: { traget: y } }`)).toEqual(['a.csv']);
  });

  it('is reported where its own task has another mistake', () => {
    const text = `data: { folds: 1 }\ntasks:\n  x: { target: x, source: a.csv }\n  y: { source: b.csv }\n${models}`;
    expect(found(text)).toEqual(['a.csv', 'b.csv']);
  });

  it('is no matter where every task has another', () => {
    const text = `data: { source: a.csv }\ntasks: { y: { target: y, source: b.csv } }\n${models}`;
    expect(found(text)).toEqual(['b.csv']);
  });
});

describe('columns', () => {
  it('that do not exist get the nearest that does', () => {
    const text = file('exclude: [islnd]', '{ y: { target: Sex }, z: { target: specie } }');
    const found = check(text);
    expect(found.map(({ code, replacement }) => [code, replacement])).toEqual([
      ['missing-column', 'island'],
      ['missing-column', 'sex'],
      ['missing-column', 'species'],
    ]);
    expect(found.map((one) => covered(text, one))).toEqual(['islnd', 'Sex', 'specie']);
    expect(check(found.reverse().reduce(fixed, text))).toEqual([]);
  });

  it('that are like no other are answered with the list', () => {
    const found = only(check(file('weight: zzzzz')));
    expect(found.remedy).toBe('write one of species, island, bill_length_mm, body_mass_g, sex');
  });

  it('that are a target cannot be a feature', () => {
    const text = file('features: [island, sex, sex]');
    expect(places(check(text))).toEqual([
      '1:43 target-as-feature',
      '1:48 listed-twice',
      '1:48 target-as-feature',
    ]);
  });

  it('have one role only', () => {
    const weighted = table(344, ...PENGUINS.columns, numeric('w'));
    expect(places(check(file('weight: w, group: w, features: [island, w]'), weighted))).toEqual([
      '1:32 column-role',
      '1:64 column-role',
    ]);
    expect(places(check(file('weight: w', '{ y: { target: w } }'), weighted))).toEqual(['2:23 column-role']);
  });

  it('predicted twice are warned of, at the second task', () => {
    const found = only(check(file('', '{ a: sex, b: sex }')));
    expect(found).toMatchObject({ severity: 'warning', code: 'same-target', line: 2, column: 21 });
  });

  it('all taken away leave nothing to learn from', () => {
    const found = only(check(file('exclude: [species, island, bill_length_mm, body_mass_g]')));
    expect(found).toMatchObject({ code: 'no-features', line: 1, column: 24, endColumn: 31 });
  });

  it('of identifiers among the features are warned of', () => {
    const ids = categorical(
      'mol_id',
      Object.fromEntries(Array.from({ length: 344 }, (_, i) => [`M${i}`, 1])),
    );
    const counter = numeric('row', {
      distinct: 344,
      range: { min: 1, max: 344, mean: 172.5, integer: true },
    });
    const source = table(344, ...PENGUINS.columns, ids, counter);
    const found = check(file(''), source);
    expect(found.map(({ severity, message }) => [severity, message.slice(0, 20)])).toEqual([
      ['warning', 'the column "mol_id" '],
      ['warning', 'the column "row" has'],
    ]);
    expect(check(file('exclude: [mol_id, row]'), source)).toEqual([]);
  });
});

describe('roles of columns', () => {
  const weights = (about: object) => table(344, ...PENGUINS.columns, numeric('w', about));

  it('weights are numbers, none negative, none missing', () => {
    expect(only(check(file('weight: island'))).code).toBe('not-numeric');
    const range = { min: -2, max: 1, mean: 0, integer: false };
    expect(only(check(file('weight: w'), weights({ range })))).toMatchObject({
      code: 'negative-weight',
      line: 1,
      column: 32,
      endColumn: 33,
    });
    expect(only(check(file('weight: w'), weights({ missing: 3 }))).code).toBe('missing-values');
  });

  const splits = (counts: Readonly<Record<string, number>>, missing = 0) =>
    table(344, ...PENGUINS.columns, categorical('part', counts, { missing }));

  it('a split column says train or test in every row', () => {
    const text = file('split: part');
    expect(check(text, splits({ train: 300, Test: 44 }))).toEqual([]);
    expect(only(check(text, splits({ train: 300, valid: 44 })))).toMatchObject({
      code: 'split-value',
      message: 'the column "part" has the value "valid", which says neither train nor test',
    });
    expect(only(check(text, splits({ train: 300, test: 40 }, 4))).code).toBe('missing-values');
    expect(only(check(text, splits({ test: 344 }))).code).toBe('no-training-rows');
    expect(only(check(text, splits({ train: 344 })))).toMatchObject({
      severity: 'warning',
      code: 'no-test-rows',
    });
    expect(only(check(file('split: body_mass_g'))).code).toBe('split-value');
  });

  it('a split column may be numbers, 1 for test', () => {
    const values = [
      { value: 0, rows: 300 },
      { value: 1, rows: 44 },
    ];
    const source = table(344, ...PENGUINS.columns, numeric('part', { distinct: 2, values }));
    expect(check(file('split: part'), source)).toEqual([]);
  });

  it('there are more groups than folds', () => {
    expect(only(check(file('group: island'))).code).toBe('too-few-groups');
    expect(check(file('group: island, folds: 2'))).toEqual([]);
  });

  it('the task column of long data tells tasks apart in every row', () => {
    const clinics = (counts: Readonly<Record<string, number>>, missing = 0) =>
      table(344, ...PENGUINS.columns, categorical('clinic', counts, { missing }));
    expect(check(file('task: clinic'), clinics({ a: 100, b: 244 }))).toEqual([]);
    expect(only(check(file('task: clinic'), clinics({ a: 100, b: 240 }, 4))).code).toBe('missing-values');
    expect(only(check(file('task: clinic'), clinics({ a: 344 })))).toMatchObject({
      severity: 'warning',
      code: 'one-task',
    });
  });
});

it('a file a task is checked task by task', () => {
  const text = `data: { folds: 5, test: 0.3 }
tasks:
  a: { target: y, source: a.csv }
  b: { target: weigth, source: b.csv }
models: { m: { kind: forest } }`;
  const sources = {
    'a.csv': table(100, numeric('x'), numeric('y')),
    'b.csv': table(100, numeric('x'), numeric('weight')),
  };
  const found = only(checkExperiment(parseExperiment(text), { sources }));
  expect(found).toMatchObject({ code: 'missing-column', line: 4, replacement: 'weight' });
});

it('a file with other mistakes is checked all the same', () => {
  const text = file('fold: 3', '{ y: { target: sxe } }');
  expect(places(parseExperiment(text).diagnostics)).toEqual(['1:24 unknown-key']);
  expect(places(check(text))).toEqual(['2:23 missing-column']);
});

describe('names that every object has', () => {
  it.each(['__proto__', 'constructor', 'toString'])('%s is refused where it is written', (name) => {
    const text = `${file('', `{ ${name}: { target: sex }, m: { target: body_mass_g } }`, `{ ${name}: { kind: forest } }`)}ensembles: { ${name}: { combine: mean } }`;
    const found = parseExperiment(text).diagnostics.filter(({ code }) => code === 'reserved-name');
    expect(places(found)).toEqual(['2:10 reserved-name', '3:11 reserved-name', '4:14 reserved-name']);
    for (const one of found) expect(covered(text, one)).toBe(name);
  });

  it('are refused as columns that are used, and as values of the task column', () => {
    const odd = table(344, ...PENGUINS.columns, numeric('__proto__'));
    expect(only(check(file(''), odd))).toMatchObject({ code: 'reserved-name', severity: 'error' });
    expect(check(file('exclude: [__proto__]'), odd)).toEqual([]);
    const long = table(344, ...PENGUINS.columns, categorical('clinic', { constructor: 100, b: 244 }));
    expect(only(check(file('task: clinic'), long)).message).toContain('a task cannot be named "constructor"');
  });
});
