import { defineConfig } from 'vitest/config';

/** Each file drives a window of its own; one after the other, because two cores gain nothing from two windows. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/harness/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 180_000,
    // A browser, a server and an extension host are between a test and us: what fails is tried once more, and the report
    // says `(retry x1)` beside it.
    retry: 1,
    expect: { poll: { timeout: 60_000, interval: 200 } },
    reporters: process.env.TASKWEAVE_TEST_REPORT
      ? ['default', ['json', { outputFile: process.env.TASKWEAVE_TEST_REPORT }]]
      : ['default'],
  },
});
