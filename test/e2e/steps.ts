/** What a person does in several tests. */
import type { Frame, Locator } from 'playwright-core';
import type { VSCode } from '../harness/vscode';

/** Longest wait for a thing that comes of itself, in milliseconds. */
export const LONG = 60_000;

/**
 * Does something until it shows: a key or a click that comes while the window is busy with itself (a panel takes the
 * focus, a tree is drawn anew) is lost, and a person would do it again.
 */
export async function untilSeen(act: () => Promise<void>, seen: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    await act();
    const end = Date.now() + 10_000;
    while (Date.now() < end) {
      if (await seen().catch(() => false)) return;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
  throw new Error(`nothing came of it: ${act}`);
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

export async function openExperiment(vscode: VSCode, name = 'tiny.mtl.yaml'): Promise<void> {
  await vscode.page.getByRole('tab', { name: 'Taskweave' }).first().waitFor({ timeout: LONG });
  await vscode.openFile(name);
  await vscode.page.locator('.codelens-decoration a').first().waitFor({ timeout: LONG });
}

export function lens(vscode: VSCode, text: string): Locator {
  return vscode.page.locator('.codelens-decoration a', { hasText: text }).first();
}

/** Clicks a CodeLens. A window under load may be left with lenses of before as plain text, until it asks for new ones. */
export async function clickLens(vscode: VSCode, text: string): Promise<void> {
  const refresh = /[a-z]/i.test(text) ? 'Taskweave: Refresh' : 'Taskweave: 刷新';
  let isFirst = true;
  await untilSeen(
    async () => {
      if (!isFirst) await vscode.command(refresh);
      isFirst = false;
    },
    () => lens(vscode, text).isVisible(),
  );
  await lens(vscode, text).click();
}

export async function runAndWait(vscode: VSCode): Promise<void> {
  await vscode.showContainer('Taskweave');
  await clickLens(vscode, 'Run');
  await vscode.tree('Runs').filter({ hasText: 'best' }).first().waitFor({ timeout: LONG });
}

export async function panel(vscode: VSCode, name: string): Promise<Frame> {
  const frame = await vscode.webview(`Metrics: ${name}`);
  await frame.locator('main').waitFor({ timeout: LONG });
  return frame;
}

/** Shows a view of the metrics panel by its tab. */
export async function view(frame: Frame, name: string): Promise<void> {
  await frame.getByRole('tab', { name, exact: true }).click();
}

/** Names of the views that the metrics panel has, in order. */
export function views(frame: Frame): Promise<readonly string[]> {
  return frame.getByRole('tab').allInnerTexts();
}
