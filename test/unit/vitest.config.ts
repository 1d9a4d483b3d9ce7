import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    // A limit for what hangs, not for a machine that is slow or busy.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // Vitest would leave a core free: on two cores that is half the speed.
    maxWorkers: availableParallelism(),
    reporters: process.env.TASKWEAVE_TEST_REPORT
      ? ['default', ['json', { outputFile: process.env.TASKWEAVE_TEST_REPORT }]]
      : ['default'],
  },
});
