import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hostSuite } from '../harness/host-suite.mjs';
import { root, VSCode } from '../harness/vscode';

interface HostReport {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly title: string; readonly error: string }[];
}

it('passes the Mocha suite inside the extension host of the real VS Code', async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'tw-host-'));
  cpSync(join(root, 'test', 'host', 'workspace'), workspace, { recursive: true });
  const reportFile = join(root, 'test', 'output', 'host-report.json');
  rmSync(reportFile, { force: true });
  const vscode = await VSCode.open({
    workspace,
    extension: root,
    tests: hostSuite.outfile,
    env: { TASKWEAVE_HOST_REPORT: reportFile },
  });
  let code: number | 'no answer';
  try {
    const limit = new Promise<'no answer'>((done) => setTimeout(() => done('no answer'), 800_000));
    code = await Promise.race([vscode.testExit, limit]);
  } finally {
    await vscode.close();
    rmSync(workspace, { recursive: true, force: true });
  }
  console.log(vscode.testLog.join('\n'));
  expect(existsSync(reportFile), 'the suite ended without a report').toBe(true);
  const report: HostReport = JSON.parse(readFileSync(reportFile, 'utf8'));
  expect(report.failed).toEqual([]);
  expect(report.passed.length).toBeGreaterThan(0);
  expect(code).toBe(0);
});
