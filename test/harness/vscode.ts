/**
 * A real VS Code (the web server build) driven through Debian's Chromium. One `VSCode` is one server with data,
 * extensions and temporary folders of its own; one window is one page of one browser.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Frame, type Locator, type Page } from 'playwright-core';
import { harnessPrograms } from './install.mjs';

export const root = resolve(import.meta.dirname, '..', '..');

export interface VSCodeOptions {
  /** Folder (or `.code-workspace` file) to open; created by the caller. */
  readonly workspace: string;
  /** Open this file alone instead, without its folder. */
  readonly file?: string;
  /** Folder of the extension under development; absent: none (installed ones are used). */
  readonly extension?: string;
  /** Module whose `run()` the extension host executes. */
  readonly tests?: string;
  /** Folder of installed extensions, as `installExtension` fills it; absent: an empty one. */
  readonly extensions?: string;
  /** Language of the extension, `zh-cn` for instance; VS Code's own words stay English. Absent: English. */
  readonly language?: string;
  /** Leave the folder untrusted (Restricted Mode). */
  readonly restricted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Port on which the extension host's inspector listens. */
  readonly inspect?: number;
  readonly viewport?: { readonly width: number; readonly height: number };
}

const QUIET_SETTINGS = {
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'window.commandCenter': false,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
};

