import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { englishIn, namesIn, saidBy } from '../harness/english.mjs';
import type { VSCode } from '../harness/vscode';
import { Gate } from './gate';
import {
  answerNotice,
  converse,
  LONG,
  lens,
  lensComes,
  notice,
  openExperiment,
  panel,
  replaceInFile,
  runAndWait,
  startRun,
  untilSeen,
  view,
} from './steps';
import { coordinatorOf, inWindow, runFolders } from './workspace';

/** Rows of the Runs view that stand for a run. */
function runs(vscode: VSCode): Locator {
  return vscode.tree('Runs').filter({ hasText: /\d\d-\d\d \d\d:\d\d/ });
}

/** Clicks an action that an item of a tree shows while the pointer is above it. */
async function clickAction(item: Locator, action: string, then: Locator): Promise<void> {
  await untilSeen(
    async () => {
      await item.hover();
      await item
        .getByRole('button', { name: action })
        .click({ timeout: 5_000 })
        .catch(() => undefined);
    },
    () => then.first().isVisible(),
  );
}

/** Takes an action of an item's context menu. */
async function pickFromMenu({ page }: VSCode, on: Locator, action: string): Promise<void> {
  await on.click({ button: 'right', timeout: 10_000 });
  const item = page.getByRole('menuitem', { name: action });
  // A menu takes no clicks in the first moment that it is open.
  await untilSeen(
    () => item.click({ timeout: 10_000 }),
    async () => !(await item.isVisible()),
    [500, 1000, 2000],
  );
}

describe('a run in the sidebar', () => {
  it('waits in line, is moved in it, and comes to its turn', async () => {
    const gate = new Gate();
    try {
      await inWindow({ settings: gate.settings }, async (vscode, workspace) => {
        await openExperiment(vscode);
        await startRun(vscode, workspace);
        for (let started = 1; started < 3; started++) {
          await untilSeen(
            () => vscode.command('Taskweave: Queue Run'),
            async () => runFolders(workspace).length > started,
          );
        }
        const place = (number: number) => runs(vscode).filter({ hasText: `queued, number ${number}` });
        await place(2).first().waitFor({ timeout: LONG });
        await place(1).filter({ hasText: 'waits for tiny' }).first().waitFor({ timeout: LONG });
        const [, , last] = runFolders(workspace).toSorted();
        await vscode.screenshot('queue');
        const order = () => readFileSync(join(workspace, '.taskweave', 'queue.jsonl'), 'utf8');
        await untilSeen(
          async () => {
            await vscode.page.keyboard.press('Escape');
            await pickFromMenu(vscode, place(2).first(), 'Move Up in Queue');
          },
          async () => order().includes('"moves"'),
        );
        expect(order()).toContain(`"kind":"moves","run":"${basename(last)}"`);
        gate.open();
        await expect.poll(() => runs(vscode).filter({ hasText: 'best' }).count(), { timeout: LONG }).toBe(3);
      });
    } finally {
      gate.remove();
    }
  });

  it('is paused, continued and stopped where it stands', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode, 'slow.mtl.yaml');
      await startRun(vscode, workspace);
      const run = runs(vscode).first();
      await run.waitFor({ timeout: LONG });
      await clickAction(run, 'Pause Run', runs(vscode).filter({ hasText: 'paused at' }));
      await clickAction(run, 'Continue Run', runs(vscode).filter({ hasText: /· \d+ %|^[^a-z]*\d+ %/ }));
      await clickAction(run, 'Stop Run', runs(vscode).filter({ hasText: 'cancelled' }));
      expect(await runs(vscode).count()).toBe(1);
    });
  });

  it('is taken up again after its process was killed, and stopped after its file was renamed', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode, 'slow.mtl.yaml');
      await startRun(vscode, workspace);
      await runs(vscode).filter({ hasText: '%' }).first().waitFor({ timeout: LONG });
      process.kill(coordinatorOf(workspace), 'SIGKILL');
      await runs(vscode).filter({ hasText: 'interrupted at' }).first().waitFor({ timeout: LONG });
      const interrupted = runs(vscode).filter({ hasText: 'interrupted at' });
      await answerNotice(
        vscode,
        'slow was interrupted',
        'Resume Run',
        async () => (await interrupted.count()) === 0,
      );
      await vscode.command('View: Close All Editors');
      renameSync(join(workspace, 'slow.mtl.yaml'), join(workspace, 'other.mtl.yaml'));
      const gone = vscode.tree('Runs').filter({ hasText: 'its file is gone' });
      await gone.first().waitFor({ timeout: LONG });
      await clickAction(runs(vscode).first(), 'Stop Run', runs(vscode).filter({ hasText: 'cancelled' }));
    });
  });

  it('is repeated from what it began with, though the file says something else by now', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode);
      await runAndWait(vscode, workspace);
      const file = join(workspace, 'tiny.mtl.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace('trees: 10', 'trees: 5'));
      await converse(
        vscode,
        () => vscode.command('Taskweave: Reproduce Run'),
        ['tiny'],
        async () => runFolders(workspace).length === 2,
      );
      await notice(vscode, /Reproduced: all \d+ scores are the same, bit for bit/).waitFor({ timeout: LONG });
      await expect.poll(() => runs(vscode).filter({ hasText: '↻' }).count(), { timeout: LONG }).toBe(1);
    });
  });

  it('is compared with another that is selected with it, and deleted with it, with one undo', async () => {
    await inWindow({}, async (vscode, workspace) => {
      await openExperiment(vscode);
      await runAndWait(vscode, workspace);
      const file = join(workspace, 'tiny.mtl.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace('trees: 10', 'trees: 5'));
      await runAndWait(vscode, workspace);
      await expect.poll(() => runs(vscode).filter({ hasText: 'best' }).count(), { timeout: LONG }).toBe(2);
      const act = async (action: string, came: () => Promise<boolean>) => {
        await untilSeen(async () => {
          // A menu that is still open takes every click.
          await vscode.page.keyboard.press('Escape');
          await runs(vscode).nth(0).click({ timeout: 10_000 });
          await runs(vscode)
            .nth(1)
            .click({ modifiers: ['Control'] });
          await pickFromMenu(vscode, runs(vscode).nth(1), action);
        }, came);
      };
      const changed = async () => {
        const frame = await vscode.webview('Metrics: tiny', 0);
        return (await frame.locator('main#compare table').first().textContent({ timeout: 1000 })) ?? '';
      };
      await act('Compare Runs', async () => /trees\s*(10\s*5|5\s*10)/.test(await changed()));
      await act('Delete Run', async () => (await runs(vscode).count()) === 0);
      await answerNotice(vscode, 'Deleted 2 runs.', 'Undo', async () => (await runs(vscode).count()) === 2);
    });
  });

  it('says when it ends, if it took as long as the setting asks, and leads to its metrics', async () => {
    await inWindow({ settings: { 'taskweave.notifyAfter': 0 } }, async (vscode, workspace) => {
      const { page } = vscode;
      await openExperiment(vscode);
      await startRun(vscode, workspace);
      const words = /tiny is done: best .+, in [\d.]+ s/;
      await notice(vscode, words).waitFor({ timeout: LONG });
      const tabs = page.getByRole('tab', { name: /tiny/ });
      await untilSeen(
        () => vscode.command('View: Close All Editors'),
        async () => (await tabs.count()) === 0,
      );
      await answerNotice(vscode, words, 'Open Metrics', () => tabs.first().isVisible());
      const frame = await panel(vscode, 'tiny');
      await frame.locator('#board .grid-row').first().waitFor({ timeout: LONG });
    });
  });
});

