import { type KernelSeat, serveKernels } from './kernels';
import { squadProgram } from './squad';

/** A thread's whole life: its parts of kernels, and members of stacks. */
export function serveSeat(seat: KernelSeat): never {
  return serveKernels(seat, squadProgram);
}
