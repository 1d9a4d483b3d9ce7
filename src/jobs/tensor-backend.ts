import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import util from 'node:util';
import { Worker } from 'node:worker_threads';
import type { TensorBackend } from '../core/learner/learner';
import type { KernelSeat, KernelThreads } from '../core/learner/neural/kernels';
import { nativeIsFaster } from './backend-table';
import type { BackendChoice } from './contract';

/** Loaded only when a backend is asked for: it is large, and most processes never compute with tensors. */
type TensorLibrary = typeof import('@tensorflow/tfjs-core');

export interface ChosenBackend extends TensorBackend {
  /** Why it is this one, for people. */
  readonly reason: string;
}

export interface BackendRequest {
  readonly backend: BackendChoice;
  /**
   * Folder that holds `taskweave-kernels.wasm`, and `tfjs-backend-wasm.wasm` and `tfjs-backend-wasm-simd.wasm` for
   * engines that do not run it.
   */
  readonly wasmFolder: string;
  /** For `auto`: multiplications of a training step of the largest net; absent: WebAssembly is preferred. */
  readonly work?: number;
  /** Threads of this process that take part in one fit; absent: one. */
  readonly threads?: number;
  /** Loads `@tensorflow/tfjs-node`, which registers the backend `tensorflow`; rejects where that is not possible. */
  readonly loadNative?: () => Promise<unknown>;
}

export type TensorBackendErrorCode = 'native-unavailable' | 'wasm-unavailable';

