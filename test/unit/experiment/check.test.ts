import { describe, expect, it } from 'vitest';
import { type DatasetSummary, inferTaskType } from '../../../src/core/dataset';
import { checkExperiment, parseExperiment, sourcesOf } from '../../../src/core/experiment';
import { categorical, covered, EXAMPLE, fixed, numeric, only, places, table } from './support';

const PENGUINS = table(
  344,
  categorical('species', { Adelie: 152, Chinstrap: 68, Gentoo: 124 }),
  categorical('island', { Biscoe: 168, Dream: 124, Torgersen: 52 }),
  numeric('bill_length_mm', { missing: 2 }),
  numeric('body_mass_g', { missing: 2 }),
  categorical('sex', { FEMALE: 165, MALE: 168 }, { missing: 11 }),
);

/** Without what is said of small test splits, as these tables are small. */
function check(text: string, source: DatasetSummary = PENGUINS) {
  return checkAll(text, source).filter(({ code }) => !code.startsWith('few-test-'));
}

function checkAll(text: string, source: DatasetSummary = PENGUINS) {
  return checkExperiment(parseExperiment(text), { sources: { 'a.csv': source, 'penguins.csv': source } });
}

/** One base model that takes anything, over `a.csv`. */
function file(data: string, tasks = '{ y: { target: sex } }', models = '{ m: { kind: forest } }'): string {
  return `data: { source: a.csv, ${data} }\ntasks: ${tasks}\nmodels: ${models}\n`;
}

describe('a test split too small for verdicts', () => {
  const found = (text: string, source?: DatasetSummary) =>
    checkAll(text, source).filter(({ code }) => code.startsWith('few-test-'));
  const two = '{ y: { target: sex }, m: { target: body_mass_g } }';

  it('is warned of beforehand, by the task with the fewest labelled rows', () => {
    expect(found(file('test: 0.05', two))).toMatchObject([
      {
        severity: 'warning',
        code: 'few-test-rows',
        message: expect.stringContaining('about 17 labelled rows of task y (and too few of 1 more)'),
      },
    ]);
    expect(found(file('test: 0.2', two))).toEqual([]);
    // Nobody to share with; nothing held out.
    expect(found(file('test: 0.05'))).toEqual([]);
    expect(found(file('test: 0', two))).toEqual([]);
    const mass = '{ m: { target: body_mass_g } }';
    expect(only(found(file('test: 0.2, task: island', mass))).message).toContain(
      '10 labelled rows of task Torgersen',
    );
  });

  it('is warned of by its groups, and by the column that says which rows it has', () => {
    const grouped = (groups: number) =>
      table(344, ...PENGUINS.columns, numeric('nest', { distinct: groups }));
    expect(only(found(file('test: 0.2, group: nest', two), grouped(40)))).toMatchObject({
      code: 'few-test-groups',
      message: expect.stringContaining('about 8 groups of "nest"'),
    });
    expect(found(file('test: 0.2, group: nest', two), grouped(60))).toEqual([]);
    const part = (test: number) =>
      table(344, ...PENGUINS.columns, categorical('part', { train: 344 - test, test }));
    expect(only(found(file('split: part', two), part(20))).code).toBe('few-test-rows');
    expect(found(file('split: part', two), part(40))).toEqual([]);
  });
});

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

