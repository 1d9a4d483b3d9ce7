import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { focusFirstRun, LONG, openExperiment, panel, runAndWait, untilSeen, view, views } from './steps';
import { inWindow } from './workspace';

/** Name of a theme, its id, and the class of the window that shows it. */
const THEMES = [
  ['Light Modern', 'Light Modern', 'vs'],
  ['Dark Modern', 'Dark Modern', 'vs-dark'],
  ['Dark High Contrast', 'Default High Contrast', 'hc-black'],
  ['Light High Contrast', 'Default High Contrast Light', 'hc-light'],
] as const;

/** The editor draws label and description of an item without a space between them: no spoken name holds such a word. */
const EDITORS_OWN = { except: ['label-content-name-mismatch'] };

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds in a document, or below `part` of it, that keeps people out or is hard on them, one line a finding. */
async function barriers(
  frame: Frame | Page,
  part = 'html',
  { except = [] }: { readonly except?: readonly string[] } = {},
): Promise<readonly string[]> {
  await frame.evaluate(axeSource);
  const rules = Object.fromEntries(except.map((rule) => [rule, { enabled: false }]));
  const { violations } = await frame.evaluate<axe.AxeResults>(
    `axe.run('${part}', { resultTypes: ["violations"], rules: ${JSON.stringify(rules)} })`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}

/** The engine needs timers, which a page without scripts has not: it looks at a copy, as narrow as a phone and folded out. */
async function withScripts<T>(frame: Frame, look: (page: Page) => Promise<T>): Promise<T> {
  const browser = frame.page().context().browser();
  if (!browser) throw new Error('the window is in no browser');
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 400, height: 900 } });
  try {
    const page = await context.newPage();
    await page.setContent(await frame.content());
    await page.locator('details').evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '');
    });
    return await look(page);
  } finally {
    await context.close();
  }
}

describe('people who do not use a mouse, or see little', () => {
  it('find no barrier in the metrics panel, in any of the four kinds of theme', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode);
      await runAndWait(vscode, workspace);
      const frame = await panel(vscode, 'tiny');
      await frame.locator('#board .grid-row').first().waitFor({ timeout: LONG });
      for (const [name, id] of THEMES) {
        await untilSeen(
          () => vscode.theme(name),
          async () => (await frame.locator(`body[data-vscode-theme-id="${id}"]`).count()) > 0,
        );
        for (const tab of await views(frame)) {
          await view(frame, tab);
          await frame.locator('main > *').first().waitFor({ timeout: LONG });
          expect(await barriers(frame), `${name}, ${tab}`).toEqual([]);
        }
      }
    });
  });

  it('find none in a report, which is at its place again after a reload', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode);
      await runAndWait(vscode, workspace);
      const report = async () => {
        const frame = await vscode.webview('Report of', LONG);
        await frame.getByRole('heading', { name: 'Did sharing help?' }).waitFor({ timeout: LONG });
        return frame;
      };
      await vscode.command('Taskweave: Open Report');
      await report();
      await vscode.reload();
      await report();
      for (const [name, id] of THEMES) {
        const shown = async () => (await report()).locator(`body[data-vscode-theme-id="${id}"]`);
        await untilSeen(
          () => vscode.theme(name),
          async () => (await shown()).isVisible(),
        );
        expect(await withScripts(await report(), barriers), name).toEqual([]);
      }
    });
  });

  it('find none in our items of the sidebar and in what a view without items says', async () => {
    await inWindow({ viewport: { width: 1400, height: 1200 } }, async (vscode, workspace) => {
      const { page } = vscode;
      await openExperiment(vscode);
      await vscode.showContainer('Taskweave');
      await page.locator('.welcome-view .monaco-button').first().waitFor({ timeout: LONG });
      expect(await barriers(page, '.part.sidebar .welcome-view')).toEqual([]);
      await runAndWait(vscode, workspace);
      for (const [name, , shown] of THEMES) {
        await untilSeen(
          () => vscode.theme(name),
          () => page.locator(`.monaco-workbench.${shown}`).isVisible(),
        );
        expect(await barriers(page, '.part.sidebar .monaco-list-row', EDITORS_OWN), name).toEqual([]);
      }
    });
  });

  it('run an experiment, look at it and launch a sweep by the keyboard alone', async () => {
    await inWindow({}, async (vscode) => {
      const { keyboard } = vscode.page;
      await openExperiment(vscode);
      await vscode.command('Taskweave: Run Experiment');
      await vscode.command('Taskweave: Focus on Runs View');
      const runs = vscode.tree('Runs');
      await runs.filter({ hasText: 'best' }).first().waitFor({ timeout: LONG });
      const frame = await panel(vscode, 'tiny');
      await frame.locator('#board .grid-row').first().waitFor({ timeout: LONG });
      // Enter gives the panel the keyboard.
      await untilSeen(
        async () => {
          await focusFirstRun(vscode);
          await keyboard.press('Enter');
        },
        () => frame.locator('taskweave-panel:focus-within').isVisible(),
      );
      await untilSeen(
        () => vscode.command('Taskweave: Sweep λ'),
        () => frame.locator('#sweep-from:focus-within').isVisible(),
      );
      await frame.getByRole('textbox', { name: 'From λ', exact: true }).waitFor();
      await untilSeen(
        () => keyboard.press('Tab'),
        () => frame.locator('#sweep-to:focus-within').isVisible(),
      );
      await untilSeen(
        () => keyboard.press('Tab'),
        () => frame.locator('#sweep-points:focus-within').isVisible(),
      );
      await keyboard.press('Control+A');
      await keyboard.type('5');
      await expect.poll(() => frame.locator('.fits').textContent()).toContain('5 λ × 3 folds');
      await keyboard.press('Enter');
      await expect.poll(() => runs.filter({ hasText: /\d\d:\d\d/ }).count(), { timeout: LONG }).toBe(2);
    });
  });
});
