// `node test/tools/pictures.mjs [folder] [part …]`: pictures of the sidebar, the file and every view of the panel in four
// themes and two widths, of an experiment with many tasks, of a large one, in Chinese, of the report, the log, a notice and
// Restricted Mode, to be looked at; those of the README (`media/`) are among them. Parts: `file`, `panel`, `many`, `large`,
// `chinese`, `beside`, `restricted`; absent: all. Uses the real VS Code
// of the editor suites and the extension as it ships.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import esbuild from 'esbuild';
import { installHarness } from '../harness/install.mjs';
import { pack } from './pack.mjs';
import { chinese } from './pictures-chinese.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = process.argv[2] ?? join(root, 'test', 'output', 'pictures');
const parts = process.argv.slice(3);
const THEMES = ['Light Modern', 'Dark Modern', 'Dark High Contrast', 'Light High Contrast'];
const WIDTHS = [1400, 400];
const SETTINGS = { 'editor.minimap.enabled': false, 'workbench.colorTheme': THEMES[0] };
const LONG = { timeout: 120_000 };
const scratch = mkdtempSync(join(tmpdir(), 'tw-pictures-'));
const extensions = join(scratch, 'extensions');

/** TypeScript of the tests, as a module; its folder must be two below the root, where the harness looks for it. */
async function load(source, name) {
  const outfile = join(root, 'test', 'output', `${name}.mjs`);
  const how = { bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' };
  await esbuild.build({
    entryPoints: [join(root, source)],
    outfile,
    external: ['playwright-core'],
    ...how,
  });
  return import(pathToFileURL(outfile).href);
}

installHarness();
const { VSCode, installExtension } = await load('test/harness/vscode.ts', 'harness');
const named = (...words) =>
  words.join('-').toLowerCase().replaceAll(' ', '-').replaceAll('λ', 'lambda').replaceAll('/', '-');

/** A new folder, filled; a window on it; both gone at the end. */
async function inWindow(name, fill, act, options = {}) {
  const workspace = join(scratch, name);
  mkdirSync(workspace);
  await fill(workspace);
  const vscode = await VSCode.open({ extensions, workspace, settings: SETTINGS, ...options });
  const { page } = vscode;
  const shows = {
    vscode,
    page,
    picture: (...words) =>
      page.screenshot({ path: join(folder, `${named(...words)}.png`), animations: 'disabled' }),
    lens: (text) => page.locator('.codelens-decoration a', { hasText: text }).first(),
    /** The first word of a line of the file. */
    word: (text) =>
      page
        .locator('.view-line', { hasText: `${text}:` })
        .first()
        .getByText(text, { exact: true })
        .first(),
  };
  try {
    await page.getByRole('tab', { name: 'Taskweave' }).first().waitFor(LONG);
    await vscode.showContainer('Taskweave');
    await act(shows);
  } finally {
    await vscode.close();
  }
}

function taskweave(workspace, ...words) {
  const [installed] = readdirSync(extensions).filter((name) => name.startsWith('taskweave'));
  const cli = join(extensions, installed, 'dist', 'cli.js');
  execFileSync(process.execPath, [cli, ...words], { cwd: workspace, stdio: 'ignore' });
}

/** A run of the orchard. */
function orchard(workspace) {
  taskweave(workspace, 'init', '-t', 'wide', '.');
  taskweave(workspace, 'run', 'orchard.mtl.yaml', '--json');
}

/** Stays over a thing until the editor says something about it. */
async function pointAt({ page }, place) {
  const { x, y, width, height } = await place.boundingBox();
  await page.mouse.move(x + width / 2 - 8, y + height / 2);
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
  await page.locator('.monaco-hover:visible').first().waitFor(LONG);
  await page.waitForTimeout(500);
}

/** Puts the cursor before the bracket that ends a line. */
async function editEnd({ page }, place) {
  await place.click();
  for (const key of ['Home', 'End', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
}

/**
 * Runs the orchard twice, the second time with fewer trees, and leaves a third number in the file, at its top.
 * @param words of the language, @param look what is looked at while a run trains, and when it has ended
 */
async function twoRuns(shows, words, { training, ended = () => {} }) {
  const { vscode, page, lens, word } = shows;
  for (let run = 0; run < 2; run++) {
    await lens(words.run).click();
    await page.locator('[id="taskweave.taskweave.run"]').waitFor(LONG);
    await page.waitForTimeout(1500);
    await vscode.openFile('orchard.mtl.yaml');
    await training(run);
    await vscode.tree(words.runs).filter({ hasText: words.best }).nth(run).waitFor(LONG);
    await ended(run);
    await editEnd(shows, word('forest'));
    if (run === 0) for (let i = 0; i < 3; i++) await page.keyboard.press('Backspace');
    await page.keyboard.type(run === 0 ? '20' : '0');
    await page.keyboard.press('Control+S');
  }
  await vscode.command('View: Close Other Editors in Group');
  await vscode.command('View: Close Editors in Other Groups');
  await page.keyboard.press('Control+Home');
}

async function file(shows) {
  const { vscode, page, picture, lens, word } = shows;
  await page.locator('.welcome-view .monaco-button').first().waitFor(LONG);
  await picture('empty');
  await vscode.command('Taskweave: New Experiment from a Template');
  await vscode.pick('wide');
  await page.locator('.quick-input-widget .quick-input-message').waitFor();
  await page.keyboard.press('Enter');
  await lens('Run').waitFor(LONG);
  await twoRuns(shows, ENGLISH, { training: (run) => picture(`training-${run}`) });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const theme of THEMES) {
      await vscode.theme(theme);
      await page.waitForTimeout(1500);
      await picture(theme, width);
      if (width === 400) continue;
      await pointAt(shows, word('linear'));
      await picture(theme, 'hover');
      await page.mouse.move(700, 880);
    }
  }
  await page.setViewportSize({ width: 1400, height: 900 });
  for (const [view, text] of [
    ['Tasks', 'yield'],
    ['Base Models', 'linear'],
    ['Ensembles', 'weighted'],
    ['Runs', 'best'],
  ]) {
    const item = vscode.tree(view).filter({ hasText: text }).first();
    await pointAt(shows, item);
    await picture('tooltip', view);
    await item.click({ button: 'right' });
    await page.waitForTimeout(600);
    await picture('menu', view);
    await page.keyboard.press('Escape');
  }
  await vscode.openFile('orchard.mtl.yaml');
  await editEnd(shows, word('ridge'));
  await page.keyboard.type('x');
  await page.locator('.squiggly-error').first().waitFor(LONG);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+.');
  await page.waitForTimeout(1500);
  await picture('quick-fix');
  for (const key of ['Escape', 'ArrowRight', 'Backspace']) await page.keyboard.press(key);
  await page.keyboard.type(', ');
  await page.keyboard.press('Control+Space');
  await page.waitForTimeout(1500);
  await picture('completion');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+O');
  await page.waitForTimeout(1000);
  await picture('outline');
  await page.keyboard.press('Escape');
  await vscode.command('Taskweave: Get Started');
  await page.waitForTimeout(2500);
  await picture('walkthrough');
}

/** The panel alone, in the whole window. */
async function openPanel({ vscode, page, lens }, name, words) {
  await vscode.openFile(`${name}.mtl.yaml`);
  await lens(words.lens).click();
  await vscode.webview(words.title);
  await vscode.command('View: Close Editors in Other Groups');
  await page.keyboard.press('Control+B');
  return vscode.webview(words.title);
}

const ENGLISH = { lens: 'Open metrics', title: 'Metrics', run: 'Run', runs: 'Runs', best: 'best' };

/** Every view, and its end where it is longer than the window. */
async function everyView({ page, picture }, frame, ...words) {
  for (const tab of await frame.getByRole('tab').allInnerTexts()) {
    await frame.getByRole('tab', { name: tab, exact: true }).click();
    await page.waitForTimeout(900);
    await picture(...words, tab);
    if (!(await frame.evaluate('document.documentElement.scrollHeight > innerHeight + 40'))) continue;
    await frame.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    await page.waitForTimeout(300);
    await picture(...words, tab, 'end');
    await frame.evaluate('scrollTo(0, 0)');
  }
}

async function panel(shows) {
  const { vscode, page } = shows;
  const frame = await openPanel(shows, 'orchard', ENGLISH);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 1000 });
    for (const theme of THEMES) {
      await vscode.theme(theme);
      await everyView(shows, frame, 'panel', theme, width);
    }
  }
}

