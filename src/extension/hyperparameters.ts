import * as z from 'zod';
import type { JsonObject } from '../core/learner/learner';
import type { Hyperparameter } from '../protocol/panel';

interface Property {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Property[];
  readonly default?: unknown;
  readonly description?: string;
}

/**
 * What a sweep may go over, read from the schema of a family's own keys: with the value that the model has.
 * @param parameters of the model, as the file has them with defaults filled in
 */
export function hyperparametersOf(schema: z.ZodObject, parameters: JsonObject): readonly Hyperparameter[] {
  return propertiesOf(schema).map(([name, property]) => {
    const { default: standard, description = '' } = property;
    const value = parameters[name] ?? standard;
    return { name, ...kindOf(property), value: textOf(value), description };
  });
}

/** Families are few and stay as they are, and a file is read anew with every letter that is typed. */
const known = new WeakMap<z.ZodObject, readonly (readonly [string, Property])[]>();

function propertiesOf(schema: z.ZodObject): readonly (readonly [string, Property])[] {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const found = Object.entries(properties).flatMap(([name, property]) =>
    typeof property === 'object' ? [[name, property as Property] as const] : [],
  );
  known.set(schema, found);
  return found;
}

function kindOf(property: Property): Pick<Hyperparameter, 'kind' | 'options'> {
  const choices = property.enum ?? property.anyOf?.flatMap((one) => one.const ?? one.enum ?? []);
  if (choices && choices.length > 0 && choices.every((one) => typeof one === 'string'))
    return { kind: 'text', options: [...choices] };
  const types = property.anyOf?.map(({ type }) => type) ?? [property.type];
  if (types.includes('number')) return { kind: 'number' };
  if (types.includes('integer')) return { kind: 'integer' };
  if (types.includes('boolean')) return { kind: 'boolean', options: ['true', 'false'] };
  return { kind: types.includes('string') ? 'text' : 'other' };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
