import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import esbuild from 'esbuild';
import type { TestProject } from 'vitest/node';
import { pack } from '../tools/pack.mjs';
import { hostSuite } from './host-suite.mjs';
import { installHarness } from './install.mjs';
import { installExtension } from './vscode';

declare module 'vitest' {
  interface ProvidedContext {
    /** The extension as it ships, and a folder it is installed in. */
    readonly packed: { readonly vsix: string; readonly extensions: string };
  }
}

/** Before the editor suites: VS Code and a browser are there, the extension is packed, the host suite is bundled. */
export default async function setup(project: TestProject): Promise<() => void> {
  installHarness();
  await esbuild.build(hostSuite);
  const folder = mkdtempSync(join(tmpdir(), 'tw-packed-'));
  const packed = { vsix: join(folder, 'taskweave.vsix'), extensions: join(folder, 'extensions') };
  pack(packed.vsix);
  await installExtension(packed.vsix, packed.extensions);
  project.provide('packed', packed);
  return () => rmSync(folder, { recursive: true, force: true });
}
