import { availableParallelism } from 'node:os';

/** A bound on CPU time that is watched. */
export interface CpuWatch {
  /** The run waits in line: nothing of it is at work, and the time does not count until `resume`. */
  hold(): void;
  resume(): void;
  end(): void;
}

/**
 * Aborts before the processes of a run can have used `seconds` of CPU time: all cores together give no more than cores ×
 * wall-clock time, whatever they do, so that needs no measuring and cannot be missed.
 */
export function limitCpu(seconds: number, abort: (reason: Error) => void): CpuWatch {
  let left = (1000 * seconds) / availableParallelism();
  let since = performance.now();
  const spent = () =>
    abort(new Error(`The budget of ${seconds} CPU seconds is used up; what is complete stays.`));
  let timer: NodeJS.Timeout | undefined = setTimeout(spent, left);
  return {
    hold() {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      left -= performance.now() - since;
    },
    resume() {
      if (timer !== undefined) return;
      since = performance.now();
      timer = setTimeout(spent, left);
    },
    end: () => clearTimeout(timer),
  };
}