describe('targets', () => {
  const check1 = (entry: string, column: ReturnType<typeof numeric>, data = '') =>
    check(file(data, `{ y: { target: t${entry} } }`), table(344, numeric('x'), column));

  it('need labels', () => {
    const found = only(check1('', numeric('t', { missing: 344, distinct: 0, range: undefined, values: [] })));
    expect(found).toMatchObject({ code: 'no-labels', line: 2, column: 23, endColumn: 24 });
  });

  it('that are text are no regression', () => {
    const found = only(check1(', type: regression', categorical('t', { low: 100, 3: 100, high: 144 })));
    expect(found).toMatchObject({ code: 'not-numeric', line: 2, replacement: 'multiclass' });
    expect(found.message).toContain('such as "low"');
  });

  it('of one class teach nothing', () => {
    expect(only(check1('', categorical('t', { a: 344 }))).code).toBe('one-class');
    const ones = numeric('t', { distinct: 1, values: [{ value: 1, rows: 344 }] });
    expect(only(check1(', type: binary', ones)).code).toBe('one-class');
  });

  it('of one number teach nothing either', () => {
    const ones = numeric('t', { distinct: 1, range: { min: 7, max: 7, mean: 7, integer: true } });
    for (const type of ['', ', type: regression']) {
      expect(only(check1(type, ones))).toMatchObject({
        severity: 'error',
        code: 'one-value',
        message: 'the column "t" has one value only, 7: there is nothing to learn',
        remedy: 'name a target whose values differ',
      });
    }
  });

  it('of three classes are not binary', () => {
    const text = file('', '{ y: { target: species, type: binary } }');
    const found = only(check(text));
    expect(found).toMatchObject({ code: 'not-binary', replacement: 'multiclass' });
    expect(check(fixed(text, found))).toEqual([]);
  });

  it('of many numbers are not binary', () => {
    expect(only(check1(', type: binary', numeric('t')))).toMatchObject({ replacement: 'regression' });
  });

  it('have the positive class that is asked for', () => {
    const found = only(check(file('', '{ y: { target: sex, positive: female } }')));
    expect(found).toMatchObject({
      code: 'unknown-class',
      replacement: 'FEMALE',
      line: 2,
      column: 38,
      endColumn: 44,
    });
    expect(check(file('', '{ y: { target: sex, positive: FEMALE } }'))).toEqual([]);
    expect(only(check(file('', '{ y: { target: body_mass_g, positive: high } }')))).toMatchObject({
      severity: 'warning',
      code: 'ignored-key',
    });
  });

  it('of whole numbers that may be classes are asked about, unless their type is stated', () => {
    const codes = numeric('t', { distinct: 5, range: { min: 1, max: 5, mean: 3, integer: true } });
    expect(inferTaskType(codes)).toBe('regression');
    expect(only(check1('', codes))).toMatchObject({ severity: 'warning', code: 'ambiguous-type' });
    expect(check1(', type: regression', codes)).toEqual([]);
  });

  it('need a unit in which single precision tells their values apart', () => {
    const regression = (min: number, max: number) =>
      check1('', numeric('t', { distinct: 300, range: { min, max, mean: (min + max) / 2, integer: false } }));
    expect(only(regression(-1e200, 1e200))).toMatchObject({ code: 'target-scale', line: 2, column: 23 });
    expect(only(regression(0, 1e-200)).code).toBe('target-scale');
    // A timestamp in seconds: steps of 128 where the values differ by ten.
    expect(only(regression(1.7e9, 1.7e9 + 10))).toMatchObject({ severity: 'warning', code: 'target-scale' });
    expect(regression(1.6e9, 1.7e9)).toEqual([]);
    expect(regression(-1e30, 1e30)).toEqual([]);
  });

  it('need rows of every class in every fold, once the test split took its share', () => {
    // 5 folds after a fifth is held out: 5 / 0.8 = 6.25, so 7 rows.
    expect(check1('', categorical('t', { a: 337, b: 7 }))).toEqual([]);
    const found = only(check1('', categorical('t', { a: 338, b: 6 })));
    expect(found).toMatchObject({
      code: 'too-few-rows',
      line: 2,
      column: 23,
      remedy: expect.stringContaining('`folds: 4`'),
    });
    expect(found.message).toBe(
      'the class "b" of column "t" has 6 rows; 5 folds and a test fraction of 0.2 need at least 7',
    );
    expect(check1('', categorical('t', { a: 338, b: 6 }), 'test: 0')).toEqual([]);
    expect(only(check1('', categorical('t', { a: 340, b: 3, c: 1 }))).message).toContain(
      'the class "c" of column "t" has 1 row (and 1 more of its classes have too few)',
    );
  });

  it('that are numbers standing for classes are counted too', () => {
    const values = [
      { value: 0, rows: 342 },
      { value: 1, rows: 2 },
    ];
    const found = only(
      check1('', numeric('t', { distinct: 2, values, range: { min: 0, max: 1, mean: 0, integer: true } })),
    );
    expect(found.message).toContain('the class "1" of column "t" has 2 rows');
  });

  it('need more labelled rows than folds', () => {
    expect(only(check1('', numeric('t', { missing: 341 }))).message).toBe(
      'the column "t" has 3 labelled rows; 5 folds and a test fraction of 0.2 need at least 13, 2 in each fold',
    );
    expect(check1('', numeric('t', { missing: 331 }))).toEqual([]);
    const folds = only(check1('', numeric('t', { missing: 332 })));
    expect(folds).toMatchObject({ code: 'too-few-rows', remedy: 'write fewer `folds`' });
    const share = only(check1('', numeric('t', { missing: 300 }), 'test: 0.95'));
    expect(share.remedy).toBe('write a smaller `test`, and fewer `folds`');
  });

  it('of numbers with hardly a row each are no classes', () => {
    expect(only(check1(', type: multiclass', numeric('t', { distinct: 300 })))).toMatchObject({
      code: 'too-few-rows',
      message: expect.stringContaining('300 different numbers in 344 rows'),
    });
  });

  it('in a table without rows are no mistake of theirs', () => {
    const text = file('', '{ y: { target: t } }');
    const empty = { ...table(0, numeric('t', { distinct: 0 }), numeric('x', { distinct: 0 })) };
    const found = only(check(text, empty));
    expect(found).toMatchObject({ code: 'no-labels', message: 'the table has a header and no rows' });
    expect(covered(text, found)).toBe('a.csv');
  });
});

