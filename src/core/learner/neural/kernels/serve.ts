import { Board } from './board';
import type { KernelSeat, Kernels } from './kernels';
import { rangeOf, SHARED, SHARES, type Share } from './shares';
import { PROGRAM } from './team';
import { kernelsOn } from './wasm';

/** What a thread does beside kernels: makes ready what a text describes, and does its parts. */
export type ProgramOf = (kernels: Kernels, text: string, thread: number) => Program;
export type Program = (part: number, values: readonly number[]) => void;

/** A thread's whole life: does parts of what it is asked for, and sleeps while there are none. */
export function serveKernels({ bytes, memory, control, number }: KernelSeat, programOf: ProgramOf): never {
  const board = new Board(control);
  const kernels = kernelsOn(bytes, memory);
  const work: readonly ((...values: readonly number[]) => void)[] = SHARED.map((name) => kernels.run[name]);
  let program: { readonly id: number; readonly run: Program } | undefined;

  for (;;) {
    board.waitForCall();
    board.help(number, ({ operation, values }, part) => {
      if (operation !== PROGRAM) {
        const share: Share = SHARES[SHARED[operation]];
        const [length, large, small, end, threads, ...own] = values;
        const { from, to } = rangeOf({ length, large, small, end, threads }, part);
        work[operation](...share.part(own, from, to));
        return;
      }
      const [id, at, length, bytes, ...rest] = values;
      if (program?.id !== id) {
        kernels.reserve(bytes);
        program = { id, run: programOf(kernels, readText(kernels, at, length), number) };
      }
      program.run(part, rest);
    });
  }
}

/** The text whose UTF-16 units lie at that byte offset, one a 32-bit integer. */
function readText({ integers }: Kernels, at: number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(integers[at / 4 + i]);
  return text;
}
