import { describe, expect, it } from 'vitest';
import { processCount } from '../../../src/jobs/executors/processes';

const MB = 1e6;
const GB = 1e9;

describe('worker processes', () => {
  it('are one a processor for small data', () => {
    expect(processCount({ workers: 2, memory: 8 * GB }, 5 * MB)).toBe(2);
    expect(processCount({ workers: 16, memory: 32 * GB }, 5 * MB)).toBe(16);
    expect(processCount({ workers: 4, memory: 8 * GB }, 0)).toBe(4);
  });

  it('are fewer, with threads, where copies of the data would be large', () => {
    // 100,000 × 55 float64.
    expect(processCount({ workers: 2, memory: 24 * GB }, 44 * MB)).toBe(2);
    expect(processCount({ workers: 16, memory: 64 * GB }, 44 * MB)).toBe(6);
    expect(processCount({ workers: 2, memory: 24 * GB }, 220 * MB)).toBe(1);
  });

  it('are as many as memory has room for, and never none', () => {
    expect(processCount({ workers: 8, memory: 1 * GB }, 10 * MB)).toBe(3);
    expect(processCount({ workers: 8, memory: 1 * GB }, 5 * GB)).toBe(1);
  });
});
