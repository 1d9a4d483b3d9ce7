// `npm run bench editor [start|trees|stream|panel]`: what the extension costs the editor, in the real VS Code (software rendering). Activation of
// our own code, beside an extension that does nothing; a tree of 1,000 tasks and 5,000 runs; the longest synchronous slice
// of our own in the extension host while four workers stream, beside controls in the same window: idle, and four
// processes that only count. Named parts are measured and said, and not written down.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import esbuild from 'esbuild';
import { installHarness } from '../harness/install.mjs';
import { pack } from '../tools/pack.mjs';
import { askedBy, firstSeconds, instrument, started } from './editor/activation.mjs';
import { connect, delays, ownTime, profile } from './editor/inspector.mjs';
import { drawing, pyramid, sizes } from './editor/panel.mjs';
import { writeSection } from './results.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const WINDOWS = 5;
const FIRST_SECONDS = 8;
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
const built = mkdtempSync(join(tmpdir(), 'tw-bench-built-'));
const { writeWorkspace } = await load('test/bench/editor/store.ts', 'bench-store');

const NOTES = [
  'VS Code counts from the moment it asks for an extension to the end of its `activate`, without what lies between the two. Extensions that one event asks for are',
  "asked for at once and loaded one after the other, so each is counted with the loading of those before it: so was ours beside the editor's own for JSON, which it asks",
  'for in every window. Taskweave no longer asks for JSON. Delays are measured while a profile runs, but not while it begins: that stops the process for',
  '60 to 100 ms of computing, and for as many times that as there are others at the processors (earlier tables had it as 537 ms).',
];

