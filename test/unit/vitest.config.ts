import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    testTimeout: 60_000,
    reporters: process.env.TASKWEAVE_TEST_REPORT
      ? ['default', ['json', { outputFile: process.env.TASKWEAVE_TEST_REPORT }]]
      : ['default'],
  },
});
