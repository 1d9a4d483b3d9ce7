import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../../src/core/experiment/nearest';

describe('edit distance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['kitten', 'sitting', 3],
    ['tset', 'test', 1],
    ['lambda', 'lamda', 1],
    ['', 'abc', 3],
    ['Sex', 'sex', 0.5],
    ['group_lasso', 'group-lasso', 0.5],
  ])('%s to %s is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('the nearest name', () => {
  it('is the one that was meant', () => {
    expect(nearest('bodymass', ['body_mass_g', 'bill_length_mm', 'sex'])).toBe('body_mass_g');
    expect(nearest('bill_len', ['bill_length_mm', 'bill'])).toBe('bill_length_mm');
    expect(nearest('TREES', ['trees', 'tree'])).toBe('trees');
  });

  it('is none where nothing is near', () => {
    expect(nearest('colour', ['data', 'tasks', 'models'])).toBeUndefined();
    expect(nearest('x', ['y'])).toBeUndefined();
    expect(nearest('a', [])).toBeUndefined();
  });
});