describe('features that models see otherwise than one may think', () => {
  const withColumn = (column: ReturnType<typeof categorical>) =>
    check(file(''), table(344, categorical('sex', { f: 170, m: 174 }), column));

  it('are numbers with a few texts among them', () => {
    const cells = Object.fromEntries(Array.from({ length: 170 }, (_, i) => [`${i / 8}`, 2]));
    expect(only(withColumn(categorical('x', { ...cells, null: 3, '-': 1 })))).toMatchObject({
      severity: 'warning',
      code: 'mixed-column',
      message: 'the column "x" is numbers but for "null", "-": taken as it is, each number is a category',
    });
    expect(withColumn(categorical('x', { '1': 100, '2': 44, a: 200 }))).toEqual([]);
    expect(withColumn(categorical('x', cells))).toEqual([]);
  });

  it('are all constant', () => {
    expect(only(withColumn(categorical('x', { a: 300 }, { missing: 44 })))).toMatchObject({
      severity: 'warning',
      code: 'constant-features',
    });
  });

  it('are dates', () => {
    const days = (of: (day: string) => string) =>
      categorical('x', Object.fromEntries(['11', '12', '13', '14'].map((day) => [of(day), 86])));
    for (const day of [
      days((d) => `2024-05-${d}`),
      days((d) => `${d}.5.2024`),
      days((d) => `5/${d}/24 10:30`),
    ]) {
      expect(only(withColumn(day))).toMatchObject({ severity: 'warning', code: 'dates' });
    }
    expect(withColumn(days((d) => `2024-05-${d} a`))).toEqual([]);
  });
});

