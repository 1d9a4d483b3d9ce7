import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import esbuild from 'esbuild';
import { installHarness } from './install.mjs';
import { root } from './vscode';

/** Before the editor suites: VS Code and a browser are there, and the host suite is bundled. */
export default async function setup(): Promise<void> {
  installHarness();
  mkdirSync(join(root, 'test', 'output'), { recursive: true });
  await esbuild.build({
    entryPoints: [join(root, 'test', 'host', 'index.ts')],
    outfile: join(root, 'test', 'output', 'host', 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}
