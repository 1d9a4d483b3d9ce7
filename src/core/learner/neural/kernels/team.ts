import { Board, newControl } from './board';
import type { Crew, KernelFunctions, KernelSeat, Kernels } from './kernels';
import { countParts, cutOf, rangeOf, SHARED, SHARES, type Share, type SharedKernel } from './shares';

/** Number of the operation that is a program's, and not a kernel's. */
export const PROGRAM = SHARED.length;

/**
 * Kernels whose large products and passes are cut into parts, which this thread and others take. Every number is computed
 * by one thread from the same terms in the same order, so that bits do not depend on how many there are.
 */
export function teamKernels(base: Kernels, seat: Pick<KernelSeat, 'bytes' | 'memory'>): Kernels {
  const control = newControl();
  const board = new Board(control);
  let threads = 1;
  let started = 1;
  /** The others are at a program: what is asked for meanwhile is done here alone. */
  let isAlone = true;

  const handingOut =
    (name: SharedKernel) =>
    (...values: number[]) => {
      const share: Share = SHARES[name];
      const kernel: (...values: readonly number[]) => void = base.run[name];
      const cut = isAlone ? undefined : cutOf(share, values, threads);
      if (cut === undefined) return kernel(...values);
      const { length, large, small, end } = cut;
      const job = {
        operation: SHARED.indexOf(name),
        values: [length, large, small, end, threads, ...values],
      };
      board.handOut(job, countParts(cut), (part) => {
        const { from, to } = rangeOf(cut, part);
        kernel(...share.part(values, from, to));
      });
    };
  const shared: Partial<KernelFunctions> = Object.fromEntries(SHARED.map((name) => [name, handingOut(name)]));

  const crew: Crew = {
    get threads() {
      return threads;
    },
    run(parts, values, own) {
      if (isAlone || parts < 2) {
        for (let part = 0; part < parts; part++) own(part);
        return;
      }
      isAlone = true;
      try {
        board.handOut({ operation: PROGRAM, values }, parts, own);
      } finally {
        isAlone = false;
      }
    },
  };
  return {
    get numbers() {
      return base.numbers;
    },
    get integers() {
      return base.integers;
    },
    reserve: (bytes) => base.reserve(bytes),
    run: { ...base.run, ...shared },
    crew,
    recruit(wanted) {
      threads = wanted?.count ?? 1;
      board.limit(threads);
      isAlone = threads === 1;
      for (; wanted && started < wanted.count; started++) wanted.start({ ...seat, control, number: started });
    },
  };
}
