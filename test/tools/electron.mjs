// `npm run test:electron`: the host suite in the desktop VS Code, which @vscode/test-electron downloads. Needs the
// internet and a display (or xvfb-run).
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import esbuild from 'esbuild';
import { hostSuite } from '../harness/host-suite.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
await esbuild.build(hostSuite);
const workspace = mkdtempSync(join(tmpdir(), 'tw-electron-'));
cpSync(join(root, 'test', 'host', 'workspace'), workspace, { recursive: true });
const report = join(workspace, '..', `tw-host-report-${process.pid}.json`);
try {
  await runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: hostSuite.outfile,
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust'],
    extensionTestsEnv: { TASKWEAVE_HOST_REPORT: report },
  });
} catch (error) {
  console.error(`The host suite did not pass in the desktop VS Code: ${error.message}`);
  console.error('VS Code is downloaded for this suite: it needs the internet, and a display (or xvfb-run).');
  process.exit(1);
}
const { passed, failed } = JSON.parse(readFileSync(report, 'utf8'));
console.log(`${passed.length} passed, ${failed.length} failed`);
process.exit(failed.length > 0 || passed.length === 0 ? 1 : 0);
