import { ASKED, argumentsOf, DONE, type KernelSeat, OPERATION, SHARED, SPINS } from './team';
import { instantiate } from './wasm';

/** A thread's whole life: does the parts of kernels that it is asked for, and sleeps while there are none. */
export function serveKernels({ bytes, memory, control }: KernelSeat): never {
  const functions = instantiate(bytes, memory);
  const words = new Int32Array(control);
  const work: readonly ((...values: number[]) => void)[] = SHARED.map((name) => functions[name]);
  for (let done = 0; ; ) {
    for (let spin = 0; spin < SPINS && Atomics.load(words, ASKED) === done; spin++);
    Atomics.wait(words, ASKED, done);
    const asked = Atomics.load(words, ASKED);
    if (asked === done) continue;
    done = asked;
    work[words[OPERATION]](...argumentsOf(control));
    Atomics.store(words, DONE, done);
    Atomics.notify(words, DONE);
  }
}