/** Sixteen tasks and two nets: curves as distributions, models drawn beside each other. */
function manyTasks(workspace) {
  const ids = Array.from({ length: 16 }, (_, t) => `y${t}`);
  const rows = Array.from({ length: 120 }, (_, i) => {
    const x = [1.7, 2.7, 3.7, 4.7].map((f) => Math.sin(i * f));
    return [...x, ...ids.map((_, t) => x[t % 4] + 0.3 * Math.cos(i * (t + 2.3)))].join(',');
  });
  writeFileSync(
    join(workspace, 'many.csv'),
    `${['x1,x2,x3,x4', ids.join(',')].join(',')}\n${rows.join('\n')}\n`,
  );
  const net = (width) => `{ kind: neural, hidden: [${width}], epochs: 60, early_stopping: false }`;
  writeFileSync(
    join(workspace, 'many.mtl.yaml'),
    `data: { source: many.csv, test: 0.25, folds: 2, seed: 3 }
tasks:
${ids.map((id) => `  ${id}: { target: ${id} }`).join('\n')}
models:
  net: ${net(8)}
  wide: ${net(16)}
ensembles:
  best: { combine: greedy }
`,
  );
  taskweave(workspace, 'run', 'many.mtl.yaml', '--json');
}

async function many(shows) {
  const { page, picture } = shows;
  const frame = await openPanel(shows, 'many', ENGLISH);
  await everyView(shows, frame, 'many');
  await frame.getByRole('tab', { name: 'Curves', exact: true }).click();
  await frame.getByRole('button', { name: 'Draw beside' }).click();
  await frame.getByText('wide', { exact: true }).last().click();
  await page.waitForTimeout(2000);
  await picture('many-beside');
}

