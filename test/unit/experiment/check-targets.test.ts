import { describe, expect, it } from 'vitest';
import { type DatasetSummary, inferTaskType } from '../../../src/core/dataset';
import { check, checkAll, file, PENGUINS } from './checked';
import { categorical, covered, fixed, numeric, only, table } from './support';

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