describe('people who read Chinese', () => {
  it('find views, actions, states and scores in their language', async () => {
    await inWindow({ language: 'zh-cn' }, async (vscode, workspace) => {
      await openExperiment(vscode);
      await startRun(vscode, workspace);
      const shown = (tree: string, text: RegExp) =>
        vscode.tree(tree).filter({ hasText: text }).first().waitFor({ timeout: LONG });
      await shown('运行', /最佳/);
      await shown('任务', /firstR² 0\.\d{3}.*回归/);
      await shown('基础模型', /linear0\.\d{3} · λ /);
      await shown('集成', /average0\.\d{3}/);
      await lensComes(vscode, lens(vscode, '扫描 λ'));
      const frame = await vscode.webview('指标：tiny', LONG);
      await frame.locator('#board .grid-row').first().waitFor({ timeout: LONG });
      const names = namesIn(
        ['tiny.mtl.yaml', 'tiny.csv'].map((name) => readFileSync(join(workspace, name), 'utf8')),
      );
      for (const name of ['排行榜', 'λ 路径', '曲线', '集成', '任务', '拟合', '比较运行', '扫描']) {
        await view(frame, name);
        await frame.locator('main > *').first().waitFor({ timeout: LONG });
        expect(englishIn(await frame.evaluate<string>(saidBy('body')), names), name).toEqual([]);
      }
      await expect
        .poll(() => frame.locator('.fits').textContent())
        .toMatch(/\d+ λ × \d+ 折 \+ 1 次重新拟合 = \d+ 次拟合/);
      await view(frame, '任务');
      await frame.getByText('共享有帮助吗？').waitFor();
      await vscode.command('Taskweave: 搜索任务、模型和运行');
      await vscode.page
        .locator('.quick-input-list .monaco-list-row', { hasText: 'forest' })
        .first()
        .waitFor();
      await vscode.page.keyboard.press('Escape');
      await replaceInFile(vscode, 'forest', 'forrest');
      await vscode.page.locator('.squiggly-error').first().waitFor({ timeout: LONG });
      await vscode.page.locator('[id="status.problems"]').click();
      await vscode.page
        .locator('.markers-panel [role=treeitem]', { hasText: /[一-龥].*“forest”/ })
        .first()
        .waitFor({ timeout: LONG });
    });
  });

  it('read the story and the report of a run in it', async () => {
    await inWindow({ language: 'zh-cn' }, async (vscode, workspace) => {
      await openExperiment(vscode);
      await startRun(vscode, workspace);
      await vscode.tree('运行').filter({ hasText: /最佳/ }).first().waitFor({ timeout: LONG });
      const line = vscode.page.locator('.view-line', { hasText: /\[info\]/ });
      await untilSeen(
        () => vscode.command('Taskweave: 显示运行日志'),
        () => line.filter({ hasText: '已完成' }).first().isVisible(),
      );
      await vscode.command('Taskweave: 打开报告');
      const report = await vscode.webview('的报告', LONG);
      await report.getByRole('heading', { name: '共享有帮助吗？' }).waitFor({ timeout: LONG });
      await report.getByText(/中最好的是/).waitFor();
      expect(await report.locator('html').getAttribute('lang')).toBe('zh-CN');
      expect(await report.locator('svg').count()).toBeGreaterThan(2);
      const names = namesIn(
        ['tiny.mtl.yaml', 'tiny.csv'].map((name) => readFileSync(join(workspace, name), 'utf8')),
      );
      expect(englishIn(await report.evaluate<string>(saidBy('body')), names)).toEqual([]);
    });
  });
});
