import { experimentJsonSchema, type JsonSchema, type Path } from '../../../core/experiment';

/** What may stand at a place: a shape, and what is said about it. */
export interface Choice {
  readonly schema: JsonSchema;
  readonly description: string;
}

/** Keys that say which of several shapes an entry has. */
const DISCRIMINATORS = ['kind', 'combine'];

/** Every shape that may stand at `path`; where an entry does not say which it is, those of all. */
export function choicesAt(path: Path, raw: unknown): readonly Choice[] {
  let choices = alternatives({ schema: experimentJsonSchema(), description: '' }, raw);
  let value = raw;
  for (const step of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
    choices = choices
      .flatMap(({ schema }) => child(schema, step))
      .flatMap((next) => alternatives(next, value));
  }
  return choices;
}

function child(schema: JsonSchema, step: string | number): readonly Choice[] {
  const own = (next: JsonSchema | undefined) =>
    next === undefined ? [] : [{ schema: next, description: next.description ?? '' }];
  if (typeof step === 'number') return own(schema.items);
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, step)) return own(properties[step]);
  return typeof additionalProperties === 'object' ? own(additionalProperties) : [];
}

function alternatives({ schema, description }: Choice, value: unknown): readonly Choice[] {
  const words = schema.description ?? description;
  const several = schema.oneOf ?? schema.anyOf;
  if (several === undefined) return [{ schema, description: words }];
  const meant = several.filter((one) => isMeant(one, value));
  return (meant.length > 0 ? meant : several).flatMap((one) =>
    alternatives({ schema: one, description: words }, value),
  );
}

function isMeant({ properties }: JsonSchema, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return DISCRIMINATORS.some((key) => {
    const wanted = properties?.[key]?.const;
    return wanted !== undefined && Reflect.get(value, key) === wanted;
  });
}

/** The values that a place may have, where they can be listed. */
export function valuesOf(choices: readonly Choice[]): readonly { value: string; description: string }[] {
  const values = new Map<string, string>();
  for (const { schema, description } of choices) {
    const listed =
      schema.const !== undefined
        ? [schema.const]
        : (schema.enum ?? (schema.type === 'boolean' ? [true, false] : []));
    for (const value of listed) if (!values.has(String(value))) values.set(String(value), description);
  }
  return [...values].map(([value, description]) => ({ value, description }));
}

/** The keys that a map may have. */
export function keysOf(choices: readonly Choice[]): readonly {
  readonly key: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}[] {
  const keys = new Map<string, { schema: JsonSchema; isRequired: boolean }>();
  for (const { schema } of choices) {
    for (const [key, own] of Object.entries(schema.properties ?? {})) {
      if (!keys.has(key)) keys.set(key, { schema: own, isRequired: schema.required?.includes(key) ?? false });
    }
  }
  return [...keys].map(([key, rest]) => ({ key, ...rest }));
}