describe('models', () => {
  it('without λ are not given one, nor swept', () => {
    const text = `${file('', undefined, '{ m: { kind: forest, lambda: 0.1 } }')}sweeps: { s: { model: m, over: { lambda: { points: 3 } } } }`;
    expect(places(check(text))).toEqual(['3:30 no-lambda', '4:34 no-lambda']);
  });

  it('without λ_max need a grid with a start', () => {
    const models = (lambda: string) => file('', undefined, `{ m: { kind: neural, lambda: ${lambda} } }`);
    expect(only(check(models('{ points: 3 }')))).toMatchObject({
      code: 'no-lambda-max',
      line: 3,
      column: 30,
      endColumn: 36,
    });
    expect(check(models('{ points: 3, from: 1, to: 0.001 }'))).toEqual([]);
    expect(check(models('[0.1, 0.01]'))).toEqual([]);
  });
});

describe('columns that must keep an order', () => {
  const monotone = (name: string) =>
    file('', undefined, `{ m: { kind: boosting, monotone: { ${name}: 1 } } }`);

  it('are features of numbers', () => {
    expect(check(monotone('body_mass_g'))).toEqual([]);
    const text = monotone('island');
    expect(covered(text, only(check(text)))).toBe('island');
    expect(only(check(text))).toMatchObject({ severity: 'error', code: 'not-numeric' });
  });

  it('are among the features', () => {
    const text = monotone('body_mass');
    expect(only(check(text))).toMatchObject({ code: 'missing-column', replacement: 'body_mass_g' });
    expect(check(fixed(text, only(check(text))))).toEqual([]);
    const excluded = text.replace('a.csv,', 'a.csv, exclude: [body_mass_g],').replace('mass:', 'mass_g:');
    expect(only(check(excluded)).message).toBe('"body_mass_g" is no feature');
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

it('numbers with thousands separators are named as such, in features and in targets', () => {
  const counts = (...texts: string[]) => Object.fromEntries(texts.map((text) => [text, 344 / texts.length]));
  const priced = (...texts: string[]) =>
    table(344, ...PENGUINS.columns, categorical('price', counts(...texts)));
  for (const texts of [
    ['1,000', '12,345.5'],
    ['1.000.000', '250'],
    ['1 000', '999'],
    ["1'000", '2'],
  ]) {
    expect(check(file(''), priced(...texts)), texts.join()).toMatchObject([
      { severity: 'warning', code: 'thousands', message: expect.stringContaining(JSON.stringify(texts[0])) },
    ]);
  }
  expect(check(file(''), priced('a,b', 'c'))).toEqual([]);
  expect(only(check(file('', '{ p: price }'), priced('1,000', '2,000', '3,000'))).code).toBe('thousands');
  const stated = file('', '{ p: { target: price, type: regression } }');
  expect(only(check(stated, priced('1,000', '2,000')))).toMatchObject({
    code: 'not-numeric',
    remedy: expect.stringContaining('1000 for 1,000'),
  });
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

describe('edges of a graph of tasks', () => {
  const graph = (edges: string, tasks: string, data = '') =>
    file(data, tasks, `{ m: { kind: linear, penalty: graph, edges: ${edges} } }`);
  const two = '{ body: { target: body_mass_g }, bill: { target: bill_length_mm } }';

  it('name tasks: a misspelt one is pointed at, with what was meant', () => {
    const text = graph('[[body, bil]]', two);
    expect(only(check(text))).toMatchObject({
      severity: 'error',
      code: 'unknown-task',
      message: 'there is no task "bil"',
      remedy: 'write "bill"',
      replacement: 'bill',
    });
    expect(covered(text, only(check(text)))).toBe('bil');
    expect(check(graph('[[body, bill, 0.5]]', two))).toEqual([]);
  });

  it('name values of the task column where that is what tasks are', () => {
    const long = '{ body: { target: body_mass_g } }';
    expect(check(graph('[[Biscoe, Dream]]', long, 'task: island'))).toEqual([]);
    const found = only(check(graph('[[Biscoe, Dreem]]', long, 'task: island')));
    expect(found).toMatchObject({ code: 'unknown-task', replacement: 'Dream' });
  });
});
