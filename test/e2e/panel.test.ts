import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { root, type VSCode } from '../harness/vscode';
import {
  fill,
  LONG,
  openExperiment,
  openMetrics,
  panel,
  runAndWait,
  startRun,
  status,
  untilSeen,
  view,
} from './steps';
import { inWindow } from './workspace';

const TASKS = 16;

/** An experiment of many tasks: a net for curves, a ridge for a path. */
function writeMany(workspace: string): void {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const x = Array.from({ length: 4 }, (_one, f) => Math.sin(i * (f + 1.7)));
    const y = Array.from({ length: TASKS }, (_one, t) => x[t % 4] + 0.3 * Math.cos(i * (t + 2.3)));
    return [...x, ...y].map((value) => value.toFixed(5)).join(',');
  });
  const head = [...[1, 2, 3, 4].map((f) => `x${f}`), ...Array.from({ length: TASKS }, (_, t) => `y${t}`)];
  writeFileSync(join(workspace, 'many.csv'), `${[head.join(','), ...rows].join('\n')}\n`);
  const tasks = Array.from({ length: TASKS }, (_, t) => `  y${t}: { target: y${t} }`).join('\n');
  writeFileSync(
    join(workspace, 'many.mtl.yaml'),
    `data: { source: many.csv, test: 0.25, folds: 2, seed: 3 }
tasks:
${tasks}
models:
  net: { kind: neural, hidden: [8], epochs: 60, early_stopping: false }
  ridge: { kind: linear, penalty: ridge, lambda: [1, 0.1, 0.01] }
ensembles:
  best: { combine: greedy }
`,
  );
}

/** An experiment of two nets, for curves beside each other. */
function writeNets(workspace: string, epochs: number): void {
  writeFileSync(
    join(workspace, 'nets.mtl.yaml'),
    `data: { source: tiny.csv, test: 0.25, folds: 2, seed: 7 }
tasks:
  first: { target: first }
  second: { target: second }
models:
  net: { kind: neural, hidden: [8], epochs: ${epochs}, early_stopping: false }
  wide: { kind: neural, hidden: [16], epochs: ${epochs}, early_stopping: false }
  linear: { kind: linear, penalty: group-lasso }
sweeps:
  own: { model: linear, over: { lambda: { points: 4 } }, select: per-task }
`,
  );
}

/** Runs an experiment from the terminal: what the views show comes from the store alone. */
function runInTerminal(workspace: string, file: string): void {
  execFileSync(process.execPath, [join(root, 'dist', 'cli.js'), 'run', file, '--json'], {
    cwd: workspace,
    stdio: 'ignore',
  });
}

/** Answers the editor's own dialog for where a file goes. */
async function saveAs({ page }: VSCode, offered: string, path: string): Promise<void> {
  const input = page.locator('.quick-input-widget .quick-input-box input');
  // The dialog fills in what it offers once it has looked at the folder.
  await expect.poll(() => input.inputValue().catch(() => ''), { timeout: LONG }).toContain(offered);
  await untilSeen(
    async () => {
      await input.fill(path);
      await input.press('Enter');
    },
    async () => existsSync(path),
  );
}

/** Chooses from a dropdown by its label. */
async function choose(frame: Frame, label: string, option: string): Promise<void> {
  const dropdown = frame.getByRole('combobox', { name: label, exact: true });
  await dropdown.click();
  await dropdown.getByRole('option', { name: option, exact: true }).click();
}

async function pickFromMenu(frame: Frame, menu: string, item: string): Promise<void> {
  await frame.getByRole('button', { name: menu }).first().click();
  await frame.getByRole('menuitem', { name: item }).click();
}

