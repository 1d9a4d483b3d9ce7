import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Gate } from './gate';
import {
  clickLens,
  converse,
  fill,
  LONG,
  lens,
  openExperiment,
  panel,
  press,
  replaceInFile,
  runAndWait,
  startRun,
  status,
  untilSeen,
  view,
} from './steps';
import { inWindow, runFolders } from './workspace';

describe('an experiment in the editor', () => {
  it('runs from its CodeLens, and the trees show tasks, models, ensembles and the run with their scores', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode);
      await runAndWait(vscode, workspace);
      const shown = (view: string, text: RegExp) =>
        vscode.tree(view).filter({ hasText: text }).first().waitFor({ timeout: LONG });
      await shown('Tasks', /firstR² 0\.\d{3}.*regression/);
      await shown('Tasks', /secondAUC 0\.\d{3}.*binary/);
      await shown('Base Models', /linear0\.\d{3} · λ /);
      await shown('Ensembles', /average0\.\d{3}/);
      const label = await vscode.tree('Runs').filter({ hasText: 'best' }).first().getAttribute('aria-label');
      expect(label).toMatch(/run of tiny.*completed/);
    });
  });

  it('opens the metrics panel with the leaderboard, baselines beside models, and the λ path with its choice', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode);
      await runAndWait(vscode, workspace);
      const frame = await panel(vscode, 'tiny');
      const rows = frame.locator('#board .grid-row');
      await expect.poll(() => rows.count(), { timeout: LONG }).toBeGreaterThanOrEqual(6);
      for (const name of [
        'linear',
        'linear (single-task)',
        'forest (single-task)',
        'average',
        'mean/majority',
      ]) {
        await rows.filter({ hasText: name }).first().waitFor({ timeout: LONG });
      }
      await view(frame, 'λ path');
      await expect
        .poll(() => frame.locator('taskweave-path').textContent(), { timeout: LONG })
        .toMatch(/chosen λ/);
      await view(frame, 'Curves');
      await expect.poll(() => frame.locator('taskweave-plot').count(), { timeout: LONG }).toBeGreaterThan(0);
    });
  });

  it('launches a λ sweep from the form, which says how many fits it is, and shows it arrive', async () => {
    await inWindow({}, async (vscode) => {
      await openExperiment(vscode);
      await vscode.command('Taskweave: Open Metrics');
      const frame = await panel(vscode, 'tiny');
      await view(frame, 'Sweep');
      await fill(frame, { '#sweep-points': '7', '#sweep-folds': '4' }, (words) =>
        /7 λ × 4 folds \+ 1 refit = 29 fits/.test(words),
      );
      await frame.getByRole('button', { name: 'Launch sweep' }).click();
      await status(frame, 'completed');
      await view(frame, 'λ path');
      await expect
        .poll(() => frame.locator('taskweave-path').textContent(), { timeout: LONG })
        .toMatch(/chosen λ/);
      await view(frame, 'Leaderboard');
      await expect
        .poll(() => frame.locator('#board').textContent(), { timeout: LONG })
        .not.toContain('forest');
    });
  });

  it('says no to a sweep that cannot be, before it is launched', async () => {
    await inWindow({}, async (vscode) => {
      await openExperiment(vscode);
      await vscode.command('Taskweave: Open Metrics');
      const frame = await panel(vscode, 'tiny');
      await view(frame, 'Sweep');
      const mistake = frame.locator('.fits.mistake');
      await untilSeen(
        async () => {
          await frame.locator('#sweep-from input').fill('0.001');
          await frame.locator('#sweep-to input').fill('10');
        },
        () => mistake.isVisible(),
      );
      const launch = frame.getByRole('button', { name: 'Launch sweep' });
      await expect.poll(() => launch.isDisabled()).toBe(true);
    });
  });

  it('underlines a mistake where it is and mends it by the quick fix', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode);
      const { page } = vscode;
      await replaceInFile(vscode, 'group-lasso', 'group-laso');
      await page.locator('.squiggly-error').first().waitFor({ timeout: LONG });
      await page.locator('.squiggly-error').first().click({ force: true });
      const fix = page.locator('.action-widget .monaco-list-row', { hasText: 'group-lasso' });
      const mended = page.locator('.view-line', { hasText: 'penalty: group-lasso,' });
      await untilSeen(
        async () => {
          if (!(await fix.first().isVisible())) await press(vscode, 'Control+.', fix);
          await page.keyboard.press('Enter');
        },
        async () => (await mended.count()) > 0,
      );
      await expect.poll(() => page.locator('.squiggly-error').count(), { timeout: LONG }).toBe(0);
      await page.keyboard.press('Control+S');
      await expect
        .poll(() => readFileSync(join(workspace, 'tiny.mtl.yaml'), 'utf8'))
        .toContain('penalty: group-lasso,');
    });
  });

  it('goes on with a run through a reload of the window, and the views find it again', async () => {
    const gate = new Gate();
    try {
      await inWindow({ settings: gate.settings }, async (vscode, workspace) => {
        await openExperiment(vscode);
        await startRun(vscode, workspace);
        await vscode.page.locator('[id="taskweave.taskweave.run"]').waitFor({ timeout: LONG });
        await panel(vscode, 'tiny');
        await vscode.reload();
        await vscode.page.locator('[id="taskweave.taskweave.run"]').waitFor({ timeout: LONG });
        const frame = await panel(vscode, 'tiny');
        await status(frame, 'running');
        gate.open();
        await status(frame, 'completed');
        await vscode.tree('Runs').filter({ hasText: 'best' }).first().waitFor({ timeout: LONG });
        expect(runFolders(workspace).length).toBe(1);
      });
    } finally {
      gate.remove();
    }
  });

  it('stops a run, and resumes it to its end', async () => {
    const gate = new Gate();
    try {
      await inWindow({ settings: gate.settings }, async (vscode, workspace) => {
        await openExperiment(vscode);
        await startRun(vscode, workspace);
        const shown = (text: string) => vscode.tree('Runs').filter({ hasText: text }).first();
        await clickLens(vscode, 'Stop', () => shown('cancelled').isVisible());
        gate.open();
        await converse(
          vscode,
          () => vscode.command('Taskweave: Resume Run'),
          [],
          async () => !(await shown('cancelled').isVisible()),
        );
        await shown('best').waitFor({ timeout: LONG });
        expect(runFolders(workspace).length).toBe(1);
      });
    } finally {
      gate.remove();
    }
  });
});

describe('Restricted Mode', () => {
  it('shows the experiment and offers nothing that runs', async () => {
    await inWindow({ restricted: true }, async (vscode) => {
      await openExperiment(vscode);
      await vscode.showContainer('Taskweave');
      await vscode.tree('Tasks').filter({ hasText: 'first' }).first().waitFor({ timeout: LONG });
      expect(await lens(vscode, 'Run').count()).toBe(0);
      await expect.poll(() => vscode.offers('Taskweave: Open Metrics')).toBe(true);
      expect(await vscode.offers('Taskweave: Run Experiment')).toBe(false);
      expect(await vscode.offers('Taskweave: Delete Run')).toBe(false);
    });
  });
});
