import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/core/experiment';
import { check, file, PENGUINS } from './checked';
import { covered, fixed, only, places } from './support';

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

  it('rise or fall', () => {
    const text = monotone('body_mass_g').replace('body_mass_g: 1', 'body_mass_g: 2');
    expect(only(parseExperiment(text).diagnostics)).toMatchObject({ remedy: 'write one of 1, -1' });
  });

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

describe('losses of linear models', () => {
  const two = '{ body: { target: body_mass_g }, bill: { target: bill_length_mm } }';
  const linear = (loss: string) => file('', two, `{ m: { kind: linear, loss: ${loss} } }`);

  it('are one for all, or a map of tasks to theirs', () => {
    expect(check(linear('poisson'))).toEqual([]);
    expect(check(linear('{ body: poisson }'))).toEqual([]);
    const text = linear('{ bodi: poisson }');
    expect(only(check(text))).toMatchObject({ code: 'unknown-task', replacement: 'body' });
    expect(covered(text, only(check(text)))).toBe('bodi');
    const wrong = (loss: string) => only(parseExperiment(linear(loss)).diagnostics);
    expect(wrong('{ body: cauchy }')).toMatchObject({
      message: 'models.m.loss.body cannot be "cauchy"',
      remedy: 'write one of squared, huber, poisson',
    });
    expect(wrong('cauchy')).toMatchObject({ remedy: 'write one of squared, huber, poisson' });
  });

  it('of counts are not for targets below 0', () => {
    const columns = PENGUINS.columns.map((column) =>
      column.name === 'body_mass_g' && column.range
        ? { ...column, range: { ...column.range, min: -3 } }
        : column,
    );
    const below = (loss: string) => check(linear(loss), { ...PENGUINS, columns });
    expect(only(below('poisson'))).toMatchObject({
      severity: 'error',
      code: 'negative-counts',
      message: 'the column "body_mass_g" goes down to -3, and the loss "poisson" is for counts, from 0 on',
    });
    expect(only(below('{ body: poisson }')).code).toBe('negative-counts');
    expect(below('{ bill: poisson }')).toEqual([]);
    expect(below('huber')).toEqual([]);
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

  it('join tasks whose weights mean the same', () => {
    const mixed = '{ body: { target: body_mass_g }, sex: { target: sex }, species: { target: species } }';
    expect(check(graph('[[body, sex]]', mixed))).toEqual([]);
    expect(only(check(graph('[[body, species]]', mixed)))).toMatchObject({
      severity: 'error',
      code: 'unrelated-tasks',
      message: '"body" (regression) and "species" (multiclass) have no weights that can be compared',
      line: 3,
    });
  });

  it('name values of the task column where that is what tasks are', () => {
    const long = '{ body: { target: body_mass_g } }';
    expect(check(graph('[[Biscoe, Dream]]', long, 'task: island'))).toEqual([]);
    const found = only(check(graph('[[Biscoe, Dreem]]', long, 'task: island')));
    expect(found).toMatchObject({ code: 'unknown-task', replacement: 'Dream' });
  });
});
