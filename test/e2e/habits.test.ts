import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { VSCode } from '../harness/vscode';
import {
  answerNotice,
  converse,
  focusFirstRun,
  LONG,
  lens,
  lensComes,
  openExperiment,
  press,
  replaceInFile,
  startRun,
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

describe('a table of one’s own', () => {
  it('becomes an experiment from the empty view, whose tasks say what the data have of them', async () => {
    const workspace = copyWorkspace();
    try {
      for (const name of ['tiny.mtl.yaml', 'slow.mtl.yaml']) rmSync(join(workspace, name));
      await inWindowOn({ workspace }, async (vscode) => {
        const { page } = vscode;
        await page.getByRole('tab', { name: 'Taskweave' }).first().waitFor({ timeout: LONG });
        await vscode.showContainer('Taskweave');
        const columns = page.locator('.quick-input-list .monaco-list-row', { hasText: 'second' });
        await untilSeen(
          async () => {
            await page
              .getByRole('button', { name: 'New Experiment from a Table' })
              .click({ timeout: 15_000 });
            await vscode.pick('tiny.csv', 15_000);
          },
          () => columns.first().isVisible(),
        );
        for (const name of ['first', 'second']) await vscode.pick(name);
        await page.keyboard.press('Enter');
        const tasks = vscode.tree('Tasks');
        await tasks.filter({ hasText: 'regression · 145 rows' }).first().waitFor({ timeout: LONG });
        await tasks.filter({ hasText: 'binary · 147 rows' }).first().waitFor({ timeout: LONG });
        await expect
          .poll(() => afterText(vscode, 'second:'), { timeout: LONG })
          .toContain('binary · 147 rows');
        expect(readFileSync(join(workspace, 'tiny.mtl.yaml'), 'utf8')).toContain('first: { target: first }');
      });
    } finally {
      removeFolder(workspace);
    }
  });
});

describe('an hour with Taskweave', () => {
  it('takes a template, is corrected, runs, reads the scores beside the lines, and keeps its runs in order', async () => {
    await inWindow({}, async (vscode, workspace) => {
      const { page } = vscode;
      await page.getByRole('tab', { name: 'Taskweave' }).first().waitFor({ timeout: LONG });
      await vscode.showContainer('Taskweave');

      // A template.
      await converse(
        vscode,
        () => vscode.command('Taskweave: New Experiment from a Template'),
        ['wide', { typed: 'orchard' }],
        () => page.getByRole('tab', { name: /orchard\.mtl\.yaml/ }).isVisible(),
      );
      await lensComes(vscode, lens(vscode, 'Run'));
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
      await startRun(vscode, workspace);
      await expect.poll(() => afterText(vscode, 'linear:'), { timeout: LONG }).toMatch(/%|\d\.\d{3}/);
      await vscode.openFile('orchard.mtl.yaml');
      await expect
        .poll(() => afterText(vscode, 'linear:'), { timeout: LONG })
        .toMatch(/^\s*skill\s\d\.\d{3}/);
      await expect.poll(() => afterText(vscode, 'disease:'), { timeout: LONG }).toMatch(/AUC/);
      await vscode.screenshot('inline');

      // A hover with the curve.
      const line = page.locator('.view-line', { hasText: 'linear:' }).first();
      const hover = page.locator('.monaco-hover:visible .hover-contents', { hasText: 'mean skill' }).first();
      await untilSeen(
        async () => {
          await page.mouse.move(700, 880);
          await line.getByText('linear', { exact: true }).first().hover();
        },
        async () => (await hover.isVisible()) && (await hover.locator('img').count()) === 1,
      );
      await vscode.screenshot('hover');
      await page.keyboard.press('Escape');

      // Runs in order: star, name, tag, delete, undo, restore.
      await runItem(vscode, 'best');
      const item = (text: RegExp | string) => vscode.tree('Runs').filter({ hasText: text }).first();
      const ask = (title: string) => () => vscode.command(title);
      await converse(vscode, ask('Taskweave: Star Run'), ['orchard'], () => item('★').isVisible());
      await focusFirstRun(vscode);
      const rename = () =>
        press(vscode, 'F2', page.locator('.quick-input-list .monaco-list-row', { hasText: 'orchard' }));
      await converse(vscode, rename, ['orchard', { typed: 'first harvest' }], () =>
        item('first harvest').isVisible(),
      );
      await converse(
        vscode,
        ask('Taskweave: Tag Run'),
        ['first harvest', { typed: 'baseline, dry year' }],
        () => item(/#baseline #dry year/).isVisible(),
      );
      const found = page.locator('.quick-input-list .monaco-list-row', { hasText: 'first harvest' }).first();
      await untilSeen(
        async () => {
          await vscode.command('Taskweave: Search Tasks, Models and Runs');
          await page.locator('.quick-input-widget .quick-input-box input').fill('dry');
        },
        () => found.isVisible(),
      );
      await page.keyboard.press('Escape');
      await focusFirstRun(vscode);
      await converse(
        vscode,
        () => press(vscode, 'Delete', found),
        ['first harvest'],
        async () => (await item('first harvest').count()) === 0,
      );
      await answerNotice(vscode, 'Deleted run', 'Undo', () => item('first harvest').isVisible());

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
      await untilSeen(
        async () => {
          await list.click();
          await page.keyboard.press('Control+Z');
        },
        async () => !(await list.textContent())?.includes('forest'),
      );
    });
  });
});

describe('an experiment file alone', () => {
  it('has its actions, its scores and its outline without a folder', async () => {
    const workspace = copyWorkspace();
    try {
      await inWindowOn({ workspace, file: join(workspace, 'tiny.mtl.yaml') }, async (vscode) => {
        await lensComes(vscode, lens(vscode, 'Sweep'));
        await lensComes(vscode, lens(vscode, 'Open metrics'));
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
        const labels = () => Promise.all([0, 1].map((i) => groups.nth(i).getAttribute('aria-label')));
        await expect.poll(async () => new Set(await labels()).size).toBe(2);
      });
    } finally {
      for (const folder of [one, other]) removeFolder(folder);
    }
  });
});
