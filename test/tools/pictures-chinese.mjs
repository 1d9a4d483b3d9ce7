// The part `chinese` of pictures.mjs: everything that a person who reads Chinese meets, from the empty sidebar to the report, with
// a list of the words in Latin letters that each picture has and the experiment does not: they are English that was forgotten.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { englishIn, namesIn, saidBy } from '../harness/english.mjs';

const LONG = { timeout: 120_000 };
/** Where our own words stand in the window; the rest is VS Code's. */
const OURS = [
  '.pane-body',
  '.monaco-hover:not(.hidden)',
  '.quick-input-list',
  '.quick-input-title',
  '.quick-input-message',
  '.codelens-decoration',
  '.notification-list-item-message',
  '.notification-list-item-buttons-container',
  '.gettingStartedSlideDetails',
  '.suggest-widget',
  '.markers-panel',
];

/** @param shows what pictures.mjs gives a part, @param tools its own ways around */
export async function chinese(shows, { workspace, openPanel, everyView, pointAt, editEnd, twoRuns, widths }) {
  const { vscode, page, picture, lens, word } = shows;
  const left = new Map();
  const note = (where, text) => {
    const files = readdirSync(workspace, { recursive: true, encoding: 'utf8' });
    const written = files.filter((name) => /\.(yaml|csv)$/.test(name) && !name.includes('.taskweave'));
    const texts = written.map((name) => readFileSync(join(workspace, name), 'utf8'));
    for (const found of englishIn(text, namesIn([...written, ...texts])))
      left.set(where, (left.get(where) ?? new Set()).add(found));
  };
  /** Takes the picture, and reads what of it is ours. */
  const look = async (...where) => {
    const said = await page.evaluate(saidBy(OURS.join(','), ['aria-label'], '.monaco-list-row'));
    note(where.join(' '), said.replace(/\(Press .*\)/, ''));
    await picture('chinese', ...where);
  };
  const lookInto = async (frame, ...where) => note(where.join(' '), await frame.evaluate(saidBy('body')));

  await page.locator('.welcome-view .monaco-button').first().waitFor(LONG);
  await look('empty');
  await vscode.command('Taskweave: 从模板新建实验');
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor(LONG);
  await look('templates');
  await vscode.pick('wide');
  await page.locator('.quick-input-widget .quick-input-message').waitFor();
  await look('folder');
  await page.keyboard.press('Enter');
  await lens('运行').waitFor(LONG);
  const ended = async (run) => {
    await page.locator('.notification-toast').first().waitFor(LONG);
    await look(`notice-${run}`);
    await vscode.command('Notifications: Clear All Notifications');
  };
  const words = { run: '运行', runs: '运行', best: '最佳' };
  await twoRuns(shows, words, { training: (run) => look(`training-${run}`), ended });
  await page.waitForTimeout(1500);
  await look('file');
  for (const text of ['linear', 'yield', 'weighted']) {
    await pointAt(shows, word(text));
    await look('hover', text);
    await page.mouse.move(700, 880);
  }
  for (const [view, text] of [
    ['任务', 'yield'],
    ['基础模型', 'linear'],
    ['集成', 'weighted'],
    ['运行', '最佳'],
  ]) {
    const item = vscode.tree(view).filter({ hasText: text }).first();
    if (view !== '运行') await item.locator('.monaco-tl-twistie').click();
    await pointAt(shows, item);
    await look('tooltip', view);
    await item.click({ button: 'right' });
    await page.waitForTimeout(600);
    await picture('chinese', 'menu', view);
    await page.keyboard.press('Escape');
  }
  await pointAt(shows, vscode.tree('基础模型').filter({ hasText: '单任务' }).first());
  await look('tooltip', 'baseline');
  await vscode.command('Taskweave: 搜索任务、模型和运行');
  await page.waitForTimeout(1000);
  await look('search');
  await page.keyboard.press('Escape');
  await vscode.openFile('orchard.mtl.yaml');
  await editEnd(shows, word('ridge'));
  await page.keyboard.type('x');
  await page.locator('.squiggly-error').first().waitFor(LONG);
  await page.keyboard.press('Control+Shift+M');
  await page.waitForTimeout(1500);
  await look('problems');
  await vscode.openFile('orchard.mtl.yaml');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+.');
  await page.waitForTimeout(1500);
  await picture('chinese', 'quick-fix');
  for (const key of ['Escape', 'ArrowRight', 'Backspace']) await page.keyboard.press(key);
  await page.keyboard.type(', ');
  await page.keyboard.press('Control+Space');
  await page.waitForTimeout(1500);
  await look('completion');
  for (const key of ['Escape', 'Backspace', 'Backspace', 'Control+S']) await page.keyboard.press(key);
  await page.keyboard.press('Control+J');
  await vscode.command('Taskweave: 入门');
  await page.waitForTimeout(2500);
  await look('walkthrough');
  await vscode.command('Taskweave: 显示运行日志');
  await vscode.pick('orchard');
  await page.waitForTimeout(2000);
  note(
    'log',
    (await page.locator('.view-line').allInnerTexts()).join('\n').replace(/\[(info|warning)\]|\S*\/\S*/g, ''),
  );
  await picture('chinese', 'log');
  await vscode.command('Taskweave: 打开报告');
  await vscode.pick('orchard');
  const report = await vscode.webview('的报告');
  await report.getByRole('heading').first().waitFor(LONG);
  await lookInto(report, 'report');
  for (let page_ = 0; page_ < 6; page_++) {
    await report.evaluate((n) => scrollTo(0, n * innerHeight), page_);
    await page.waitForTimeout(300);
    await picture('chinese', 'report', `${page_}`);
  }
  const frame = await openPanel(shows, 'orchard', { lens: '打开指标', title: '指标' });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 1000 });
    await everyView(shows, frame, 'chinese', width);
  }
  await page.setViewportSize({ width: 1400, height: 1000 });
  for (const tab of await frame.getByRole('tab').allInnerTexts()) {
    await frame.getByRole('tab', { name: tab, exact: true }).click();
    await page.waitForTimeout(900);
    await lookInto(frame, tab);
  }
  for (const [where, words] of left) console.log(`English in “${where}”: ${[...words].join(' ')}`);
}
