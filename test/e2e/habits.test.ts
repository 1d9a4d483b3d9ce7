import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { root, VSCode } from '../harness/vscode';
import { LONG, lens } from './steps';
import { copyWorkspace, inWindow } from './workspace';

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

function toast(vscode: VSCode, text: string): Locator {
  return vscode.page.locator('.notification-list-item', { hasText: text }).first();
}

async function runItem(vscode: VSCode, text: RegExp | string): Promise<Locator> {
  const item = vscode.tree('Runs').filter({ hasText: text }).first();
  await item.waitFor({ timeout: LONG });
  return item;
}

async function typeInBox(vscode: VSCode, text: string): Promise<void> {
  await vscode.page.locator('.quick-input-widget .quick-input-message').waitFor();
  const input = vscode.page.locator('.quick-input-widget .quick-input-box input');
  await input.fill(text);
  await vscode.page.keyboard.press('Enter');
}

describe('an hour with Taskweave', () => {
  it('takes a template, is corrected, runs, reads the scores beside the lines, and keeps its runs in order', async () => {
    await inWindow({ extension: root }, async (vscode, workspace) => {
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
      await page.locator('.view-line', { hasText: 'kind: forest, trees: 100' }).click();
      await page.keyboard.press('Control+H');
      await page.keyboard.type('points: 15');
      await page.keyboard.press('Tab');
      await page.keyboard.type('points: 4');
      await page.keyboard.press('Control+Alt+Enter');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+S');
      await expect.poll(() => readFileSync(file, 'utf8')).toContain('points: 4');

      // Scores come to the lines while it trains, and stay.
      await lens(vscode, 'Run').click();
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
      await vscode.command('Taskweave: Focus on Runs View');
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('F2');
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
      await vscode.command('Taskweave: Focus on Runs View');
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Delete');
      await vscode.pick('first harvest');
      await expect.poll(() => vscode.tree('Runs').filter({ hasText: 'first harvest' }).count()).toBe(0);
      await vscode.command('Notifications: Show Notifications');
      await toast(vscode, 'Deleted run').getByRole('button', { name: 'Undo' }).click();
      await runItem(vscode, 'first harvest');

      await vscode.screenshot('runs');
    });
  });
});

describe('an experiment file alone', () => {
  it('has its actions, its scores and its outline without a folder', async () => {
    const workspace = copyWorkspace();
    const vscode = await VSCode.open({ extension: root, workspace, file: join(workspace, 'tiny.mtl.yaml') });
    try {
      await lens(vscode, 'Sweep').waitFor({ timeout: LONG });
      await lens(vscode, 'Open metrics').waitFor({ timeout: LONG });
    } finally {
      await vscode.close();
      rmSync(workspace, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
  });
});

describe('two folders with an experiment of the same name', () => {
  it('are told apart in the trees, and each finds its own file', async () => {
    const [one, other] = [copyWorkspace(), copyWorkspace()];
    const file = join(one, 'both.code-workspace');
    writeFileSync(file, JSON.stringify({ folders: [{ path: one }, { path: other }] }));
    const viewport = { width: 1400, height: 2000 };
    const vscode = await VSCode.open({ extension: root, workspace: file, viewport });
    try {
      await vscode.page.getByRole('tab', { name: 'Taskweave' }).first().waitFor({ timeout: LONG });
      await vscode.showContainer('Taskweave');
      const groups = vscode.tree('Tasks').filter({ hasText: /^tiny/ });
      await expect.poll(() => groups.count(), { timeout: LONG }).toBe(2);
      const labels = await Promise.all([0, 1].map((i) => groups.nth(i).getAttribute('aria-label')));
      expect(new Set(labels).size).toBe(2);
    } finally {
      await vscode.close();
      for (const folder of [one, other])
        rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
  });
});
