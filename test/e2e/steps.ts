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

export async function openExperiment(vscode: VSCode, name = 'tiny.mtl.yaml'): Promise<void> {
  await vscode.page.getByRole('tab', { name: 'Taskweave' }).first().waitFor({ timeout: LONG });
  await vscode.openFile(name);
  await vscode.page.locator('.codelens-decoration a').first().waitFor({ timeout: LONG });
}

export function lens(vscode: VSCode, text: string): Locator {
  return vscode.page.locator('.codelens-decoration a', { hasText: text }).first();
}

export async function runAndWait(vscode: VSCode): Promise<void> {
  await vscode.showContainer('Taskweave');
  await lens(vscode, 'Run').click();
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
