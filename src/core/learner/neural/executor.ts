import type { Blueprint, Parameter } from './blueprint';
import { paddedRows, panelled } from './kernels';
import { Buffer, type Layer, layerOf, type Pass } from './layers';
import type { Workspace } from './workspace';

/**
 * A net ready to run on batches of up to `capacity` rows. Parameters are not its own: every pass is told where those of
 * the member at hand lie, so that any number of members share the buffers, and one member's numbers do not depend on
 * who else is there.
 */
export class Executor {
  readonly buffers: readonly Buffer[];
  /** Byte offsets of the dropout masks, in panels. */
  readonly masks: readonly number[];
  private readonly layers: readonly Layer[];
  /** Common parts of softly shared layers: their gradient is a sum over the tasks. All others are written by one step. */
  private readonly collecting: readonly Parameter[];

  /** @param capacity most rows of a batch; a multiple of 4 */
  constructor(
    readonly blueprint: Blueprint,
    readonly workspace: Workspace,
    readonly capacity: number,
    training: boolean,
  ) {
    const { widths, steps, parameters, masks } = blueprint;
    const ends = new Set(blueprint.outputs.map(({ buffer }) => buffer));
    this.buffers = widths.map(
      (width, b) => new Buffer(width, capacity, workspace, b > 0, training || ends.has(b)),
    );
    this.masks = training ? masks.map((width) => workspace.zeros(panelled(width) * capacity)) : [];
    const widest = Math.max(...widths.map(panelled), ...parameters.map(({ rows }) => panelled(rows)));
    const scratch = {
      matrix: training
        ? workspace.allocate(
            Math.max(...parameters.map(({ rows, columns }) => panelled(rows) * panelled(columns))),
          )
        : 0,
      values: training ? workspace.allocate(widest * capacity) : 0,
      zeros: workspace.zeros(widest),
    };
    const context = { kernels: workspace.kernels, workspace, buffers: this.buffers, training, scratch };
    this.collecting = steps.flatMap((step) =>
      step.kind === 'dense' && step.offsets && step.bias ? [step.weights, step.bias] : [],
    );
    this.layers = steps.map((step) => layerOf(step, this.masks, context));
  }

  /** From the values of buffer 0 to those of the outputs. */
  forward(pass: Pass): void {
    for (const layer of this.layers) layer.forward(pass);
  }

  /** From the slopes of the outputs to the gradient, which it overwrites; `state` has none and stays as it is, zero. */
  backward(pass: Pass): void {
    const { numbers } = this.workspace.kernels;
    for (const { offset, size } of this.collecting) {
      numbers.fill(0, pass.gradient / 4 + offset, pass.gradient / 4 + offset + size);
    }
    for (const buffer of this.buffers) buffer.reached = false;
    for (const { buffer } of this.blueprint.outputs) this.buffers[buffer].reached = true;
    for (let l = this.layers.length - 1; l >= 0; l--) this.layers[l].backward(pass);
  }

  /** Puts rows of a row-major table at `source` into the input. */
  gather(source: number, stride: number, rows: number, count: number): void {
    this.workspace.kernels.run.gather(source, stride, rows, count, this.capacity, this.buffers[0].values);
  }

  pass(parameters: number, gradient: number, rows: number, training: boolean): Pass {
    return { parameters, gradient, rows, padded: paddedRows(rows), training };
  }
}
