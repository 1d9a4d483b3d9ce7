import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTaskTable, type Dataset, summarize } from '../../../src/core/dataset';
import { checkExperiment, parseExperiment, templates } from '../../../src/core/experiment';
import { readTable } from '../../../src/io';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'templates-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(name: string): Promise<{ text: string; tables: Record<string, Dataset> }> {
  const template = templates.find((one) => one.name === name);
  if (template === undefined) throw new Error(`There is no template ${name}.`);
  const tables: Record<string, Dataset> = {};
  let text = '';
  for (const [path, content] of Object.entries(template.files)) {
    if (path.endsWith('.mtl.yaml')) {
      text = content;
      continue;
    }
    await writeFile(join(folder, path), content);
    tables[path] = await readTable(join(folder, path), { missing: ['', 'NA', '?'] });
  }
  return { text, tables };
}

describe.each(templates.map(({ name }) => name))('the template %s', (name) => {
  it('has no mistake, of its own or against its data', async () => {
    const { text, tables } = await load(name);
    const parsed = parseExperiment(text);
    expect(parsed.diagnostics).toEqual([]);
    const sources = Object.fromEntries(
      Object.entries(tables).map(([path, table]) => [path, summarize(table)]),
    );
    expect(Object.keys(sources)).toContain(parsed.draft.data.source);
    expect(checkExperiment(parsed, { sources })).toEqual([]);
  });

  it('is small', () => {
    const files = templates.find((one) => one.name === name)?.files ?? {};
    expect(Object.values(files).join('').length).toBeLessThan(250_000);
  });
});

it('two related tasks: 1000 rows, 20 features, two tasks of two classes', async () => {
  const { text, tables } = await load('related-tasks');
  const { experiment } = parseExperiment(text);
  if (experiment === undefined) throw new Error('The template has mistakes.');
  const table = buildTaskTable(tables, experiment);
  expect(table.dataset.rowCount).toBe(1000);
  expect(table.features).toHaveLength(20);
  expect(table.tasks.map(({ type }) => type)).toEqual(['binary', 'binary']);
});

it('wide: tasks of three types, with missing labels', async () => {
  const { text, tables } = await load('wide');
  const { experiment } = parseExperiment(text);
  if (experiment === undefined) throw new Error('The template has mistakes.');
  const { tasks, labels } = buildTaskTable(tables, experiment);
  expect(tasks.map(({ type, classes }) => [type, ...classes])).toEqual([
    ['regression'],
    ['binary', 'no', 'yes'],
    ['multiclass', 'A', 'B', 'C'],
  ]);
  for (const of of labels) expect(of.some(Number.isNaN)).toBe(true);
});

it('long: eight tasks told apart by a column', async () => {
  const { text, tables } = await load('long');
  const { experiment } = parseExperiment(text);
  if (experiment === undefined) throw new Error('The template has mistakes.');
  const { tasks, rowTask } = buildTaskTable(tables, experiment);
  expect(tasks).toHaveLength(8);
  expect(rowTask).toBeDefined();
});
