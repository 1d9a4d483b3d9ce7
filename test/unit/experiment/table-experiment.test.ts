import { describe, expect, it } from 'vitest';
import { experimentOn, parseExperiment } from '../../../src/core/experiment';

describe('a first experiment on a table', () => {
  it('is one without mistakes, whatever the columns are called', () => {
    const targets = ['price', 'Ertrag (kg/m²)', 'no', '7', 'a: "b" # c', '是否患病?'];
    const { diagnostics, experiment } = parseExperiment(experimentOn('таблица 1.csv', targets));
    expect(diagnostics).toEqual([]);
    expect(experiment?.data.source).toBe('таблица 1.csv');
    expect(experiment?.tasks.map(({ id, target }) => [id, target]).sort()).toEqual(
      targets.map((one) => [one, one]).sort(),
    );
    expect(experiment?.models.map(({ name }) => name)).toEqual(['linear', 'forest']);
    expect(experiment?.ensembles.map(({ name }) => name)).toEqual(['average', 'weighted']);
  });
});
