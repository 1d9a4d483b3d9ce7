// `node test/tools/pictures.mjs [folder]`: pictures of the sidebar, the file and every view of the panel in four themes and
// two widths, to be looked at; those of the README (`media/`) are among them. Uses the real VS Code of the editor suites
// and the extension as it ships.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import esbuild from 'esbuild';
import { installHarness } from '../harness/install.mjs';
import { pack } from './pack.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = process.argv[2] ?? join(root, 'test', 'output', 'pictures');
const THEMES = ['Light Modern', 'Dark Modern', 'Dark High Contrast', 'Light High Contrast'];
const LONG = { timeout: 120_000 };

installHarness();
const outfile = join(root, 'test', 'output', 'harness.mjs');
await esbuild.build({
  entryPoints: [join(root, 'test', 'harness', 'vscode.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['playwright-core'],
  logLevel: 'warning',
});
const { VSCode, installExtension } = await import(pathToFileURL(outfile).href);

const workspace = mkdtempSync(join(tmpdir(), 'tw-pictures-'));
mkdirSync(folder, { recursive: true });
const packed = mkdtempSync(join(tmpdir(), 'tw-pictures-packed-'));
pack(join(packed, 'taskweave.vsix'));
await installExtension(join(packed, 'taskweave.vsix'), join(packed, 'extensions'));
const vscode = await VSCode.open({
  extensions: join(packed, 'extensions'),
  workspace,
  settings: { 'editor.minimap.enabled': false },
});
try {
  const { page } = vscode;
  const lens = (text) => page.locator('.codelens-decoration a', { hasText: text }).first();
  const picture = (name) => page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  await page.getByRole('tab', { name: 'Taskweave' }).first().waitFor(LONG);
  await vscode.showContainer('Taskweave');
  await page.locator('.welcome-view .monaco-button').first().waitFor(LONG);
  await picture('empty');
  await vscode.command('Taskweave: New Experiment from a Template');
  await vscode.pick('wide');
  await page.locator('.quick-input-widget .quick-input-message').waitFor();
  await page.keyboard.press('Enter');
  await lens('Run').waitFor(LONG);
  await page.locator('.view-line', { hasText: 'folds: 5' }).click();
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('3');
  await page.keyboard.press('Control+S');
  for (let run = 0; run < 2; run++) {
    await lens('Run').click();
    await page.locator('[id="taskweave.taskweave.run"]').waitFor(LONG);
    await page.waitForTimeout(1500);
    await vscode.openFile('orchard.mtl.yaml');
    await picture(`training-${run}`);
    await vscode.tree('Runs').filter({ hasText: 'best' }).nth(run).waitFor(LONG);
    await page.locator('.view-line', { hasText: 'kind: forest' }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    if (run === 0) {
      for (let i = 0; i < 3; i++) await page.keyboard.press('Backspace');
      await page.keyboard.type('20');
      await page.keyboard.press('Control+S');
    }
  }
  await vscode.command('View: Close Other Editors in Group');
  await vscode.command('View: Close Editors in Other Groups');
  await page.keyboard.press('Home');
  for (const width of [1400, 400]) {
    await page.setViewportSize({ width, height: 900 });
    for (const theme of THEMES) {
      await vscode.theme(theme);
      await page.waitForTimeout(1500);
      const name = theme.toLowerCase().replaceAll(' ', '-');
      await picture(`${name}-${width}`);
      if (width === 400) continue;
      const line = page.locator('.view-line', { hasText: 'linear:' }).first();
      await line.getByText('linear', { exact: true }).first().hover();
      const hover = page.locator('.monaco-hover:visible .hover-contents', { hasText: 'mean skill' });
      await hover.first().waitFor(LONG);
      await page.waitForTimeout(300);
      await picture(`${name}-hover`);
      await page.mouse.move(700, 880);
    }
  }
  // The panel alone, with all of its views.
  await page.setViewportSize({ width: 1400, height: 900 });
  await vscode.command('Taskweave: Open Metrics');
  await vscode.command('View: Close Other Editors in Group');
  await vscode.command('View: Close Editors in Other Groups');
  await page.keyboard.press('Control+B');
  const frame = await vscode.webview('Metrics: orchard');
  for (const width of [1400, 400]) {
    await page.setViewportSize({ width, height: 1000 });
    for (const theme of THEMES) {
      await vscode.theme(theme);
      for (const tab of await frame.getByRole('tab').allInnerTexts()) {
        await frame.getByRole('tab', { name: tab, exact: true }).click();
        await page.waitForTimeout(700);
        await picture(
          `panel-${theme} ${width} ${tab}`.toLowerCase().replaceAll(' ', '-').replace('λ', 'lambda'),
        );
      }
    }
  }
  await page.setViewportSize({ width: 1400, height: 900 });
  await vscode.command('Taskweave: Get Started');
  await page.waitForTimeout(2500);
  await picture('walkthrough');
} finally {
  await vscode.close();
  for (const made of [workspace, packed])
    rmSync(made, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
console.log(`Pictures are in ${folder}`);
