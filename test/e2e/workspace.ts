import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { root, VSCode, type VSCodeOptions } from '../harness/vscode';

/** A throw-away copy of the host suite's workspace: two tasks of mixed type with missing labels, and a twin without end. */
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

/** Folders of the runs below a folder. */
export function runFolders(folder: string): readonly string[] {
  return names(folder).filter((name) => /[\\/]runs[\\/][^\\/]+$/.test(name));
}

function names(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

/** Process of the newest coordinator below a folder. */
export function coordinatorOf(folder: string): number {
  const lock = coordinators(folder).toSorted().at(-1);
  if (lock === undefined) throw new Error(`no run has begun below ${folder}`);
  return JSON.parse(readFileSync(lock, 'utf8')).pid;
}

function coordinators(folder: string): readonly string[] {
  return names(folder).filter((name) => /[\\/]coordinators[\\/]\d+\.json$/.test(name));
}

/** Ends what still runs below a folder (it outlives its window), and removes the folder. */
export function removeFolder(folder: string): void {
  for (const lock of coordinators(folder)) {
    const { pid, released } = JSON.parse(readFileSync(lock, 'utf8'));
    if (released) continue;
    try {
      process.kill(pid);
    } catch {
      // it has ended
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
