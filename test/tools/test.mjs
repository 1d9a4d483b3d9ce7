// `npm test`: sets up, builds and runs every suite, then prints one closing line `N passed, N failed`. Fails when
// anything failed, when a suite could not run, or when a suite ran no test. Runs on any Node ≥ 20.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const output = join(root, 'test', 'output');
const bin = join(root, 'node_modules', '.bin');
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
delete env.NODE_OPTIONS;

let passed = 0;
let failed = 0;
let skipped = 0;
const problems = [];

/** Runs a command from the checkout's root; says whether it ended well. */
function run(command, args, extra = {}) {
  console.log(`\n> ${command} ${args.join(' ')}`);
  return (
    spawnSync(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...env, ...extra },
    }).status === 0
  );
}

/** A step that is not made of tests: it passes or it ends the run. */
function step(name, command, args) {
  if (run(command, args)) return;
  problems.push(`${name} failed`);
  finish();
}

/** Static checks: each counts as one test. */
function check(name, command, args) {
  if (run(command, args)) passed++;
  else {
    failed++;
    problems.push(`${name} failed`);
  }
}

function suite(name, config) {
  const report = join(output, `${name}-report.json`);
  rmSync(report, { force: true });
  const ended = run('vitest', ['run', '--config', config], { TASKWEAVE_TEST_REPORT: report });
  if (!existsSync(report)) {
    failed++;
    problems.push(`${name}: no test ran`);
    return;
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  for (const file of result.testResults) {
    for (const test of file.assertionResults) {
      if (test.status !== 'failed') continue;
      problems.push(`failed: ${relative(root, file.name)}: ${test.fullName}`);
      // What was seen stands in the last lines too, where the start of a long log is not kept.
      for (const message of test.failureMessages ?? [])
        problems.push(
          ...message
            .trim()
            .split('\n', 8)
            .map((line) => `  ${line.trim()}`),
        );
    }
  }
  skipped += result.numPendingTests + result.numTodoTests;
  if (result.numPassedTests + result.numFailedTests === 0) problems.push(`${name}: no test ran`);
  if (!ended && result.numFailedTests === 0) {
    failed++;
    problems.push(`${name}: ended with an error outside its tests`);
  }
}

/** The host suite is one test of the editor suite; its own tests are counted here. */
function countHostTests() {
  const report = join(output, 'host-report.json');
  if (!existsSync(report)) {
    problems.push('host: the suite inside VS Code left no report');
    return;
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.passed.length;
  failed += result.failed.length;
  for (const test of result.failed) problems.push(`failed: host suite: ${test.title}`);
  skipped += result.skipped.length;
}

function finish() {
  for (const problem of problems) console.log(problem);
  if (problems.length > 0 && failed === 0) failed = problems.length;
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

mkdirSync(output, { recursive: true });
rmSync(join(output, 'host-report.json'), { force: true });
step('set-up', 'node', ['test/tools/setup.mjs']);
step('build', 'node', ['esbuild.mjs']);
check('types', 'tsc', ['--noEmit', '-p', '.']);
check('types of the webview', 'tsc', ['--noEmit', '-p', 'webview']);
check('lint', 'biome', ['ci', '--error-on-warnings']);
check('import rules', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src', 'webview']);
suite('unit', 'test/unit/vitest.config.ts');
suite('editor', 'test/e2e/vitest.config.ts');
countHostTests();
finish();
