import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { limitCpu } from '../../../src/cli/cpu-budget';

describe('a budget of CPU seconds', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const cores = availableParallelism();

  it('ends a run when all cores together could have used it up, and not after it is over', () => {
    const abort = vi.fn();
    limitCpu(10 * cores, abort);
    vi.advanceTimersByTime(9_990);
    expect(abort).not.toHaveBeenCalled();
    vi.advanceTimersByTime(20);
    expect(abort).toHaveBeenCalledOnce();
    limitCpu(10 * cores, abort).end();
    vi.advanceTimersByTime(20_000);
    expect(abort).toHaveBeenCalledOnce();
  });

  it('does not count the time in which the run waits in line', () => {
    const abort = vi.fn();
    const watch = limitCpu(10 * cores, abort);
    vi.advanceTimersByTime(4_000);
    watch.hold();
    vi.advanceTimersByTime(60_000);
    watch.hold();
    watch.resume();
    vi.advanceTimersByTime(5_990);
    expect(abort).not.toHaveBeenCalled();
    vi.advanceTimersByTime(20);
    expect(abort).toHaveBeenCalledOnce();
  });
});
