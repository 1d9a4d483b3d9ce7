import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { experimentJsonSchema, type JsonSchema, parseExperiment } from '../../../src/core/experiment';

const PAGE = readFileSync(join(__dirname, '../../../docs/experiment-file.md'), 'utf8');

interface Key {
  /** Headings that the key may be described under: its section's, or that of what is common to all models. */
  readonly headings: readonly string[];
  readonly name: string;
  readonly schema: JsonSchema;
}

interface Row {
  readonly heading: string;
  readonly key: string;
  readonly standard: string;
}

const keys = keysOf(experimentJsonSchema());
const rows = rowsOf(PAGE);
const yamlBlocks = [...PAGE.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text]) => text);
const experiments = yamlBlocks.filter((text) =>
  ['data:', 'tasks:', 'models:'].every((section) => new RegExp(`^${section}`, 'm').test(text)),
);

describe('the page about the experiment file', () => {
  it.each(keys.map((key) => [`${key.headings[0]}: ${key.name}`, key] as const))('describes %s', (_, key) => {
    expect(rowFor(key), `no table row for \`${key.name}\` under ${key.headings.join(' or ')}`).toBeDefined();
  });

  it('states the defaults that the schema has', () => {
    const stated = keys.filter(({ schema }) => isPlain(schema.default));
    const wrong = stated.filter((key) => {
      const text = /^`(.*)`$/.exec(rowFor(key)?.standard ?? '')?.[1];
      return text === undefined || JSON.stringify(parse(text)) !== JSON.stringify(key.schema.default);
    });
    expect(stated.length).toBeGreaterThan(20);
    expect(wrong.map(({ name, schema }) => [name, schema.default])).toEqual([]);
  });

  it('has no key that the schema lacks', () => {
    const unknown = rows.filter(
      (row) => !keys.some(({ name, headings }) => name === row.key && headings.includes(row.heading)),
    );
    expect(unknown).toEqual([]);
  });

  it.each(experiments.map((text, i) => [i + 1, text] as const))('has no mistake in example %i', (_, text) => {
    expect(parseExperiment(text).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('has examples of wide data, long data and one file a task', () => {
    const forms = experiments.map((text) => {
      const { draft } = parseExperiment(text);
      if (draft.data.task !== undefined) return 'long';
      return draft.tasks.every(({ source }) => source !== undefined) ? 'files' : 'wide';
    });
    expect(new Set(forms)).toEqual(new Set(['wide', 'long', 'files']));
  });
});

function rowFor({ headings, name }: Key): Row | undefined {
  return rows.find(({ heading, key }) => key === name && headings.includes(heading));
}

/** Every key of the schema, with where it belongs on the page. */
function keysOf(schema: JsonSchema): Key[] {
  return Object.entries(schema.properties ?? {}).flatMap(([section, part]) => [
    { headings: ['The experiment file'], name: section, schema: part },
    ...entryShapes(part).flatMap((shape) => {
      const kind = shape.properties?.kind?.const;
      const headings = kind === undefined ? [section] : [`kind: ${kind}`, 'models'];
      return keysBelow(shape, headings);
    }),
  ]);
}

/** The maps that stand in a section: itself, or the alternatives of its entries. */
function entryShapes(section: JsonSchema): JsonSchema[] {
  const { additionalProperties } = section;
  return shapesOf(typeof additionalProperties === 'object' ? additionalProperties : section);
}

function keysBelow(shape: JsonSchema, headings: readonly string[]): Key[] {
  return Object.entries(shape.properties ?? {}).flatMap(([name, schema]) => [
    { headings, name, schema },
    ...shapesOf(schema).flatMap((inner) => keysBelow(inner, name === 'lambda' ? ['λ'] : headings)),
  ]);
}

function shapesOf(schema: JsonSchema): JsonSchema[] {
  if (schema.properties !== undefined) return [schema];
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(shapesOf);
}

function isPlain(value: unknown): boolean {
  return ['number', 'string', 'boolean'].includes(typeof value) || Array.isArray(value);
}

/** Rows of the tables of keys (`| key | type | default | meaning |`) and of the table of sections. */
function rowsOf(page: string): Row[] {
  const found: Row[] = [];
  let heading = '';
  let table = '';
  for (const line of page.split('\n')) {
    const title = /^#+ (.*)$/.exec(line)?.[1];
    if (title !== undefined) heading = title.replaceAll('`', '');
    const cells = line.startsWith('|') ? line.slice(1, -1).split('|') : [];
    if (cells.length === 0) table = '';
    else if (table === '') table = cells[0].trim();
    const key = /^`(.*)`$/.exec(cells[0]?.trim() ?? '')?.[1];
    if (key !== undefined && (table === 'key' || table === 'section')) {
      found.push({ heading, key, standard: cells[2].trim() });
    }
  }
  return found;
}