/** A thousand tasks in groups, and more runs than are listed at once. */
async function large({ vscode, page, picture }) {
  await vscode.tree('Tasks').first().waitFor(LONG);
  await vscode.tree('Tasks').filter({ hasText: 'helped' }).first().locator('.monaco-tl-twistie').click();
  await page.waitForTimeout(1500);
  await picture('large');
  for (const view of ['Tasks', 'Runs']) {
    await vscode.tree(view).last().click();
    await page.keyboard.press('End');
    await page.waitForTimeout(1500);
    await picture('large', view);
  }
  await vscode.command('Taskweave: Search Tasks, Models and Runs');
  await page.keyboard.type('task00');
  await page.waitForTimeout(1000);
  await picture('large-search');
}

/** Four runs, each of another number of trees; the first file is the last again. */
function changing(workspace) {
  taskweave(workspace, 'init', '-t', 'wide', '.');
  const path = join(workspace, 'orchard.mtl.yaml');
  const text = readFileSync(path, 'utf8');
  for (const trees of [5, 10, 20, undefined]) {
    writeFileSync(path, trees === undefined ? text : text.replace(/trees: \d+/, `trees: ${trees}`));
    taskweave(workspace, 'run', 'orchard.mtl.yaml', '--json');
  }
}

/** What is beside the panel's views of one run: its report and its story, several runs compared, the notice at an end. */
async function beside(shows) {
  const { vscode, page, picture, lens } = shows;
  const frame = await openPanel(shows, 'orchard', ENGLISH);
  await frame.getByRole('tab', { name: 'Compare runs', exact: true }).click();
  await page.waitForTimeout(1500);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 1000 });
    await page.waitForTimeout(500);
    await picture('compare', width);
  }
  await page.setViewportSize({ width: 1400, height: 1000 });
  await vscode.command('Taskweave: Open Report');
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 1000 });
    for (const theme of THEMES) {
      await vscode.theme(theme);
      // Another kind of theme takes another frame.
      const report = await vscode.webview('Report');
      await report.getByRole('heading').first().waitFor(LONG);
      await page.waitForTimeout(1500);
      await picture('report', theme, width);
      await report.locator('figure').first().scrollIntoViewIfNeeded();
      await picture('report-plots', theme, width);
    }
  }
  await page.setViewportSize({ width: 1400, height: 900 });
  await vscode.theme(THEMES[0]);
  await vscode.openFile('orchard.mtl.yaml');
  await lens('Run').click();
  await page.locator('.notification-toast').first().waitFor(LONG);
  await page.waitForTimeout(800);
  await picture('notice');
  await vscode.command('Taskweave: Show Run Log');
  await page.waitForTimeout(2000);
  await picture('log');
}

async function restricted({ vscode, page, picture }) {
  await vscode.openFile('orchard.mtl.yaml');
  await page.waitForTimeout(3000);
  await picture('restricted');
  await vscode.command('Taskweave: Open Metrics');
  await vscode.webview('Metrics');
  await page.waitForTimeout(2000);
  await picture('restricted-panel');
}

const inChinese = (shows) =>
  chinese(shows, {
    workspace: join(scratch, 'chinese'),
    openPanel,
    everyView,
    pointAt,
    editEnd,
    twoRuns,
    widths: WIDTHS,
  });

const PARTS = {
  file: () => inWindow('file', () => undefined, file),
  panel: () => inWindow('panel', orchard, panel),
  many: () => inWindow('many', manyTasks, many),
  large: async () => {
    const { writeWorkspace } = await load('test/bench/editor/store.ts', 'bench-store');
    await inWindow('large', writeWorkspace, large);
  },
  chinese: () =>
    inWindow('chinese', () => undefined, inChinese, {
      language: 'zh-cn',
      settings: { ...SETTINGS, 'taskweave.notifyAfter': 0 },
    }),
  beside: () =>
    inWindow('beside', changing, beside, { settings: { ...SETTINGS, 'taskweave.notifyAfter': 0 } }),
  restricted: () => inWindow('restricted', orchard, restricted, { restricted: true }),
};

try {
  mkdirSync(folder, { recursive: true });
  pack(join(scratch, 'taskweave.vsix'));
  await installExtension(join(scratch, 'taskweave.vsix'), extensions);
  for (const [part, take] of Object.entries(PARTS))
    if (parts.length === 0 || parts.includes(part)) await take();
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
console.log(`Pictures are in ${folder}`);