/** Installs a packed extension into a folder that windows can be opened with. */
export async function installExtension(vsix: string, extensions: string): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'tw-install-'));
  try {
    await runOnce([...serverArguments(data, extensions), '--install-extension', vsix], process.env);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** A language pack without words: VS Code takes the language from it, and extensions take theirs. */
function writeLanguagePack(data: string, language: string): void {
  const words = join(data, 'words.json');
  writeFileSync(words, JSON.stringify({ contents: {} }));
  const extensions = [{ extensionIdentifier: { id: 'none.words' }, version: '1.0.0' }];
  const pack = { hash: 'none', extensions, label: language, translations: { vscode: words } };
  writeFileSync(join(data, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}

function serverArguments(data: string, extensions: string): readonly string[] {
  const folders = ['--server-data-dir', data, '--extensions-dir', extensions];
  return [harnessPrograms.server, '--accept-server-license-terms', ...folders];
}

const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export class VSCode {
  private constructor(
    private readonly server: ChildProcess,
    private readonly browser: Browser,
    private readonly folder: string,
    readonly page: Page,
    /** Whether the extension speaks English. */
    readonly isEnglish: boolean,
    /** Everything the extension tests printed, line by line. */
    readonly testLog: string[],
    /** Resolves with the code the extension tests ended with. */
    readonly testExit: Promise<number>,
  ) {}

  static async open(options: VSCodeOptions): Promise<VSCode> {
    const folder = mkdtempSync(join(tmpdir(), 'tw-'));
    mkdirSync(join(folder, 'tmp'), { recursive: true });
    // Settings of the machine (`scope: machine`) count only from the second of these.
    for (const owner of ['User', 'Machine']) {
      mkdirSync(join(folder, 'data/data', owner), { recursive: true });
      writeFileSync(
        join(folder, 'data/data', owner, 'settings.json'),
        JSON.stringify({ ...QUIET_SETTINGS, ...options.settings }),
      );
    }
    if (options.language) writeLanguagePack(join(folder, 'data/data'), options.language);
    const environment = {
      ...process.env,
      ...options.env,
      TMPDIR: join(folder, 'tmp'),
      XDG_RUNTIME_DIR: join(folder, 'tmp'),
      TASKWEAVE_CACHE_DIR: join(folder, 'cache'),
    };
    // Without it, folders of extensions and ports of inspectors are not taken from the window's address.
    const driver = options.extension !== undefined || options.inspect !== undefined;
    const server = spawn(
      harnessPrograms.node,
      [
        ...serverArguments(join(folder, 'data'), options.extensions ?? join(folder, 'extensions')),
        '--host',
        '127.0.0.1',
        '--port',
        '0',
        '--without-connection-token',
        '--telemetry-level',
        'off',
        '--reconnection-grace-time',
        '5',
        ...(driver ? ['--enable-smoke-test-driver'] : []),
        ...(options.restricted ? [] : ['--disable-workspace-trust']),
        ...(options.language ? ['--locale', options.language] : []),
      ],
      { env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let browser: Browser | undefined;
    try {
      const port = await listeningPort(server);
      browser = await chromium.launch({ executablePath: harnessPrograms.browser, args: BROWSER_ARGUMENTS });
      const context = await browser.newContext({
        viewport: options.viewport ?? { width: 1400, height: 900 },
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      // A loaded machine draws late.
      page.setDefaultTimeout(180_000);
      const testLog: string[] = [];
      const testExit = new Promise<number>((done) => {
        void page.exposeFunction('codeAutomationExit', (code: number) => done(code));
      });
      await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
        testLog.push(args.map(String).join(' '));
      });
      await page.goto(windowUrl(port, options), { timeout: 300_000 });
      return new VSCode(server, browser, folder, page, !options.language, testLog, testExit);
    } catch (error) {
      await browser?.close();
      stopTree(server);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.page.close().catch(() => undefined);
    await this.browser.close().catch(() => undefined);
    stopTree(this.server);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  /**
   * Opens quick input by keys, types what is looked for, and takes the entry that holds `row`. Quick input closes by
   * itself when anything takes the focus (an editor that opens, a panel that is restored), so it is asked for again
   * then. It shows entries of before for a while: what counts is the one that Enter would take.
   */
  private async ask(keys: readonly string[], text: string, row: string): Promise<void> {
    const found = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: row }).first();
    let reason: unknown;
    for (const timeout of [10_000, 10_000, 20_000, 40_000, 60_000]) {
      try {
        for (const key of keys) await this.page.keyboard.press(key);
        await this.quickInput.waitFor({ state: 'visible', timeout });
        await this.quickInput.fill(text, { timeout });
        await found.waitFor({ timeout });
        await this.quickInput.press('Enter', { timeout });
        return;
      } catch (error) {
        reason = error;
        await this.page.keyboard.press('Escape');
      }
    }
    throw reason;
  }

  private get quickInput(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-box input');
  }

  /** Chooses a colour theme by the name that VS Code shows. */
  async theme(name: string): Promise<void> {
    await this.ask(['Control+K', 'Control+T'], name, name);
  }

  /** Runs a command by its palette title, as a person would. */
  async command(title: string): Promise<void> {
    await this.ask(['Control+Shift+P'], `>${title}`, title);
  }

  /** Whether the palette offers a command of this title, once its list has come to rest. */
  async offers(title: string): Promise<boolean> {
    await this.page.keyboard.press('Control+Shift+P');
    await this.quickInput.waitFor({ state: 'visible' });
    await this.quickInput.fill(`>${title}`);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    let before: readonly string[] = [];
    for (;;) {
      await this.page.waitForTimeout(1000);
      const now = await rows.allTextContents();
      if (now.length > 0 && now.join() === before.join()) break;
      before = now;
    }
    await this.page.keyboard.press('Escape');
    return before.some((text) => text.includes(title));
  }

  /** Chooses an entry of the open quick pick. */
  async pick(text: string, timeout = 180_000): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
    await row.click({ timeout });
  }

  /** Opens a file of the workspace by name. */
  async openFile(name: string): Promise<void> {
    await this.ask(['Control+P'], name, name);
    await this.page
      .getByRole('tab', { name: new RegExp(escapeRegExp(name)) })
      .first()
      .waitFor();
  }

  /**
   * Reloads the window as a person does: by its command, before which the editor keeps what it restores. A page that is
   * loaded anew by its browser keeps only what was kept in time, every 5 s.
   */
  async reload(): Promise<void> {
    for (const timeout of [30_000, 60_000, 120_000]) {
      const loaded = this.page.waitForEvent('domcontentloaded', { timeout }).then(
        () => true,
        () => false,
      );
      await this.command('Developer: Reload Window');
      if (await loaded) return;
    }
    throw new Error('the window does not reload');
  }

  /** Items of a tree view, by the view's title. */
  tree(title: string): Locator {
    return this.page.getByRole('tree', { name: new RegExp(escapeRegExp(title)) }).getByRole('treeitem');
  }

  /** Shows a container of views; a click on one that is shown would hide it. */
  async showContainer(title: string): Promise<void> {
    const tab = this.page.getByRole('tab', { name: title }).first();
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  /** The document inside a webview, by its title; waits until it is there. */
  async webview(title: string, timeout = 180_000): Promise<Frame> {
    const end = Date.now() + timeout;
    for (;;) {
      for (const frame of this.page.frames()) {
        const element = await frame.frameElement().catch(() => undefined);
        if (!element) continue;
        const id = await element.getAttribute('id').catch(() => null);
        const name = await element.getAttribute('title').catch(() => null);
        if (id === 'active-frame' && name?.includes(title)) return frame;
      }
      if (Date.now() > end) throw new Error(`no webview titled "${title}" after ${timeout} ms`);
      await this.page.waitForTimeout(100);
    }
  }

  async screenshot(name: string): Promise<void> {
    const folder = join(root, 'test', 'output', 'screenshots');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  }
}

function windowUrl(port: number, options: VSCodeOptions): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (options.extension) payload.push(['extensionDevelopmentPath', remote(options.extension)]);
  if (options.tests) payload.push(['extensionTestsPath', remote(options.tests)]);
  if (options.inspect) payload.push(['inspect-extensions', String(options.inspect)]);
  if (options.file) payload.push(['openFile', remote(options.file)]);
  const what = options.workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const opened = options.file ? 'ew=true' : `${what}=${encodeURIComponent(options.workspace)}`;
  const query = `${opened}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  return `http://127.0.0.1:${port}/?${query}`;
}

function listeningPort(server: ChildProcess): Promise<number> {
  return new Promise((done, fail) => {
    let text = '';
    const timer = setTimeout(
      () => fail(new Error(`VS Code's server said no port within 180 s:\n${text}`)),
      180_000,
    );
    const look = (chunk: Buffer) => {
      text += chunk.toString();
      const found = /Extension host agent listening on (\d+)/.exec(text);
      if (!found) return;
      clearTimeout(timer);
      done(Number(found[1]));
    };
    server.stdout?.on('data', look);
    server.stderr?.on('data', look);
    server.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`VS Code's server ended with ${code}:\n${text}`));
    });
  });
}

function runOnce(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(harnessPrograms.node, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.once('exit', (code) =>
      code === 0 ? done() : fail(new Error(`install failed (${code}):\n${text}`)),
    );
  });
}

function stopTree(server: ChildProcess): void {
  if (server.pid === undefined) return;
  try {
    process.kill(-server.pid, 'SIGTERM');
  } catch {
    // already gone
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
