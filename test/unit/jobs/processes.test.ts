import { describe, expect, it } from 'vitest';
import { processCount } from '../../../src/jobs/executors/processes';

const MB = 1e6;
const GB = 1e9;
/** Trees, and linear models with squared losses. */
const trees = (bytes: number) => ({ bytes, heldPerByte: 1 });
const linear = (bytes: number) => ({ bytes, heldPerByte: 0.5 });

describe('worker processes', () => {
  it('are one a processor for small data', () => {
    expect(processCount({ workers: 2, memory: 8 * GB }, trees(5 * MB))).toBe(2);
    expect(processCount({ workers: 16, memory: 32 * GB }, trees(5 * MB))).toBe(16);
    expect(processCount({ workers: 4, memory: 8 * GB }, trees(0))).toBe(4);
  });

  it('are fewer, with threads, where what each holds of the data is large', () => {
    // 100,000 × 55 float64.
    expect(processCount({ workers: 2, memory: 24 * GB }, trees(44 * MB))).toBe(2);
    expect(processCount({ workers: 16, memory: 64 * GB }, trees(44 * MB))).toBe(6);
    expect(processCount({ workers: 2, memory: 24 * GB }, trees(220 * MB))).toBe(1);
  });

  it('are as many as hold no more than twice the data, each with what its models hold', () => {
    expect(processCount({ workers: 2, memory: 24 * GB }, linear(220 * MB))).toBe(2);
    expect(processCount({ workers: 16, memory: 64 * GB }, linear(4 * GB))).toBe(3);
    expect(processCount({ workers: 16, memory: 64 * GB }, trees(4 * GB))).toBe(1);
  });

  it('are as many as memory has room for, and never none', () => {
    expect(processCount({ workers: 8, memory: 1 * GB }, trees(20 * MB))).toBe(4);
    expect(processCount({ workers: 8, memory: 1 * GB }, linear(5 * GB))).toBe(1);
    expect(processCount({ workers: 8, memory: 0.1 * GB }, trees(0))).toBe(1);
  });
});
