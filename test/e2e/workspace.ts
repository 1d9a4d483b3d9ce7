import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, VSCode, type VSCodeOptions } from '../harness/vscode';

/** A throw-away copy of the host suite's workspace: two tasks of mixed type with missing labels, and a slow twin. */
export function copyWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tw-e2e-'));
  cpSync(join(root, 'test', 'host', 'workspace'), folder, { recursive: true });
  return folder;
}

/** Opens VS Code on a copy of the workspace, runs `act`, closes and removes both whatever happens. */
export async function inWindow(
  options: Omit<VSCodeOptions, 'workspace'>,
  act: (vscode: VSCode, workspace: string) => Promise<void>,
): Promise<void> {
  const workspace = copyWorkspace();
  try {
    const vscode = await VSCode.open({ ...options, workspace });
    try {
      await act(vscode, workspace);
    } catch (error) {
      await vscode.screenshot(`failed-${Date.now()}`).catch(() => undefined);
      throw error;
    } finally {
      await vscode.close();
    }
  } finally {
    rmSync(workspace, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