/** The tensor backend that was asked for cannot be had here. */
export class TensorBackendError extends Error {
  override readonly name = 'TensorBackendError';
  constructor(
    readonly code: TensorBackendErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Makes a tensor backend ready. `wasm` is the neural family's own kernels where the engine has SIMD, and TensorFlow.js is
 * then not loaded at all; else its WebAssembly backend. `native` is TensorFlow.js on TensorFlow's C library. `auto` takes
 * the native one where it loads and the release's own measurements found it faster for that size of net, else
 * WebAssembly; plain JavaScript where none loads.
 * May be called again, one call after another; what is ready is not made ready twice.
 *
 * @throws TensorBackendError when `native` or `wasm` is asked for by name and does not load
 */
export async function chooseTensorBackend(request: BackendRequest): Promise<ChosenBackend> {
  const kernels = readKernels(request.wasmFolder);
  const { backend, work = 0 } = request;
  if (kernels && backend === 'auto' && nativeIsFaster(work)) {
    const native = await chooseTensors({ ...request, backend: 'native' }).catch(() => undefined);
    if (native) return { ...native, kernels };
  }
  if (kernels && backend !== 'native') return ownKernels(kernels, request);
  const chosen = await chooseTensors(request);
  return kernels ? { ...chosen, kernels } : chosen;
}

function ownKernels(
  kernels: Uint8Array<ArrayBuffer>,
  { threads = 1, wasmFolder }: BackendRequest,
): ChosenBackend {
  const kernelThreads = threads > 1 ? teamOf(threads, wasmFolder) : undefined;
  const reason = `WebAssembly kernels with SIMD${kernelThreads ? `, ${threads} threads` : ''}`;
  return { name: 'wasm', reason, kernels, ...(kernelThreads && { kernelThreads }) };
}

async function chooseTensors(request: BackendRequest): Promise<ChosenBackend> {
  const tf = await import('@tensorflow/tfjs-core');
  // Production mode: no banner on the console, no checks of every argument of every call.
  tf.env().set('PROD', true);
  const { backend, wasmFolder, loadNative = importNative } = request;
  if (backend === 'native') return useNative(tf, loadNative);
  if (backend === 'wasm') return useWasm(tf, wasmFolder);
  try {
    return await useNative(tf, loadNative);
  } catch {
    const why = '@tensorflow/tfjs-node does not load here';
    try {
      const wasm = await useWasm(tf, wasmFolder);
      return { ...wasm, reason: `${wasm.reason}; ${why}` };
    } catch (error) {
      if (!(error instanceof TensorBackendError)) throw error;
      await useCpu(tf);
      return { name: 'cpu', reason: `plain JavaScript, slow: ${error.message} ${why}` };
    }
  }
}

let team: (KernelThreads & { readonly script: string }) | undefined;

/** The bundle of `kernel-thread.ts` lies beside the folder of the WebAssembly files; without it there is one thread. */
function teamOf(count: number, wasmFolder: string): KernelThreads | undefined {
  const script = join(wasmFolder, '..', 'kernel-thread.js');
  if (team?.count === count && team.script === script) return team;
  if (!existsSync(script)) return undefined;
  const start = (seat: KernelSeat) => new Worker(script, { workerData: seat }).unref();
  team = { count, start, script };
  return team;
}

let read: { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined;

/** Absent where the file is not there or the engine does not run it. */
function readKernels(folder: string): Uint8Array<ArrayBuffer> | undefined {
  const path = join(folder, 'taskweave-kernels.wasm');
  if (read?.path === path) return read.bytes;
  if (!existsSync(path)) return undefined;
  const bytes = Uint8Array.from(readFileSync(path));
  if (!WebAssembly.validate(bytes)) return undefined;
  read = { path, bytes };
  return bytes;
}

async function useNative(tf: TensorLibrary, loadNative: () => Promise<unknown>): Promise<ChosenBackend> {
  let cause: unknown;
  try {
    if (!('tensorflow' in tf.engine().registryFactory)) {
      restoreNullCheck();
      // Silences TensorFlow's own notices about the processor; warnings and errors stay.
      process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
      await loadNative();
    }
    if (await tf.setBackend('tensorflow'))
      return { name: 'native', reason: 'native TensorFlow by @tensorflow/tfjs-node' };
  } catch (error) {
    cause = error;
  }
  const detail = cause instanceof Error ? cause.message.split('\n')[0] : 'its backend does not start';
  throw new TensorBackendError(
    'native-unavailable',
    `The native tensor backend cannot be loaded (${detail}). Install @tensorflow/tfjs-node, or use backend 'wasm' or 'auto'.`,
    { cause },
  );
}

async function useWasm(tf: TensorLibrary, folder: string): Promise<ChosenBackend> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  if (!('wasm' in tf.engine().registry)) {
    const plain = existsSync(join(folder, 'tfjs-backend-wasm.wasm'));
    const simd =
      existsSync(join(folder, 'tfjs-backend-wasm-simd.wasm')) &&
      (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'));
    if (!plain && !simd) {
      throw new TensorBackendError(
        'wasm-unavailable',
        `The WebAssembly tensor backend is not in ${folder}. Reinstall Taskweave, or use backend 'auto'.`,
      );
    }
    tf.env().set('WASM_HAS_SIMD_SUPPORT', simd);
    setWasmPaths(folder + sep);
  }
  if (!(await withoutNewListeners(() => tf.setBackend('wasm')))) {
    throw new TensorBackendError(
      'wasm-unavailable',
      `The WebAssembly tensor backend in ${folder} does not start. Reinstall Taskweave, or use backend 'auto'.`,
    );
  }
  const simd = tf.env().getBool('WASM_HAS_SIMD_SUPPORT');
  return { name: 'wasm', reason: simd ? 'WebAssembly with SIMD' : 'WebAssembly without SIMD' };
}

async function useCpu(tf: TensorLibrary): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
}

/** By a name that no bundler resolves: the package is optional. */
function importNative(): Promise<unknown> {
  const name: string = '@tensorflow/tfjs-node';
  return import(/* @vite-ignore */ name);
}

/** tfjs-node 4.22 calls `util.isNullOrUndefined`, which Node 23 removed. */
function restoreNullCheck(): void {
  if ('isNullOrUndefined' in util) return;
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
}

/**
 * The WebAssembly loader listens to the process's uncaught exceptions and unhandled rejections; what to do about
 * those is not for a numeric library to say.
 */
async function withoutNewListeners<T>(start: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event));
  try {
    return await start();
  } finally {
    events.forEach((event, i) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[i].includes(listener)) process.off(event, listener as () => void);
      }
    });
  }
}
