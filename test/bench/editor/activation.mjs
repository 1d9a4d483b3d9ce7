// What our start costs: our own code by the clock and by the processor, and the editor's own count beside that of an
// extension that does nothing and is asked for by the same events.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { begin, connect, isOurs, ownTime } from './inspector.mjs';

/**
 * Loads the bundle as the editor does (file read, compiled, evaluated) and calls its `activate`, and keeps when each began
 * and ended, with the processor time of the thread.
 */
const TIMED = `const seen = [];
const note = () => seen.push({ at: performance.now(), cpu: process.threadCpuUsage() });
note();
const code = require('./extension.js');
note();
exports.activate = (context) => {
  note();
  const made = code.activate(context);
  Promise.resolve(made).then(() => {
    note();
    const { writeFileSync } = require('node:fs');
    setTimeout(() => writeFileSync(process.env.TASKWEAVE_BENCH_SEEN, JSON.stringify(seen)), 3000);
  });
  return made;
};
`;

const CONTROL = 'bench.control';

/** Puts the timing main beside the installed bundle, and an extension that does nothing beside ours. */
export function instrument(extensions) {
  const name = readdirSync(extensions).find((one) => one.startsWith('taskweave.'));
  const own = join(extensions, name);
  writeFileSync(join(own, 'dist', 'timed.js'), TIMED);
  const control = join(extensions, `${CONTROL}-0.0.1`);
  mkdirSync(control, { recursive: true });
  writeFileSync(join(control, 'main.js'), 'exports.activate = () => {};\n');
  const listPath = join(extensions, 'extensions.json');
  const list = JSON.parse(readFileSync(listPath, 'utf8'));
  if (!list.some(({ identifier }) => identifier.id === CONTROL)) {
    const [first] = list;
    const location = { ...first.location, path: control };
    list.push({
      ...first,
      identifier: { id: CONTROL },
      version: '0.0.1',
      location,
      relativeLocation: `${CONTROL}-0.0.1`,
    });
    writeFileSync(listPath, JSON.stringify(list));
  }
  return { own, control };
}

/** Both are asked for by our events, and by those given. */
export function askedBy({ own, control }, more = []) {
  const path = join(own, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const activationEvents = [...manifest.activationEvents, ...more];
  writeFileSync(path, JSON.stringify({ ...manifest, activationEvents, main: './dist/timed.js' }));
  const { engines, extensionKind, capabilities } = manifest;
  writeFileSync(
    join(control, 'package.json'),
    JSON.stringify({
      ...{ name: 'control', publisher: 'bench', version: '0.0.1', displayName: 'Control of the bench' },
      ...{ main: './main.js', engines, extensionKind, capabilities, activationEvents },
    }),
  );
}

/** One window: milliseconds of our own code and of the editor's counts. */
export async function started(open) {
  const file = join(tmpdir(), `tw-bench-seen-${process.pid}.json`);
  rmSync(file, { force: true });
  try {
    return await open(
      { env: { TASKWEAVE_BENCH_SEEN: file }, viewport: { width: 1400, height: 2000 } },
      async (vscode) => {
        const end = Date.now() + 120_000;
        while (!existsSync(file)) {
          if (Date.now() > end) throw new Error('the extension has not started in 120 s');
          await new Promise((later) => setTimeout(later, 200));
        }
        await vscode.command('Developer: Show Running Extensions');
        const rows = vscode.page.locator('.runtime-extensions-editor .monaco-list-row');
        await rows.filter({ hasText: 'Taskweave' }).first().waitFor({ timeout: 120_000 });
        const texts = await rows.allTextContents();
        // One whose count is 0 is not listed.
        const counted = (name) =>
          Number(/Activation:\s*(\d+)ms/.exec(texts.find((text) => text.startsWith(name)) ?? '')?.[1] ?? 0);
        const [begun, evaluated, called, resolved] = JSON.parse(readFileSync(file, 'utf8'));
        return {
          evaluate: between(begun, evaluated),
          activate: between(called, resolved),
          counted: counted('Taskweave'),
          control: counted('Control of the bench'),
        };
      },
    );
  } finally {
    rmSync(file, { force: true });
  }
}

function between(from, to) {
  const cpu = (to.cpu.user + to.cpu.system - from.cpu.user - from.cpu.system) / 1000;
  return { wall: to.at - from.at, cpu };
}

/** The first seconds of a window, seen from before our bundle is loaded: what is put off until later counts here too. */
export async function firstSeconds(open, port, seconds) {
  for (let attempt = 0; attempt < 3; attempt++) {
    const early = connect(port).then(async (inspector) => ({ inspector, end: await begin(inspector) }));
    const taken = await open({ inspect: port }, async () => {
      const { inspector, end } = await early;
      await new Promise((later) => setTimeout(later, seconds * 1000));
      const found = await end();
      inspector.close();
      return found;
    });
    if (hasLoading(taken)) return ownTime(taken);
  }
  throw new Error('the profile began after the extension had started, three times');
}

/** Whether Node's loader is seen to evaluate our bundle: names of what is shipped are not those of the sources. */
function hasLoading({ nodes }) {
  const bundles = new Set(
    nodes
      .filter(({ callFrame: { url } }) => isOurs(url) && url.endsWith('/extension.js'))
      .map(({ id }) => id),
  );
  return nodes.some(
    ({ callFrame, children = [] }) =>
      callFrame.url === 'node:internal/modules/cjs/loader' && children.some((id) => bundles.has(id)),
  );
}
