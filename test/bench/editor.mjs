// `npm run bench editor`: what the extension costs the editor, in the real VS Code (software rendering). Activation of
// our own code; a tree of 1,000 tasks and 5,000 runs; the longest synchronous slice of our own in the extension host
// while four workers stream, beside an idle control in the same run.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import esbuild from 'esbuild';
import { installHarness } from '../harness/install.mjs';
import { pack } from '../tools/pack.mjs';
import { connect, ownTime, profile } from './editor/inspector.mjs';
import { drawing, pyramid, sizes } from './editor/panel.mjs';
import { writeSection } from './results.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const ROUNDS = 3;
const STREAM_SECONDS = 15;
const PORT = 9333;

/** TypeScript of the tests, as a module; its folder must be two below the root, where the harness looks for it. */
async function load(source, name) {
  const outfile = join(root, 'test', 'output', `${name}.mjs`);
  mkdirSync(dirname(outfile), { recursive: true });
  await esbuild.build({
    entryPoints: [join(root, source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['playwright-core'],
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const ms = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const sleep = (time) => new Promise((later) => setTimeout(later, time));
const LONG = { timeout: 120_000 };

await installHarness();
const { VSCode, installExtension } = await load('test/harness/vscode.ts', 'harness');
const { writeWorkspace } = await load('test/bench/editor/store.ts', 'bench-store');

async function inWindow(fill, act, options = {}) {
  const workspace = mkdtempSync(join(tmpdir(), 'tw-bench-'));
  try {
    const made = fill(workspace);
    const vscode = await VSCode.open({ extension: root, workspace, ...options });
    try {
      return await act(vscode, made);
    } finally {
      await vscode.close();
    }
  } finally {
    rmSync(workspace, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** The tests' own workspace; what is slow there goes on for as long as anybody looks. */
function small(workspace) {
  cpSync(join(root, 'test', 'host', 'workspace'), workspace, { recursive: true });
  const slow = join(workspace, 'slow.mtl.yaml');
  writeFileSync(slow, readFileSync(slow, 'utf8').replace(/epochs: \d+/, 'epochs: 100000'));
}

/** What ships, installed: activation and first paint are those that people meet. */
async function packed(act) {
  const folder = mkdtempSync(join(tmpdir(), 'tw-bench-packed-'));
  try {
    const extensions = join(folder, 'extensions');
    pack(join(folder, 'taskweave.vsix'));
    await installExtension(join(folder, 'taskweave.vsix'), extensions);
    return await act(extensions);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What VS Code itself says about our activation: loading the code, and calling `activate`. */
async function activation(extensions) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(
      await inWindow(
        small,
        async (vscode) => {
          await vscode.page.getByRole('tab', { name: 'Taskweave' }).first().waitFor(LONG);
          await sleep(3000);
          await vscode.command('Developer: Show Running Extensions');
          const row = vscode.page.locator('.runtime-extensions-editor .monaco-list-row', {
            hasText: 'Taskweave',
          });
          await row.first().waitFor(LONG);
          const [, time] = /Activation:\s*(\d+)ms/.exec(await row.first().textContent()) ?? [];
          return Number(time);
        },
        { extension: undefined, extensions, viewport: { width: 1400, height: 2000 } },
      ),
    );
  }
  return median(times);
}

/** Runs in the window: milliseconds from the pointer's press to the frame after the first row of a task is there. */
const FIRST_ROW = `new Promise((done) => {
  let begun;
  addEventListener('pointerdown', ({ timeStamp }) => (begun = timeStamp), { capture: true, once: true });
  const seen = new MutationObserver(() => {
    const rows = document.querySelectorAll('.part.sidebar .monaco-list-row');
    if (begun === undefined || ![...rows].some((row) => /task\\d{4}/.test(row.textContent))) return;
    seen.disconnect();
    requestAnimationFrame(() => done(performance.now() - begun));
  });
  seen.observe(document.body, { childList: true, subtree: true, characterData: true });
})`;

/** From the click to the first row below, and our own part of it in the extension host. */
async function trees() {
  return inWindow(
    writeWorkspace,
    async (vscode, made) => {
      const { page } = vscode;
      await page.getByRole('tab', { name: 'Taskweave' }).first().waitFor(LONG);
      await vscode.showContainer('Taskweave');
      const tasks = vscode.tree('Tasks');
      const runs = vscode.tree('Runs');
      await tasks.filter({ hasText: 'helped' }).first().waitFor(LONG);
      await runs
        .filter({ hasText: '2026' })
        .or(runs.filter({ hasText: 'best' }))
        .first()
        .waitFor(LONG);
      const inspector = await connect(PORT);
      const shown = [];
      const own = [];
      // A group a round: the editor keeps what it was told of one that was open before.
      for (const group of ['helped', 'no difference shown', 'negative transfer']) {
        const item = tasks.filter({ hasText: group }).first();
        const taken = await profile(inspector, async () => {
          const first = page.evaluate(FIRST_ROW);
          await item.click();
          shown.push(await first);
          await sleep(300);
        });
        own.push(ownTime(taken).total);
        await page.keyboard.press('ArrowLeft');
        await tasks
          .filter({ hasText: /task\d{4}/ })
          .first()
          .waitFor({ state: 'detached', ...LONG });
      }
      let refreshed = 0;
      const taken = await profile(inspector, async () => {
        const begun = performance.now();
        await vscode.command('Taskweave: Refresh');
        await sleep(2000);
        refreshed = performance.now() - begun;
      });
      inspector.close();
      return {
        ...made,
        shown: median(shown),
        rounds: shown.length,
        own: median(own),
        refresh: ownTime(taken),
        refreshed,
      };
    },
    { inspect: PORT },
  );
}

/** The longest stretch of our own code, idle and while four workers stream into the trees, the file and the panel. */
async function slices() {
  return inWindow(
    small,
    async (vscode) => {
      const { page } = vscode;
      await page.getByRole('tab', { name: 'Taskweave' }).first().waitFor(LONG);
      await vscode.openFile('slow.mtl.yaml');
      await vscode.showContainer('Taskweave');
      await page.locator('.codelens-decoration a').first().waitFor(LONG);
      await sleep(3000);
      const inspector = await connect(PORT);
      const idle = await measured(inspector);
      await vscode.command('Taskweave: Run Experiment');
      await page.locator('[id="taskweave.taskweave.run"]').waitFor(LONG);
      const streaming = await measured(inspector);
      inspector.close();
      await vscode.command('Taskweave: Stop Run');
      await vscode.tree('Runs').filter({ hasText: 'cancelled' }).first().waitFor(LONG);
      return { idle, streaming };
    },
    { inspect: PORT, settings: { 'taskweave.workers': 4 } },
  );
}

/** Our own time, and how late the event loop came at worst. */
async function measured(inspector) {
  const evaluate = async (expression) =>
    (await inspector.send('Runtime.evaluate', { expression, returnByValue: true })).result.value;
  await evaluate(
    `globalThis.twDelay = process.getBuiltinModule('perf_hooks').monitorEventLoopDelay({ resolution: 5 }); twDelay.enable(); 0`,
  );
  const taken = await profile(inspector, () => sleep(STREAM_SECONDS * 1000));
  const delay = await evaluate('twDelay.disable(); twDelay.max / 1e6');
  return { ...ownTime(taken), delay };
}

/** The metrics panel: reading a pyramid as the query worker does, and what its own script and layout take. */
async function panel(extensions) {
  const read = pyramid(await load('src/store/steps/index.ts', 'bench-steps'));
  const drawn = await inWindow(small, (vscode) => drawing(vscode, read), {
    extension: undefined,
    extensions,
  });
  return { ...read, ...drawn };
}

const [shown, started] = await packed(async (extensions) => [
  await panel(extensions),
  await activation(extensions),
]);
const tree = await trees();
const slice = await slices();
const row = (what, value, mark) => `| ${what} | ${value} | ${mark} |`;
const text = [
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model.trim()}), Node ${process.version}, VS Code in headless Chromium (software rendering).`,
  '',
  '| what | measured | mark |',
  '|:--|--:|--:|',
  row(`activation as VS Code counts it, median of ${ROUNDS} windows`, ms(started), '50 ms'),
  row(
    `group of 250 of ${tree.tasks} tasks expands (${tree.runs} runs in the store): click to first row, median of ${tree.rounds}`,
    ms(tree.shown),
    '100 ms',
  ),
  row('of which our own code in the extension host', ms(tree.own), ''),
  row('everything read anew: longest slice of our own', ms(tree.refresh.longest), '50 ms'),
  row(
    `4 workers streaming for ${STREAM_SECONDS} s: longest slice of our own`,
    ms(slice.streaming.longest),
    '50 ms',
  ),
  row('the same, idle (control)', ms(slice.idle.longest), ''),
  row(
    'our own CPU time while streaming, of all',
    `${((100 * slice.streaming.total) / (STREAM_SECONDS * 1000)).toFixed(1)} %`,
    '',
  ),
  row(
    `metrics panel: first contentful paint from the start of its document, median of ${shown.opened}`,
    ms(shown.paint),
    '300 ms',
  ),
  row('the same, largest contentful paint: the leaderboard stands', ms(shown.stands), ''),
  row(
    `${sizes.ROWS.toLocaleString('en')} rows × ${sizes.COLUMNS} columns scrolled: script and layout a frame, 95th percentile`,
    `${ms(shown.scroll)} (median ${ms(shown.scrollMedian)})`,
    '8 ms',
  ),
  row(
    `${sizes.CURVES} curves × ${sizes.POINTS.toLocaleString('en')} points: read from a warm pyramid (${shown.megabytes.toFixed(0)} MB)`,
    ms(shown.read),
    '',
  ),
  row(
    'the same drawn, two points a stretch; with the reading',
    `${ms(shown.draw)}; ${ms(shown.read + shown.draw)}`,
    '150 ms',
  ),
  row('the same with one more point a curve: drawn', ms(shown.append), '10 ms'),
  row('the same from the message that brings it: checked, applied, drawn', ms(shown.arrive), ''),
  row('event loop of the extension host latest by, streaming', ms(slice.streaming.delay), ''),
  row('the same, idle (control)', ms(slice.idle.delay), ''),
].join('\n');
console.log(text);
writeSection('editor', text);
