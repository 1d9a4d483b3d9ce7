import esbuild from 'esbuild';
import { hostSuite } from './host-suite.mjs';
import { installHarness } from './install.mjs';

/** Before the editor suites: VS Code and a browser are there, and the host suite is bundled. */
export default async function setup(): Promise<void> {
  installHarness();
  await esbuild.build(hostSuite);
}
