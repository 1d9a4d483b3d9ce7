import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CommandContribution, commands, settings } from '../../../src/extension/contributions';
import { contributes } from '../../../src/extension/manifest';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Lines of a section of a page, up to the next of its rank. */
function section(page: string, title: string): string {
  return page.split(/^(?=## )/m).find((one) => one.startsWith(`## ${title}\n`)) ?? '';
}

describe('docs/editor.md', () => {
  const page = read('docs/editor.md');

  it('lists every command of the palette by its title, and no other', () => {
    const listed = [...section(page, 'Commands').matchAll(/^\| (\*.+?) \|/gm)].flatMap(([, cell]) =>
      [...cell.matchAll(/\*(.+?)\*/g)].map(([, title]) => title),
    );
    const titles = Object.values<CommandContribution>(commands).map(({ title }) => title);
    expect(listed.toSorted()).toEqual(titles.toSorted());
  });

  it('lists every setting with its default, and no other', () => {
    const { properties } = contributes().configuration;
    const standard = new Map<string, unknown>(
      Object.entries(properties).map(([name, one]) => [name, one.default]),
    );
    const rows = [...section(page, 'Settings').matchAll(/^\| `(taskweave\.[\w.]+)` \| `(.+?)` \|/gm)];
    expect(rows.map(([, name]) => name).toSorted()).toEqual(Object.values(settings).toSorted());
    for (const [, name, value] of rows) expect(JSON.parse(value), name).toEqual(standard.get(name));
  });

  it('lists every key', () => {
    const keys = section(page, 'Keys').toLowerCase();
    for (const { key } of contributes().keybindings) expect(keys).toContain(key);
  });
});

describe('README.md', () => {
  it('lists every command of the terminal, and no other', () => {
    const folder = join(root, 'src/cli/commands');
    const made = readdirSync(folder).flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/new Command\('([a-z]+)'\)/g)].map(
        ([, one]) => one,
      ),
    );
    const rows = section(read('README.md'), 'The command line').matchAll(/^\| (`taskweave .+?) \|/gm);
    const listed = [...rows].flatMap(([, cell]) =>
      [...cell.matchAll(/`(?:taskweave )?([a-z]+)[^`]*`/g)].map(([, name]) => name),
    );
    expect([...new Set(listed)].toSorted()).toEqual(made.toSorted());
  });
});