describe('the metrics panel', () => {
  it('shows curves as they arrive, many tasks as a distribution first; zooms, resets, drills down, saves', async () => {
    await inWindow({}, async (vscode, workspace) => {
      const { page } = vscode;
      writeMany(workspace);
      await openExperiment(vscode, 'many.mtl.yaml');
      await startRun(vscode, workspace);
      const frame = await panel(vscode, 'many');
      await view(frame, 'Curves');
      const spread = frame.locator('.spread taskweave-plot');
      await spread.locator('.u-over').waitFor({ timeout: LONG });
      await expect.poll(() => frame.locator('.task-items li').count(), { timeout: LONG }).toBe(TASKS);
      await status(frame, 'completed');

      const whole = frame.getByRole('button', { name: 'Show the whole of Loss over 16 tasks' });
      expect(await whole.isDisabled()).toBe(true);
      const point = async (x: number, y: number) => {
        const box = await spread.locator('.u-over').boundingBox();
        if (!box) throw new Error('the plot is not to be seen');
        await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 });
      };
      await untilSeen(
        async () => {
          await point(0.1, 0.1);
          await point(0.2, 0.1);
        },
        async () => /median task/.test((await frame.locator('.tooltip').textContent()) ?? ''),
      );
      await untilSeen(
        async () => {
          await point(0.2, 0.1);
          await page.mouse.down();
          await point(0.6, 0.8);
          await page.mouse.up();
        },
        async () => !(await whole.isDisabled()),
      );
      await untilSeen(
        async () => {
          await spread.locator('.plot').focus();
          await page.keyboard.press('Escape');
        },
        () => whole.isDisabled(),
      );

      const svg = join(workspace, 'loss.svg');
      await pickFromMenu(frame, 'Save Loss over 16 tasks', 'Save as SVG …');
      await saveAs(vscode, 'loss-over-16-tasks.svg', svg);
      expect(readFileSync(svg, 'utf8')).toMatch(/^<svg .*Loss over 16 tasks/);
      const csv = join(workspace, 'loss.csv');
      await pickFromMenu(frame, 'Save Loss over 16 tasks', 'Save points as CSV …');
      await saveAs(vscode, 'loss-over-16-tasks.csv', csv);
      expect(readFileSync(csv, 'utf8').split('\r\n')[0]).toContain('step,median task');

      const first = frame.locator('.task-items button').first();
      const task = await first.innerText();
      await first.click();
      await frame.getByText(`Loss of ${task}`).first().waitFor();
      await frame.getByRole('button', { name: 'All tasks' }).click();
      await spread.waitFor({ timeout: LONG });

      await view(frame, 'Ensembles');
      await frame.getByText('Greedy selection for y0').waitFor({ timeout: LONG });
      await view(frame, 'Tasks');
      await frame.getByText('Did sharing help?').waitFor({ timeout: LONG });
      await expect.poll(() => frame.locator('main table tbody tr').count()).toBe(TASKS);
    });
  });

  it('draws curves of several models and runs in one plot, and shows which λ each task chose', async () => {
    await inWindow({}, async (vscode, workspace) => {
      for (const epochs of [20, 30]) {
        writeNets(workspace, epochs);
        runInTerminal(workspace, 'nets.mtl.yaml');
      }
      await openExperiment(vscode, 'nets.mtl.yaml');
      const frame = await openMetrics(vscode, 'nets');
      await view(frame, 'Curves');
      await frame.locator('taskweave-plot .u-over').first().waitFor({ timeout: LONG });
      await frame.getByRole('button', { name: 'Draw beside' }).click();
      const others = frame.getByRole('menuitemcheckbox');
      await expect
        .poll(async () => (await others.allInnerTexts()).map((text) => text.trim()), { timeout: LONG })
        .toEqual(['wide', 'linear', expect.stringMatching(/^\d\d-\d\d \d\d:\d\d [0-9a-f]{6}$/)]);
      await others.first().click();
      const lines = frame.getByRole('group', { name: 'Lines of Loss of first: press to pin' });
      await expect.poll(() => lines.textContent().catch(() => '')).toContain('wide · refit');
      await others.last().click();
      // Two models of one run and a second run: every line is named by both.
      await expect.poll(() => lines.textContent().catch(() => '')).toMatch(/net, \d\d-\d\d.* · fold 1/);
      await vscode.page.keyboard.press('Escape');
      const swatches = () =>
        lines.locator('.swatch').evaluateAll((all) => all.map((one) => one.getAttribute('style')));
      await expect.poll(async () => new Set(await swatches()).size).toBe(3);
      const pinned = lines.getByRole('button', { name: /wide.*refit/ });
      await untilSeen(
        () => pinned.click(),
        async () => (await pinned.getAttribute('aria-pressed')) === 'true',
      );

      await frame.getByRole('checkbox', { name: 'All tasks in one plot' }).click();
      await frame.getByText('Losses of 2 tasks').waitFor({ timeout: LONG });

      await view(frame, 'λ path');
      await choose(frame, 'Model', 'linear');
      const chosen = frame.getByRole('region', { name: 'λ that each task chose' });
      await expect.poll(() => chosen.textContent().catch(() => '')).toContain('first');
      await expect.poll(() => chosen.textContent().catch(() => '')).toContain('second');
    });
  });

  it('is at its curves again after a reload in the middle of a run, and they go on', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode, 'slow.mtl.yaml');
      await startRun(vscode, workspace);
      const frame = await panel(vscode, 'slow');
      await view(frame, 'Curves');
      await frame.locator('taskweave-plot .u-over').first().waitFor({ timeout: LONG });
      await vscode.reload();
      const again = await panel(vscode, 'slow');
      await again.getByRole('tab', { name: 'Curves', selected: true }).waitFor({ timeout: LONG });
      const plot = again.locator('taskweave-plot .plot').first();
      await plot.waitFor({ timeout: LONG });
      await status(again, 'running');
      const words = await plot.getAttribute('aria-label');
      await expect.poll(() => plot.getAttribute('aria-label'), { timeout: LONG }).not.toBe(words);
      await again.getByRole('button', { name: 'Stop' }).click();
      await status(again, 'cancelled');
    });
  });

  it('sweeps from the form over more than λ, pauses, goes on, stops, extends, and is written to the file', async () => {
    await inWindow({}, async (vscode, workspace) => {
      const { page } = vscode;
      await openExperiment(vscode, 'slow.mtl.yaml');
      await vscode.command('Taskweave: Open Metrics');
      const slow = await panel(vscode, 'slow');
      await view(slow, 'Sweep');
      await slow.getByText(/fits with baselines/).waitFor({ timeout: LONG });
      await slow.getByRole('button', { name: 'Launch sweep' }).click();
      await slow.getByRole('button', { name: 'Pause' }).click();
      await status(slow, 'paused');
      await slow.getByRole('button', { name: 'Continue' }).click();
      await status(slow, 'running');
      await slow.getByRole('button', { name: 'Stop' }).click();
      await status(slow, 'cancelled');

      await openExperiment(vscode);
      await vscode.command('Taskweave: Open Metrics');
      const frame = await panel(vscode, 'tiny');
      await view(frame, 'Sweep');
      await fill(frame, { '#sweep-points': '4' }, (words) => words.includes('4 λ × 3 folds'));
      await frame.getByRole('button', { name: 'Launch sweep' }).click();
      await status(frame, 'completed');
      const fits = await frame.locator('.status').textContent();
      await frame.locator('#extend-points input').fill('3');
      await frame.getByRole('button', { name: 'Extend' }).click();
      await expect.poll(() => frame.locator('.status').textContent(), { timeout: LONG }).not.toBe(fits);
      await status(frame, 'completed');

      await frame.getByRole('button', { name: 'Write to file' }).click();
      const written = page.locator('.view-line', { hasText: 'sweeps:' }).first();
      await written.waitFor({ timeout: LONG });
      await untilSeen(
        async () => {
          await written.click({ timeout: 10_000 });
          await page.keyboard.press('Control+Z');
        },
        async () => (await written.count()) === 0,
      );
      // This VS Code saves by itself, a second later.
      await expect
        .poll(() => readFileSync(join(workspace, 'tiny.mtl.yaml'), 'utf8'))
        .not.toContain('sweeps:');
    });
  });

  it('compares five runs, sorts and filters thousands of fits by the keyboard, and is the same after a reload', async () => {
    await inWindow({}, async (vscode, workspace) => {
      const { page } = vscode;
      const file = join(workspace, 'tiny.mtl.yaml');
      const text = readFileSync(file, 'utf8');
      for (const trees of [4, 6, 8, 10]) {
        writeFileSync(file, text.replace('trees: 10', `trees: ${trees}`));
        runInTerminal(workspace, 'tiny.mtl.yaml');
      }
      writeFileSync(file, text.replace('points: 6', 'points: 400'));
      runInTerminal(workspace, 'tiny.mtl.yaml');
      await openExperiment(vscode);
      await vscode.command('Taskweave: Open Metrics');
      const frame = await panel(vscode, 'tiny');

      await view(frame, 'Compare runs');
      const changed = frame.getByRole('region', { name: 'What changed between the chosen runs' });
      await changed.getByText('models.forest.trees').waitFor({ timeout: LONG });
      await expect.poll(() => changed.locator('thead th').count()).toBe(6);
      await frame
        .getByRole('region', { name: 'Differences by task' })
        .getByText('first', { exact: true })
        .waitFor({ timeout: LONG });
      await expect.poll(() => frame.locator('path.parallel').count()).toBe(5);

      await view(frame, 'Fits');
      const grid = frame.getByRole('grid', { name: 'Fits' });
      const shown = frame.locator('.grid-tools [role=status]');
      await expect.poll(() => shown.textContent(), { timeout: LONG }).toMatch(/2,4\d\d rows/);
      await grid.focus();
      const here = grid.locator('.grid-head .here');
      for (let i = 0; i < 40 && !(await here.innerText()).startsWith('Mean skill'); i++)
        await page.keyboard.press('ArrowRight');
      const at = await here.getAttribute('aria-colindex');
      await page.keyboard.press('Enter');
      await grid.locator('.grid-head .here[aria-sort=descending]').waitFor();
      const falls = async () => {
        const means = await grid.locator(`.grid-row [aria-colindex="${at}"]`).allInnerTexts();
        const numbers = means.slice(0, 8).map((one) => Number(one.replace('−', '-')));
        return numbers.length === 8 && numbers.every((value, i) => i === 0 || numbers[i - 1] >= value);
      };
      await expect.poll(falls).toBe(true);
      await frame.locator('#filter-trials-grid input').fill('scope:joint fold=1 λ<0.01');
      await expect.poll(() => shown.textContent()).toMatch(/^\s*\d+ of 2,4\d\d rows/);

      await vscode.reload();
      const again = await panel(vscode, 'tiny');
      await again.getByRole('tab', { name: 'Fits', selected: true }).waitFor({ timeout: LONG });
      await again.getByRole('grid', { name: 'Fits' }).waitFor({ timeout: LONG });
    });
  });

  it('has a compact twin in the bottom panel, from which it opens', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode);
      await runAndWait(vscode, workspace);
      await vscode.command('Taskweave: Focus on Metrics at a Glance View');
      const glance = await vscode.webview('Metrics at a Glance');
      await expect
        .poll(() => glance.locator('table').first().textContent(), { timeout: LONG })
        .toContain('average');
      await glance.getByRole('button', { name: 'Open' }).click();
      const frame = await panel(vscode, 'tiny');
      await frame.locator('#board .grid-row').first().waitFor({ timeout: LONG });
    });
  });
});
