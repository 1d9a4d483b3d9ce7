/**
 * Entry of the suite that runs inside VS Code's extension host. Writes what happened to the file named by
 * TASKWEAVE_HOST_REPORT, because a crash of the host can still report success to the driver.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import Mocha from 'mocha';

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 180_000, reporter: 'spec', color: false });
  mocha.suite.emit('pre-require', globalThis, 'host', mocha);
  await import('./activation.test');
  await import('./editor.test');
  await import('./language.test');
  await import('./commands.test');
  const report = {
    passed: [] as string[],
    failed: [] as { title: string; error: string }[],
    skipped: [] as string[],
  };
  await new Promise<void>((done) => {
    mocha
      .run(() => done())
      .on('pass', (test) => report.passed.push(test.fullTitle()))
      .on('pending', (test) => report.skipped.push(test.fullTitle()))
      .on('fail', (test, error) =>
        report.failed.push({ title: test.fullTitle(), error: error.stack ?? inspect(error) }),
      );
  });
  const file = process.env.TASKWEAVE_HOST_REPORT;
  if (file) {
    writeFileSync(`${file}.tmp`, JSON.stringify(report));
    renameSync(`${file}.tmp`, file);
  }
  if (report.failed.length > 0)
    throw new Error(report.failed.map((f) => `${f.title}\n${f.error}`).join('\n\n'));
}
