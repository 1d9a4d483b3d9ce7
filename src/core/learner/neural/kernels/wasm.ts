import type { KernelFunctions, Kernels, KernelThreads } from './kernels';
import { teamKernels } from './team';

const PAGE = 65_536;
/** Most that WebAssembly can address: 4 GiB. */
const MOST_PAGES = 65_536;

const compiled = new WeakMap<Uint8Array, WebAssembly.Module>();

/**
 * The kernels as WebAssembly, with a memory of their own.
 * @param bytes of the module built from `assembly/`
 * @param threads that take part; absent: this one alone
 * @throws WebAssembly.CompileError where the machine's engine lacks SIMD
 */
export function wasmKernels(bytes: Uint8Array<ArrayBuffer>, threads?: KernelThreads): Kernels {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  const kernels = teamKernels(kernelsOn(bytes, memory), { bytes, memory });
  kernels.recruit(threads);
  return kernels;
}

/** The module's functions on that memory, by one thread. */
export function kernelsOn(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Kernels {
  const module = compiled.get(bytes) ?? new WebAssembly.Module(bytes);
  compiled.set(bytes, module);
  const run = functionsOf(new WebAssembly.Instance(module, { env: { memory } }));
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
      if (needed <= numbers.byteLength) return;
      // Another thread may have made it longer: growing by nothing tells.
      memory.grow(0);
      const missing = Math.ceil(needed / PAGE) - memory.buffer.byteLength / PAGE;
      if (missing > 0) memory.grow(missing);
      numbers = new Float32Array(memory.buffer);
      integers = new Int32Array(memory.buffer);
    },
    recruit() {},
  };
}

const NAMES = [
  'dense',
  'denseWeights',
  'denseBias',
  'transpose',
  'gather',
  'toRows',
  'fromRows',
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
  'softmaxRows',
  'softmaxRowsGradient',
  'mixRows',
  'rowProducts',
  'normRows',
  'normRowsGradient',
  'columnDeviations',
  'columnProducts',
  'normColumns',
  'normColumnsGradient',
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
