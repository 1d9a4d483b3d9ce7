import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { VSCode } from '../harness/vscode';
import {
  clickLens,
  focusFirstRun,
  LONG,
  lens,
  notice,
  openExperiment,
  press,
  replaceInFile,
  untilSeen,
} from './steps';
import { copyWorkspace, inWindow, inWindowOn, removeFolder } from './workspace';

/** What stands after the line that holds `text`: the editor draws it, so it is read from the style. */
function afterText(vscode: VSCode, text: string): Promise<string> {
  return vscode.page
    .locator('.view-line', { hasText: text })
    .first()
    .evaluate((line) =>
      [...line.querySelectorAll('span')]
        .map((span) => span.ownerDocument.defaultView?.getComputedStyle(span, '::after').content ?? 'none')
        .filter((content) => content !== 'none' && content !== 'normal')
        .join(' ')
        .replaceAll('"', ''),
    )
    .catch(() => '');
}

async function runItem(vscode: VSCode, text: RegExp | string): Promise<Locator> {
  const item = vscode.tree('Runs').filter({ hasText: text }).first();
  await item.waitFor({ timeout: LONG });
  return item;
}

/** Where an item is, once the trees around it have come to rest. */
async function middle({ page }: VSCode, item: Locator): Promise<{ readonly x: number; readonly y: number }> {
  let before = '';
  for (;;) {
    const box = await item.boundingBox();
    if (!box) throw new Error('nothing to drag');
    if (JSON.stringify(box) === before) return { x: box.x + 60, y: box.y + box.height / 2 };
    before = JSON.stringify(box);
    await page.waitForTimeout(700);
  }
}

