import * as z from 'zod';
import type { Path } from './document';
import { experimentSchema } from './schema';

/** The part of JSON Schema (draft 7) that describes the experiment file. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly (string | number | boolean)[];
  readonly const?: string | number | boolean;
  readonly default?: unknown;
  readonly [keyword: string]: unknown;
}

let made: JsonSchema | undefined;

/** The experiment file's JSON Schema (draft 7), for editors' completion and hover. */
export function experimentJsonSchema(): JsonSchema {
  made ??= {
    ...z.toJSONSchema(experimentSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any' }),
    title: 'Taskweave experiment',
  } as JsonSchema;
  return made;
}

/**
 * The schema of what stands at `path`, choosing among alternatives by what the file has there (`kind` of a model,
 * `combine` of an ensemble, an object where an object is one of the choices); undefined where the schema knows nothing of such a path.
 */
export function schemaAt(path: Path, raw: unknown): JsonSchema | undefined {
  let schema: JsonSchema | undefined = alternative(experimentJsonSchema(), raw);
  let value = raw;
  for (const step of path) {
    value = member(value, step);
    const next = child(schema, step);
    if (next === undefined) return undefined;
    schema = alternative(next, value);
  }
  return schema;
}

function child(schema: JsonSchema | undefined, step: string | number): JsonSchema | undefined {
  if (schema === undefined) return undefined;
  if (typeof step === 'number') return schema.items;
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, step)) return properties[step];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

function alternative(schema: JsonSchema, value: unknown): JsonSchema {
  if (schema.oneOf !== undefined) {
    const isMeant = (choice: JsonSchema): boolean =>
      ['kind', 'combine'].some((key) => {
        const written = member(value, key);
        return written !== undefined && choice.properties?.[key]?.const === written;
      });
    return schema.oneOf.find(isMeant) ?? schema;
  }
  const chosen = schema.anyOf?.find((choice) => fits(choice, value));
  return chosen === undefined ? schema : alternative(chosen, value);
}

function fits(choice: JsonSchema, value: unknown): boolean {
  if (choice.anyOf !== undefined) return choice.anyOf.some((inner) => fits(inner, value));
  return choice.type === typeName(value);
}

export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

export function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>(member, raw);
}

function member(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return Reflect.get(value, step);
}
