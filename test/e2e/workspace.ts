import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { root, VSCode, type VSCodeOptions } from '../harness/vscode';

/** A throw-away copy of the host suite's workspace: two tasks of mixed type with missing labels, and a slow twin. */
export function copyWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tw-e2e-'));
  cpSync(join(root, 'test', 'host', 'workspace'), folder, { recursive: true });
  return folder;
}

/** Opens VS Code, with Taskweave installed as it ships, on a copy of the workspace; runs `act`; removes both. */
export async function inWindow(
  options: Omit<WindowOptions, 'workspace'>,
  act: (vscode: VSCode, workspace: string) => Promise<void>,
): Promise<void> {
  const workspace = copyWorkspace();
  try {
    await inWindowOn({ ...options, workspace }, (vscode) => act(vscode, workspace));
  } finally {
    removeFolder(workspace);
  }
}

type WindowOptions = Omit<VSCodeOptions, 'extension' | 'extensions' | 'tests'>;

/** As `inWindow`, on a folder, workspace file or file of the caller's. */
export async function inWindowOn(
  options: WindowOptions,
  act: (vscode: VSCode) => Promise<void>,
): Promise<void> {
  const vscode = await VSCode.open({ ...options, extensions: inject('packed').extensions });
  try {
    await act(vscode);
  } catch (error) {
    await vscode.screenshot(`failed-${Date.now()}`).catch(() => undefined);
    throw error;
  } finally {
    await vscode.close();
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
