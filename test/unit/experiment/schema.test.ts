import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { experimentJsonSchema, schemaAt, templates } from '../../../src/core/experiment';
import { EXAMPLE } from './support';

const validate = new Ajv({ strict: false, allErrors: true }).compile(experimentJsonSchema());

describe('the JSON Schema', () => {
  it('accepts the example of the documentation', () => {
    expect(validate(parse(EXAMPLE)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each(templates.map(({ name, files }) => [name, files] as const))(
    'accepts the template %s',
    (_, files) => {
      const [yaml] = Object.entries(files).flatMap(([path, content]) =>
        path.endsWith('.yaml') ? [content] : [],
      );
      expect(validate(parse(yaml)), JSON.stringify(validate.errors)).toBe(true);
    },
  );

  it.each([
    ['an unknown key', { colour: 1 }],
    ['an unknown key of a model', { models: { m: { kind: 'forest', tree: 3 } } }],
    ['a kind that does not exist', { models: { m: { kind: 'tree' } } }],
    ['too few folds', { data: { source: 'a.csv', folds: 1 } }],
    ['a combiner that does not exist', { ensembles: { e: { combine: 'average' } } }],
  ])('refuses %s', (_, part) => {
    expect(validate({ ...parse(EXAMPLE), ...part })).toBe(false);
  });

  it('says of every key what it is', () => {
    const silent: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [name, property] of Object.entries(Reflect.get(node, 'properties') ?? {})) {
        if (!(typeof property === 'object' && property !== null && 'description' in property))
          silent.push(`${path}.${name}`);
      }
      for (const [key, value] of Object.entries(node)) walk(value, `${path}.${key}`);
    };
    walk(experimentJsonSchema(), '');
    expect(silent).toEqual([]);
  });

  it('gives the part for a place in the file', () => {
    const raw = parse(EXAMPLE);
    expect(schemaAt(['models', 'forest', 'trees'], raw)?.description).toMatch(/Number of trees/);
    expect(schemaAt(['models', 'linear', 'lambda', 'points'], raw)?.type).toBe('integer');
    expect(schemaAt(['models', 'linear', 'trees'], raw)).toBeUndefined();
  });
});
