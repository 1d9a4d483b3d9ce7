import type { KernelFunctions, Kernels } from './kernels';
import { newControl, type StartKernelThread, teamKernels } from './team';

const PAGE = 65_536;
/** Most that WebAssembly can address: 4 GiB. */
const MOST_PAGES = 65_536;

const compiled = new WeakMap<Uint8Array, WebAssembly.Module>();

/** How many threads take part in the kernels, and how one more is started. */
export interface KernelThreads {
  readonly count: number;
  readonly start: StartKernelThread;
}

/**
 * The kernels as WebAssembly, with a memory of their own.
 * @param bytes of the module built from `assembly/`
 * @param threads others than this one that take part; absent: none
 * @throws WebAssembly.CompileError where the machine's engine lacks SIMD
 */
export function wasmKernels(bytes: Uint8Array<ArrayBuffer>, threads?: KernelThreads): Kernels {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  const own = ownKernels(instantiate(bytes, memory), memory);
  if (!threads || threads.count < 2) return own;
  const seats = Array.from({ length: threads.count - 1 }, () => ({ bytes, memory, control: newControl() }));
  for (const seat of seats) threads.start(seat);
  return teamKernels(own, seats);
}

/** The module's functions on that memory. */
export function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): KernelFunctions {
  const module = compiled.get(bytes) ?? new WebAssembly.Module(bytes);
  compiled.set(bytes, module);
  return functionsOf(new WebAssembly.Instance(module, { env: { memory } }));
}

function ownKernels(run: KernelFunctions, memory: WebAssembly.Memory): Kernels {
  let numbers = new Float32Array(memory.buffer);
  let integers = new Int32Array(memory.buffer);
  return {
    run,
    get numbers() {
      return numbers;
    },
    get integers() {
      return integers;
    },
    reserve(needed) {
      const missing = Math.ceil(needed / PAGE) - memory.buffer.byteLength / PAGE;
      if (missing <= 0) return;
      memory.grow(missing);
      numbers = new Float32Array(memory.buffer);
      integers = new Int32Array(memory.buffer);
    },
  };
}

const NAMES = [
  'dense',
  'denseWeights',
  'denseBias',
  'transpose',
  'gather',
  'add',
  'addScaled',
  'multiply',
  'scale',
  'sumOfSquares',
  'rectify',
  'rectifyGradient',
  'hyperbolic',
  'hyperbolicGradient',
  'pointwiseLosses',
  'adam',
  'adamProximal',
  'descend',
] as const satisfies readonly (keyof KernelFunctions)[];

function functionsOf({ exports }: WebAssembly.Instance): KernelFunctions {
  const functions: Partial<Record<keyof KernelFunctions, unknown>> = {};
  for (const name of NAMES) functions[name] = exports[name];
  if (!isComplete(functions)) throw new TypeError('The kernels of another version of Taskweave were given.');
  return functions;
}

function isComplete(
  functions: Partial<Record<keyof KernelFunctions, unknown>>,
): functions is KernelFunctions {
  return NAMES.every((name) => typeof functions[name] === 'function');
}
