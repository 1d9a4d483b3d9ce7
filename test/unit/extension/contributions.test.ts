import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/extension/contributions';
import { activationEvents, capabilities, contributes, manifestTexts } from '../../../src/extension/manifest';

const root = join(import.meta.dirname, '..', '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('what package.json contributes', () => {
  it('is what the extension describes (npm run contributes writes it)', () => {
    expect(manifest.contributes).toEqual(JSON.parse(JSON.stringify(contributes())));
    expect(manifest.activationEvents).toEqual(activationEvents);
    expect(manifest.capabilities).toEqual(capabilities);
    expect(JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'))).toEqual(manifestTexts());
  });

  it('offers no command that runs something in an untrusted workspace', () => {
    const running = Object.entries(commands).flatMap(([id, command]) => ('runs' in command ? [id] : []));
    expect(running).toEqual(
      expect.arrayContaining(['taskweave.run', 'taskweave.stop', 'taskweave.resume', 'taskweave.validate']),
    );
    for (const { command, enablement } of contributes().commands) {
      expect(enablement).toBe(running.includes(command) ? 'isWorkspaceTrusted' : undefined);
    }
  });

  it('names commands and views that exist in its menus, and an icon for every one in line', () => {
    const { menus, views } = contributes();
    const viewIds = views.taskweave.map(({ id }) => id);
    for (const item of Object.values(menus).flat()) expect(Object.keys(commands)).toContain(item.command);
    for (const { when } of menus['view/title']) {
      const named = /view == (\S+)/.exec(when)?.[1];
      if (named) expect(viewIds.map(String)).toContain(named);
    }
    for (const { command, group } of menus['view/item/context']) {
      if (group?.startsWith('inline')) expect(commands[command].icon).toMatch(/^\$\(.+\)$/);
    }
  });

  it('points at icons that are there', () => {
    for (const file of [manifest.icon, contributes().viewsContainers.activitybar[0].icon]) {
      expect(existsSync(join(root, file)), file).toBe(true);
    }
  });
});