/** As a hand does it, which rests above where it drops: the editor looks at every move. */
async function drag(vscode: VSCode, from: Locator, to: Locator): Promise<void> {
  const { page } = vscode;
  const [start, end] = [await middle(vscode, from), await middle(vscode, to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 10, start.y + 4, { steps: 4 });
  await page.mouse.move(end.x, end.y, { steps: 12 });
  for (let i = 1; i < 5; i++) {
    await page.waitForTimeout(250);
    await page.mouse.move(end.x + i, end.y);
  }
  await page.mouse.up();
}

async function typeInBox(vscode: VSCode, text: string): Promise<void> {
  await vscode.page.locator('.quick-input-widget .quick-input-message').waitFor();
  const input = vscode.page.locator('.quick-input-widget .quick-input-box input');
  await input.fill(text);
  await vscode.page.keyboard.press('Enter');
}

describe('an hour with Taskweave', () => {
  it('takes a template, is corrected, runs, reads the scores beside the lines, and keeps its runs in order', async () => {
    await inWindow({}, async (vscode, workspace) => {
      const { page } = vscode;
      await page.getByRole('tab', { name: 'Taskweave' }).first().waitFor({ timeout: LONG });
      await vscode.showContainer('Taskweave');

      // A template.
      await vscode.command('Taskweave: New Experiment from a Template');
      await vscode.pick('wide');
      await typeInBox(vscode, 'orchard');
      await page.getByRole('tab', { name: /orchard\.mtl\.yaml/ }).waitFor({ timeout: LONG });
      await lens(vscode, 'Run').waitFor({ timeout: LONG });
      const file = join(workspace, 'orchard', 'orchard.mtl.yaml');
      expect(existsSync(file)).toBe(true);

      // A mistake, offered right by completion's own words and mended by the quick fix.
      await page.locator('.view-line', { hasText: 'folds: 5' }).click();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.type('sed: 1');
      await page.locator('.squiggly-error').first().waitFor({ timeout: LONG });
      await page.keyboard.press('Control+Shift+K');
      await expect.poll(() => page.locator('.squiggly-error').count(), { timeout: LONG }).toBe(0);
      await replaceInFile(vscode, 'points: 15', 'points: 4');
      await page.keyboard.press('Control+S');
      await expect.poll(() => readFileSync(file, 'utf8')).toContain('points: 4');

      // Scores come to the lines while it trains, and stay.
      await clickLens(vscode, 'Run');
      await expect.poll(() => afterText(vscode, 'linear:'), { timeout: LONG }).toMatch(/%|\d\.\d{3}/);
      await vscode.openFile('orchard.mtl.yaml');
      await expect.poll(() => afterText(vscode, 'linear:'), { timeout: LONG }).toMatch(/^\s*\d\.\d{3}/);
      await expect.poll(() => afterText(vscode, 'disease:'), { timeout: LONG }).toMatch(/AUC/);
      await vscode.screenshot('inline');

      // A hover with the curve.
      await page
        .locator('.view-line', { hasText: 'linear:' })
        .first()
        .getByText('linear', { exact: true })
        .first()
        .hover();
      const hover = page.locator('.monaco-hover:visible .hover-contents', { hasText: 'mean skill' }).first();
      await hover.waitFor({ timeout: LONG });
      expect(await hover.locator('img').count()).toBe(1);
      await vscode.screenshot('hover');
      await page.keyboard.press('Escape');

      // Runs in order: star, name, tag, delete, undo, restore.
      await runItem(vscode, 'best');
      await vscode.command('Taskweave: Star Run');
      await vscode.pick('orchard');
      await runItem(vscode, '★');
      await focusFirstRun(vscode);
      await press(vscode, 'F2', page.locator('.quick-input-list .monaco-list-row', { hasText: 'orchard' }));
      await vscode.pick('orchard');
      await typeInBox(vscode, 'first harvest');
      await runItem(vscode, 'first harvest');
      await vscode.command('Taskweave: Tag Run');
      await vscode.pick('first harvest');
      await typeInBox(vscode, 'baseline, dry year');
      await runItem(vscode, /#baseline #dry year/);
      await vscode.command('Taskweave: Search Tasks, Models and Runs');
      const input = page.locator('.quick-input-widget .quick-input-box input');
      await input.fill('dry');
      await page
        .locator('.quick-input-list .monaco-list-row', { hasText: 'first harvest' })
        .first()
        .waitFor();
      await page.keyboard.press('Escape');
      await focusFirstRun(vscode);
      const named = page.locator('.quick-input-list .monaco-list-row', { hasText: 'first harvest' });
      await press(vscode, 'Delete', named);
      await vscode.pick('first harvest');
      await expect.poll(() => vscode.tree('Runs').filter({ hasText: 'first harvest' }).count()).toBe(0);
      await notice(vscode, 'Deleted run').getByRole('button', { name: 'Undo' }).click();
      await runItem(vscode, 'first harvest');

      await vscode.screenshot('runs');
    });
  });
});

describe('an ensemble', () => {
  it('takes a base model that is dragged onto it, as an edit that can be undone', async () => {
    const viewport = { width: 1400, height: 1400 };
    await inWindow({ viewport }, async (vscode, workspace) => {
      const { page } = vscode;
      const text = readFileSync(join(workspace, 'tiny.mtl.yaml'), 'utf8');
      writeFileSync(join(workspace, 'tiny.mtl.yaml'), text.replace('[linear, forest]', '[linear]'));
      await openExperiment(vscode);
      await vscode.showContainer('Taskweave');
      const list = page.locator('.view-line', { hasText: 'combine: mean' }).first();
      const forest = vscode.tree('Base Models').filter({ hasText: 'forest' }).first();
      const average = vscode.tree('Ensembles').filter({ hasText: 'average' }).first();
      await untilSeen(
        () => drag(vscode, forest, average),
        async () => /\[linear,.forest\]/.test((await list.textContent()) ?? ''),
      );
      await list.click();
      await page.keyboard.press('Control+Z');
      await expect.poll(() => list.textContent(), { timeout: LONG }).not.toContain('forest');
    });
  });
});

describe('an experiment file alone', () => {
  it('has its actions, its scores and its outline without a folder', async () => {
    const workspace = copyWorkspace();
    try {
      await inWindowOn({ workspace, file: join(workspace, 'tiny.mtl.yaml') }, async (vscode) => {
        await lens(vscode, 'Sweep').waitFor({ timeout: LONG });
        await lens(vscode, 'Open metrics').waitFor({ timeout: LONG });
      });
    } finally {
      removeFolder(workspace);
    }
  });
});

describe('two folders with an experiment of the same name', () => {
  it('are told apart in the trees, and each finds its own file', async () => {
    const [one, other] = [copyWorkspace(), copyWorkspace()];
    const workspace = join(one, 'both.code-workspace');
    writeFileSync(workspace, JSON.stringify({ folders: [{ path: one }, { path: other }] }));
    try {
      await inWindowOn({ workspace, viewport: { width: 1400, height: 2000 } }, async (vscode) => {
        await vscode.page.getByRole('tab', { name: 'Taskweave' }).first().waitFor({ timeout: LONG });
        await vscode.showContainer('Taskweave');
        const groups = vscode.tree('Tasks').filter({ hasText: /^tiny/ });
        await expect.poll(() => groups.count(), { timeout: LONG }).toBe(2);
        const labels = await Promise.all([0, 1].map((i) => groups.nth(i).getAttribute('aria-label')));
        expect(new Set(labels).size).toBe(2);
      });
    } finally {
      for (const folder of [one, other]) removeFolder(folder);
    }
  });
});