/** What ships, installed in a folder of its own: what people meet is measured. */
async function packed(act) {
  const extensions = mkdtempSync(join(built, 'extensions-'));
  await installExtension(join(built, 'taskweave.vsix'), extensions);
  return act(async (fill, options, watch) => {
    const workspace = mkdtempSync(join(tmpdir(), 'tw-bench-'));
    try {
      const made = fill(workspace);
      const vscode = await VSCode.open({ workspace, extensions, ...options });
      try {
        return await watch(vscode, made);
      } finally {
        await vscode.close();
      }
    } finally {
      rmSync(workspace, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
  }, extensions);
}

/** The tests' own workspace. */
function small(workspace) {
  cpSync(join(root, 'test', 'host', 'workspace'), workspace, { recursive: true });
}

/** A sweep of 500 configurations of a small net: fits and steps come all the time, for as long as anybody looks. */
function streaming(workspace) {
  small(workspace);
  writeFileSync(
    join(workspace, 'stream.mtl.yaml'),
    `data: { source: tiny.csv, test: 0.25, folds: 5, seed: 7 }
tasks:
  first: { target: first }
  second: { target: second }
models:
  net: { kind: neural, hidden: [16], epochs: 4000, early_stopping: false, lambda: { from: 0.001, to: 0.00001, points: 500 } }
`,
  );
}

/** Our own code and the editor's count of it, in windows one after the other. */
async function activation(open, extensions) {
  askedBy(instrument(extensions));
  const windows = [];
  for (let round = 0; round < WINDOWS; round++) windows.push(await started((...how) => open(small, ...how)));
  return windows;
}

/** The same in one window, as if we asked for JSON too. */
function activationWithJson(open, extensions) {
  askedBy(instrument(extensions), ['onLanguage:json']);
  return started((...how) => open(small, ...how));
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
function trees(open) {
  return open(writeWorkspace, { inspect: PORT }, async (vscode, made) => {
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
  });
}

/** Our own code in the extension host and how late its event loop comes: idle, beside other work, and streaming. */
function slices(open) {
  const settings = { 'taskweave.workers': 4 };
  return open(streaming, { inspect: PORT, settings }, async (vscode) => {
    const { page } = vscode;
    await page.getByRole('tab', { name: 'Taskweave' }).first().waitFor(LONG);
    await vscode.openFile('stream.mtl.yaml');
    await vscode.showContainer('Taskweave');
    await page.locator('.codelens-decoration a').first().waitFor(LONG);
    await sleep(3000);
    const inspector = await connect(PORT);
    const measured = () => delays(inspector, () => sleep(STREAM_SECONDS * 1000));
    const idle = await measured();
    const others = Array.from({ length: 4 }, () => spawn(process.execPath, ['-e', 'for (;;);']));
    const beside = await measured().finally(() => {
      for (const other of others) other.kill();
    });
    await vscode.command('Taskweave: Run Experiment');
    const frame = await vscode.webview('Metrics: stream');
    await frame.getByRole('tab', { name: 'Curves', exact: true }).click();
    await frame.locator('taskweave-plot .u-over').first().waitFor(LONG);
    await sleep(3000);
    const curves = await measured();
    await frame.getByRole('tab', { name: 'Fits', exact: true }).click();
    await sleep(3000);
    const fits = await measured();
    inspector.close();
    await vscode.command('Taskweave: Stop Run');
    await vscode.tree('Runs').filter({ hasText: 'cancelled' }).first().waitFor(LONG);
    return { idle, beside, curves, fits };
  });
}

/** The metrics panel: reading a pyramid as the query worker does, and what its own script and layout take. */
async function panel(open) {
  const read = pyramid(await load('src/store/steps/index.ts', 'bench-steps'));
  const drawn = await open(small, {}, (vscode) => drawing(vscode, read));
  return { ...read, ...drawn };
}

const row = (what, value, mark = '') => `| ${what} | ${value} | ${mark} |`;
const late = ({ late, computing }) => `${ms(late)} (${ms(computing)})`;

const parts = {
  async start() {
    const first = await packed((open) => firstSeconds((...how) => open(small, ...how), PORT, FIRST_SECONDS));
    const windows = await packed(activation);
    // Installed anew: the editor remembers what an installed extension asks for.
    const json = await packed(activationWithJson);
    const over = (read) => {
      const values = windows.map(read);
      return `${ms(median(values))} (${ms(Math.min(...values))} to ${ms(Math.max(...values))})`;
    };
    return [
      row(
        `activation, our own code: bundle read, compiled and evaluated, \`activate\` until it resolves; median of ${WINDOWS} windows (least to most)`,
        over(({ evaluate, activate }) => evaluate.wall + activate.wall),
        '50 ms',
      ),
      row(
        'of which the bundle',
        over(({ evaluate }) => evaluate.wall),
      ),
      row(
        'of which `activate`',
        over(({ activate }) => activate.wall),
      ),
      row(
        'the same sum in processor time of the thread',
        over(({ evaluate, activate }) => evaluate.cpu + activate.cpu),
      ),
      row(
        'activation as VS Code counts it',
        over(({ counted }) => counted),
        '50 ms',
      ),
      row(
        'an extension that does nothing, asked for by the same events, as VS Code counts it (control)',
        over(({ control }) => control),
      ),
      row(
        'both had they asked for `onLanguage:json`, as before: ours; the control',
        `${ms(json.counted)}; ${ms(json.control)}`,
      ),
      row(
        `first ${FIRST_SECONDS} s of a window, profiled, with what is put off until after activation: longest slice of our own; all`,
        `${ms(first.longest)}; ${ms(first.total)}`,
      ),
    ];
  },

  async trees() {
    const tree = await packed(trees);
    return [
      row(
        `group of 250 of ${tree.tasks} tasks expands (${tree.runs} runs in the store): click to first row, median of ${tree.rounds}`,
        ms(tree.shown),
        '100 ms',
      ),
      row('of which our own code in the extension host', ms(tree.own)),
      row('everything read anew: longest slice of our own', ms(tree.refresh.longest), '50 ms'),
    ];
  },

  async stream() {
    const { idle, beside, curves, fits } = await packed(slices);
    const share = ({ total }) => `${((100 * total) / (STREAM_SECONDS * 1000)).toFixed(1)} %`;
    return [
      row(
        `4 workers streaming a sweep of 500 configurations, curves in view, ${STREAM_SECONDS} s: longest slice of our own`,
        ms(curves.longest),
        '50 ms',
      ),
      row('the same with the table of all fits in view', ms(fits.longest), '50 ms'),
      row('the same, idle (control)', ms(idle.longest)),
      row('our own part of the time: curves; fits; idle', [curves, fits, idle].map(share).join('; ')),
      row(
        'event loop of the extension host latest by (of which it was computing), streaming: curves; fits',
        `${late(curves)}; ${late(fits)}`,
      ),
      row('the same, 4 processes that only count in place of the workers (control)', late(beside)),
      row('the same, idle (control)', late(idle)),
    ];
  },

  async panel() {
    const shown = await packed(panel);
    return [
      row(
        `metrics panel: first contentful paint from the start of its document, median of ${shown.opened}`,
        ms(shown.paint),
        '300 ms',
      ),
      row('the same, largest contentful paint: the leaderboard stands', ms(shown.stands)),
      row(
        `${sizes.ROWS.toLocaleString('en')} rows × ${sizes.COLUMNS} columns scrolled: script and layout a frame, 95th percentile`,
        `${ms(shown.scroll)} (median ${ms(shown.scrollMedian)})`,
        '8 ms',
      ),
      row(
        `${sizes.CURVES} curves × ${sizes.POINTS.toLocaleString('en')} points: read from a warm pyramid (${shown.megabytes.toFixed(0)} MB)`,
        ms(shown.read),
      ),
      row(
        'the same drawn, two points a stretch; with the reading',
        `${ms(shown.draw)}; ${ms(shown.read + shown.draw)}`,
        '150 ms',
      ),
      row('the same with one more point a curve: drawn', ms(shown.append), '10 ms'),
      row('the same from the message that brings it: checked, applied, drawn', ms(shown.arrive)),
    ];
  },
};

const wanted = process.argv.slice(2).filter((name) => name in parts);
const rows = [];
try {
  pack(join(built, 'taskweave.vsix'));
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const measured = await measure();
    console.log(measured.join('\n'));
    rows.push(...measured);
  }
} finally {
  rmSync(built, { recursive: true, force: true });
}
if (wanted.length === 0) {
  writeSection(
    'editor',
    [
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model.trim()}), Node ${process.version}, VS Code in headless Chromium (software rendering).`,
      '',
      '| what | measured | mark |',
      '|:--|--:|--:|',
      ...rows,
      '',
      ...NOTES,
    ].join('\n'),
  );
}
