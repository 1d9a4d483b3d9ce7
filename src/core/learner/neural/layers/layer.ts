import type { BufferId, Parameter } from '../blueprint';
import { type Kernels, panelled } from '../kernels';
import type { Workspace } from '../workspace';

/** Values of one layer for a batch, and the slopes of the loss with respect to them; both in panels. */
export class Buffer {
  readonly values: number;
  readonly slopes: number;
  /** A layer behind has already left its slopes here: the next one adds. */
  reached = false;

  constructor(
    readonly width: number,
    readonly capacity: number,
    workspace: Workspace,
    /** The net's input wants no slopes. */
    readonly wantsSlopes: boolean,
    /** Slopes are wanted at the outputs in any case: losses write them. */
    slopes: boolean,
  ) {
    this.values = workspace.zeros(panelled(width) * capacity);
    this.slopes = slopes ? workspace.zeros(panelled(width) * capacity) : 0;
  }

  get size(): number {
    return panelled(this.width) * this.capacity;
  }
}

/** One pass over a batch with one member's parameters. */
export interface Pass {
  /** Byte offset of the member's flat parameter vector, and of the vector that receives its gradient. */
  readonly parameters: number;
  readonly gradient: number;
  /** Rows of the batch, and padded to a multiple of 4. */
  readonly rows: number;
  readonly padded: number;
  /** Dropout masks, as values in panels; batch normalisation by the batch's own moments. */
  readonly training: boolean;
}

export interface Layer {
  forward(pass: Pass): void;
  /** From the slopes of what it made: its parameters' gradient, and the slopes of what it read. */
  backward(pass: Pass): void;
}

export interface LayerContext {
  readonly kernels: Kernels;
  readonly workspace: Workspace;
  readonly buffers: readonly Buffer[];
  readonly training: boolean;
  /** Two pieces of memory that a layer may use within one call. */
  readonly scratch: Scratch;
}

export interface Scratch {
  /** Holds any parameter, or its transpose. */
  readonly matrix: number;
  /** Holds the values of any buffer. */
  readonly values: number;
  /** Zeros, as many as the widest buffer. */
  readonly zeros: number;
}

export function at(vector: number, { offset }: Parameter): number {
  return vector + offset * 4;
}

export function bufferOf({ buffers }: LayerContext, id: BufferId): Buffer {
  return buffers[id];
}

/** Where a layer's slopes for `buffer` are to be written: there, or beside it, to be added by `deliver`. */
export function slopesTarget(buffer: Buffer, scratch: Scratch): number {
  return buffer.reached ? scratch.values : buffer.slopes;
}

export function deliver(buffer: Buffer, { kernels, scratch }: LayerContext): void {
  if (buffer.reached) kernels.run.add(scratch.values, buffer.slopes, buffer.size);
  buffer.reached = true;
}
