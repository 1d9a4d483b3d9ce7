/** What a person does in several tests. */
import type { Frame, Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { VSCode } from '../harness/vscode';
import { runFolders } from './workspace';

/** Longest wait for a thing that comes of itself, in milliseconds: a machine may be many times slower than another. */
export const LONG = 180_000;

/** How long is waited for what an attempt should bring, attempt after attempt, in milliseconds. */
const PATIENCE = [15_000, 30_000, 60_000, 75_000];
/** The same for what would happen twice when it is asked for again too early. */
const MORE_PATIENCE = [60_000, 60_000, 60_000];

/**
 * Does something until it shows: a key or a click that comes while the window is busy with itself (a panel takes the
 * focus, a tree is drawn anew) is lost, and a person would do it again.
 */
export async function untilSeen(
  act: () => Promise<void>,
  seen: () => Promise<boolean>,
  patience: readonly number[] = PATIENCE,
): Promise<void> {
  let reason: unknown;
  for (const time of patience) {
    const end = Date.now() + time;
    try {
      await act();
    } catch (error) {
      reason = error;
    }
    do {
      if (await seen().catch(() => false)) return;
      await new Promise((done) => setTimeout(done, 200));
    } while (Date.now() < end);
  }
  throw new Error(`nothing came of it: ${act}`, { cause: reason });
}

/** Presses a key until what it opens is there. */
export async function press(vscode: VSCode, key: string, opens: Locator): Promise<void> {
  await untilSeen(
    () => vscode.page.keyboard.press(key),
    () => opens.first().isVisible(),
  );
}

/** Replaces a text of the file in the editor everywhere, by the editor's own find and replace. */
export async function replaceInFile(vscode: VSCode, from: string, to: string): Promise<void> {
  const { page } = vscode;
  const widget = page.locator('.editor-widget.find-widget.visible');
  await page.locator('.view-line').first().click();
  await press(vscode, 'Control+H', widget.locator('.replace-part'));
  await widget.locator('.find-part textarea').first().fill(from);
  await widget.locator('.replace-part textarea').first().fill(to);
  await untilSeen(
    () => page.keyboard.press('Control+Alt+Enter'),
    async () => (await page.locator('.view-line', { hasText: to }).count()) > 0,
  );
  await page.keyboard.press('Escape');
}

/** Goes to the newest run of the first experiment by the keyboard. */
export async function focusFirstRun(vscode: VSCode): Promise<void> {
  await vscode.command('Taskweave: Focus on Runs View');
  const focused = vscode.page.locator('.monaco-list:focus .monaco-list-row.focused', {
    hasText: /\d\d:\d\d/,
  });
  await untilSeen(
    async () => {
      await vscode.page.keyboard.press('Home');
      await vscode.page.keyboard.press('ArrowDown');
    },
    () => focused.first().isVisible(),
  );
}

/** A message of the editor, as a toast or in the notification centre. */
export function notice(vscode: VSCode, text: string | RegExp): Locator {
  return vscode.page.locator('.notification-list-item', { hasText: text }).first();
}

/** Presses the button of a message; a toast that has gone by itself is in the notification centre. */
export async function answerNotice(
  vscode: VSCode,
  text: string | RegExp,
  button: string,
  came: () => Promise<boolean>,
): Promise<void> {
  const pressed = notice(vscode, text).getByRole('button', { name: button });
  await untilSeen(
    async () => {
      if (!(await pressed.isVisible())) await vscode.command('Notifications: Show Notifications');
      await pressed.click({ timeout: 10_000 });
    },
    came,
    MORE_PATIENCE,
  );
}

/** Asks for something that asks back: entries of a quick pick by their text, and what is typed into a box. */
export async function converse(
  vscode: VSCode,
  ask: () => Promise<void>,
  answers: readonly (string | { readonly typed: string })[],
  came: () => Promise<boolean>,
): Promise<void> {
  await untilSeen(
    async () => {
      try {
        await ask();
        for (const answer of answers) {
          if (typeof answer === 'string') await vscode.pick(answer, 30_000);
          else await typeInBox(vscode, answer.typed);
        }
      } catch (error) {
        // Something took the focus, and with it the question went.
        await vscode.page.keyboard.press('Escape');
        throw error;
      }
    },
    came,
    MORE_PATIENCE,
  );
}

async function typeInBox({ page }: VSCode, text: string): Promise<void> {
  const timeout = 30_000;
  await page.locator('.quick-input-widget .quick-input-message').waitFor({ timeout });
  const input = page.locator('.quick-input-widget .quick-input-box input');
  await input.fill(text, { timeout });
  await input.press('Enter', { timeout });
}

export async function openExperiment(vscode: VSCode, name = 'tiny.mtl.yaml'): Promise<void> {
  await vscode.page.getByRole('tab', { name: 'Taskweave' }).first().waitFor({ timeout: LONG });
  await vscode.openFile(name);
  await lensComes(vscode, vscode.page.locator('.codelens-decoration a').first());
}

export function lens(vscode: VSCode, text: string): Locator {
  return vscode.page.locator('.codelens-decoration a', { hasText: text }).first();
}

/**
 * Waits for a CodeLens. The editor makes those of a file that it shows again links with the next frame that it draws; where
 * that frame comes late they stay plain text until new ones are asked for.
 */
export async function lensComes(vscode: VSCode, wanted: Locator): Promise<void> {
  let isFirst = true;
  await untilSeen(
    async () => {
      if (!isFirst) await vscode.command(vscode.isEnglish ? 'Taskweave: Refresh' : 'Taskweave: 刷新');
      isFirst = false;
    },
    () => wanted.isVisible(),
  );
}

/** Clicks a CodeLens until something comes of it. */
export async function clickLens(
  vscode: VSCode,
  text: string,
  came: () => Promise<boolean>,
  patience: readonly number[] = MORE_PATIENCE,
): Promise<void> {
  await untilSeen(
    async () => {
      await lensComes(vscode, lens(vscode, text));
      await lens(vscode, text).click({ timeout: 15_000 });
    },
    came,
    patience,
  );
}

/** Starts a run by its CodeLens; the store has it then, and a fast machine may be done with it. */
export async function startRun(vscode: VSCode, workspace: string): Promise<void> {
  await vscode.showContainer('Taskweave');
  const before = runFolders(workspace).length;
  const run = vscode.isEnglish ? 'Run' : '运行';
  await clickLens(vscode, run, async () => runFolders(workspace).length > before);
}

export async function runAndWait(vscode: VSCode, workspace: string): Promise<void> {
  await startRun(vscode, workspace);
  await vscode.tree('Runs').filter({ hasText: 'best' }).first().waitFor({ timeout: LONG });
}

/** Opens the metrics panel by its CodeLens. */
export async function openMetrics(vscode: VSCode, name: string): Promise<Frame> {
  await clickLens(vscode, 'Open metrics', () => vscode.webview(`Metrics: ${name}`, 0).then(() => true));
  return panel(vscode, name);
}

export async function panel(vscode: VSCode, name: string): Promise<Frame> {
  const frame = await vscode.webview(`Metrics: ${name}`, LONG);
  await frame.locator('main').waitFor({ timeout: LONG });
  return frame;
}

/** Shows a view of the metrics panel by its tab. */
export async function view(frame: Frame, name: string): Promise<void> {
  const tab = frame.getByRole('tab', { name, exact: true });
  await untilSeen(
    () => tab.click({ timeout: LONG }),
    async () => (await tab.getAttribute('aria-selected')) === 'true',
  );
}

/** Names of the views that the metrics panel has, in order. */
export function views(frame: Frame): Promise<readonly string[]> {
  return frame.getByRole('tab').allInnerTexts();
}

/** Fills fields of the panel until it says what comes of them: data that arrive meanwhile may bring fields of their own. */
export async function fill(
  frame: Frame,
  fields: Readonly<Record<string, string>>,
  says: (words: string) => boolean,
): Promise<void> {
  await untilSeen(
    async () => {
      for (const [field, text] of Object.entries(fields)) await frame.locator(`${field} input`).fill(text);
    },
    async () => says((await frame.locator('.fits').textContent()) ?? ''),
  );
}

/** Waits for the state of the run that the panel shows. */
export async function status(frame: Frame, words: string): Promise<void> {
  await expect.poll(() => frame.locator('.status').textContent(), { timeout: LONG }).toContain(words);
}
