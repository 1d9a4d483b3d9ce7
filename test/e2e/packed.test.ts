import { spawnSync } from 'node:child_process';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { LONG, openExperiment, panel } from './steps';
import { inWindow, inWindowOn, removeFolder } from './workspace';

/** What a user gets; a file that is not of these is a mistake of the build or of .vscodeignore. */
const EXPECTED = [
  /^extension\/(package(\.nls(\.[\w-]+)?)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/dist\/(extension|file-language|outside-forms|sentence-templates|cli|program|worker|query|thread|kernel-thread)\.js$/,
  /^extension\/dist\/experiment\.schema\.json$/,
  /^extension\/dist\/wasm\/[\w-]+\.wasm$/,
  /^extension\/dist\/webview\/(panel\.js|panel\.css|codicon-\w+\.ttf)$/,
  /^extension\/l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^extension\/media\/(walkthrough\/)?[\w-]+\.(svg|png)$/,
  /^(extension\.vsixmanifest|\[Content_Types\]\.xml)$/,
];
const MOST_BYTES = 10_000_000;

/** Names of a zip archive's entries, from its central directory. */
function entries(file: string): readonly string[] {
  const script = 'import sys, zipfile; print("\\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))';
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split('\n');
}

describe('the packed extension', () => {
  it('holds what it needs and nothing else, in a few megabytes', () => {
    const { vsix } = inject('packed');
    const names = entries(vsix);
    expect(names.filter((name) => !EXPECTED.some((pattern) => pattern.test(name)))).toEqual([]);
    expect(EXPECTED.filter((pattern) => !names.some((name) => pattern.test(name)))).toEqual([]);
    expect(statSync(vsix).size).toBeLessThan(MOST_BYTES);
  });

  it('is installed in VS Code and takes an experiment from the palette to its leaderboard', async () => {
    // On a slow machine the run would take long enough for a message at its end.
    await inWindow({ settings: { 'taskweave.notifyAfter': -1 } }, async (vscode) => {
      await openExperiment(vscode);
      await vscode.showContainer('Taskweave');
      await vscode.command('Taskweave: Run Experiment');
      await vscode.tree('Runs').filter({ hasText: 'best' }).first().waitFor({ timeout: LONG });
      await vscode
        .tree('Base Models')
        .filter({ hasText: /linear0\.\d{3} · λ / })
        .first()
        .waitFor({ timeout: LONG });
      const frame = await panel(vscode, 'tiny');
      await expect
        .poll(() => frame.locator('#board').textContent(), { timeout: LONG })
        .toContain('linear (single-task)');
      expect(await vscode.page.locator('.notification-toast').allTextContents()).toEqual([]);
    });
  });

  it('does not start in a window without experiments', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'tw-e2e-'));
    try {
      await inWindowOn({ workspace, viewport: { width: 1400, height: 2000 } }, async (vscode) => {
        await vscode.page.getByRole('tab', { name: 'Taskweave' }).first().waitFor({ timeout: LONG });
        await vscode.command('Developer: Show Running Extensions');
        const running = vscode.page.locator('.runtime-extensions-editor .monaco-list-row');
        // Those that the editor asks for last.
        await running.filter({ hasText: 'Merge Conflict' }).first().waitFor({ timeout: LONG });
        expect(await running.filter({ hasText: 'Taskweave' }).count()).toBe(0);
      });
    } finally {
      removeFolder(workspace);
    }
  });
});
