import { type Kernels, type KernelThreads, plainKernels, wasmKernels } from './kernels';

/** Hands out the kernels' memory, piece after piece; all of it is free again with the next workspace. */
export class Workspace {
  /** @param used bytes that are taken already */
  constructor(
    readonly kernels: Kernels,
    private used = 0,
  ) {}

  get bytes(): number {
    return this.used;
  }

  /** @returns the byte offset of so many numbers, which are not cleared */
  allocate(numbers: number): number {
    const at = this.used;
    // Whole cache lines.
    this.used = at + Math.ceil(numbers / 16) * 64;
    this.kernels.reserve(this.used);
    return at;
  }

  /** Allocates and clears. */
  zeros(numbers: number): number {
    const at = this.allocate(numbers);
    this.kernels.numbers.fill(0, at / 4, at / 4 + numbers);
    return at;
  }

  store(values: ArrayLike<number>): number {
    const at = this.allocate(values.length);
    this.kernels.numbers.set(values, at / 4);
    return at;
  }

  /** One integer a UTF-16 unit. */
  storeText(text: string): number {
    const at = this.allocate(text.length);
    for (let i = 0; i < text.length; i++) this.kernels.integers[at / 4 + i] = text.charCodeAt(i);
    return at;
  }

  read(at: number, numbers: number): Float32Array {
    return this.kernels.numbers.slice(at / 4, at / 4 + numbers);
  }
}

let provided: Uint8Array<ArrayBuffer> | undefined;
let recruited: KernelThreads | undefined;
/** A memory that nothing works with at the moment; the largest there was. */
let idle: Kernels | undefined;

/** Gives every later training and prediction of this process the WebAssembly kernels instead of their plain twins. */
export function provideKernels(bytes: Uint8Array<ArrayBuffer> | undefined, threads?: KernelThreads): void {
  recruited = threads;
  if (bytes === provided) return;
  provided = bytes;
  idle = undefined;
}

/**
 * A memory of its own for one piece of work; the memory is kept for the next.
 * @param wrap what the work sees of the kernels
 */
export async function withWorkspace<T>(
  work: (workspace: Workspace) => Promise<T>,
  wrap: (kernels: Kernels) => Kernels = (kernels) => kernels,
): Promise<T> {
  const kernels = take();
  try {
    return await work(new Workspace(wrap(kernels)));
  } finally {
    idle = kernels;
  }
}

export function withWorkspaceNow<T>(work: (workspace: Workspace) => T): T {
  const kernels = take();
  try {
    return work(new Workspace(kernels));
  } finally {
    idle = kernels;
  }
}

function take(): Kernels {
  const kernels = idle ?? (provided ? wasmKernels(provided) : plainKernels());
  idle = undefined;
  kernels.recruit(recruited);
  return kernels;
}
