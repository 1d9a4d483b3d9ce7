/**
 * Messages between a coordinator and its worker processes, over the channel that forking gives. They name trials; what
 * a trial is, and what it found, is in the run store, so that the same work can be handed to a cluster.
 */
import * as z from 'zod/mini';

const backendChoice = z.enum(['auto', 'native', 'wasm']);

const workItem = z.object({ trial: z.string(), attempt: z.int() });
export type WorkItem = z.infer<typeof workItem>;

export const workerCommand = z.discriminatedUnion('kind', [
  /** Read an experiment and its data, check one against the other, compute what planning needs. */
  z.object({
    kind: z.literal('prepare'),
    experimentPath: z.string(),
    text: z.string(),
    store: z.string(),
    backend: backendChoice,
    wasmFolder: z.string(),
    /** Whether the worker will be asked to open a run on this data: it keeps what it has read until then. */
    keep: z.boolean(),
    sweep: z.optional(z.unknown()),
  }),
  /** Get ready for trials of a run: read its data, check the fingerprint, and the tensor backend where it has one. */
  z.object({
    kind: z.literal('open'),
    store: z.string(),
    run: z.string(),
    wasmFolder: z.string(),
  }),
  /** `threads`: processors that the worker has to itself. */
  z.object({
    kind: z.literal('packet'),
    packet: z.int(),
    items: z.array(workItem),
    threads: z.int(),
  }),
  /** Give up the packet at hand; attempts begun end as cancelled. */
  z.object({ kind: z.literal('abort') }),
]);
export type WorkerCommand = z.infer<typeof workerCommand>;

export const workerReply = z.discriminatedUnion('kind', [
  /** `found` is checked by the schema of `src/jobs/prepared.ts`. */
  z.object({ kind: z.literal('prepared'), found: z.unknown() }),
  z.object({ kind: z.literal('ready') }),
  /** An attempt is over; its events file says how. */
  z.object({ kind: z.literal('ended'), packet: z.int(), item: workItem }),
  z.object({ kind: z.literal('packetEnded'), packet: z.int() }),
  /** `prepare` or `open` failed. */
  z.object({ kind: z.literal('problem'), code: z.string(), message: z.string() }),
]);
export type WorkerReply = z.infer<typeof workerReply>;
