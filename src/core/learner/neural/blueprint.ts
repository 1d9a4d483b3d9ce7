import type { Head } from './heads';
import { panelled } from './kernels';

/** A matrix of parameters (rows × columns; a bias is one row), in panels of 8 columns within the net's flat vector. */
export interface Parameter {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Where it begins in the flat vector, in numbers; a multiple of 8. */
  readonly offset: number;
  /** Numbers it takes, padding included. */
  readonly size: number;
  /**
   * `weights` and `head` (weights of a last layer) can be penalised; `offset` is a task's own part of a softly shared
   * layer; `free` is never penalised; `state` is kept with the parameters, and no gradient moves it.
   */
  readonly role: 'weights' | 'head' | 'offset' | 'free' | 'state';
  /** Index of the task that alone uses it; absent: several tasks do. */
  readonly task?: number;
  /** How it starts; weights by the width of what they read and make. */
  readonly start: 'weights' | 'zero' | 'one' | 'embedding' | readonly number[];
}

/** Index into `Blueprint.widths`: the values of one layer for a batch. */
export type BufferId = number;

export type Step =
  | {
      readonly kind: 'dense';
      readonly from: BufferId;
      readonly to: BufferId;
      readonly weights: Parameter;
      readonly bias?: Parameter;
      /** Added to weights and bias: a task's own part. */
      readonly offsets?: { readonly weights: Parameter; readonly bias: Parameter };
      readonly rectify: boolean;
    }
  | {
      readonly kind: 'activation';
      readonly of: BufferId;
      readonly activation: Activation;
    }
  | {
      readonly kind: 'norm';
      readonly by: 'layer' | 'batch';
      readonly from: BufferId;
      readonly to: BufferId;
      readonly gain: Parameter;
      readonly shift: Parameter;
      /** Running moments of batch normalisation. */
      readonly mean?: Parameter;
      readonly variance?: Parameter;
    }
  | { readonly kind: 'dropout'; readonly from: BufferId; readonly to: BufferId; readonly mask: number }
  | {
      readonly kind: 'mixture';
      readonly experts: readonly BufferId[];
      /** Logits, one an expert. */
      readonly gate: BufferId;
      readonly to: BufferId;
    }
  | {
      readonly kind: 'stitch';
      readonly from: readonly BufferId[];
      readonly to: readonly BufferId[];
      readonly mixing: Parameter;
    };

export type Activation = 'relu' | 'tanh';

/** Outputs that lie side by side: one block of all heads, or one a task. */
export interface OutputBlock {
  readonly buffer: BufferId;
  /** Heads, with offsets within the block, and the index of their task. */
  readonly heads: readonly (Head & { readonly task: number })[];
  readonly width: number;
}

/** One-hot columns of a categorical feature: from … to. */
export interface CategoryColumns {
  readonly from: number;
  readonly to: number;
}

export interface NetShape {
  readonly architecture: 'shared-bottom' | 'mmoe' | 'cgc' | 'ple' | 'cross-stitch' | 'soft-sharing';
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly tower: readonly number[];
  readonly activation: Activation;
  readonly normalisation: 'none' | 'layer' | 'batch';
  readonly dropout: number;
  readonly experts: number;
  readonly taskExperts: number;
  /** Width of a category's embedding; 0: one-hot columns are read as they are. */
  readonly embedding: number;
  readonly categories: readonly CategoryColumns[];
  readonly tieHeads: boolean;
  readonly heads: readonly Head[];
}

/** A net as data: its parameters, and the steps of a forward pass in order. Buffer 0 is the input. */
export interface Blueprint {
  readonly shape: NetShape;
  readonly parameters: readonly Parameter[];
  /** Length of the flat vector. */
  readonly size: number;
  readonly widths: readonly number[];
  readonly steps: readonly Step[];
  readonly outputs: readonly OutputBlock[];
  /** Widths of the layers that drop units, by the index of their mask. */
  readonly masks: readonly number[];
  /** Weights of the last layer that several tasks use (GradNorm measures there). */
  readonly lastShared?: Parameter;
  /** The embedding layer's blocks, if there is one. */
  readonly embedding?: EmbeddingLayout;
}

/** Columns of the embedded input: numeric ones pass through, then every category's embedding. */
export interface EmbeddingLayout {
  readonly parameter: Parameter;
  readonly passed: readonly { readonly from: number; readonly to: number }[];
  readonly blocks: readonly (CategoryColumns & { readonly columns: CategoryColumns })[];
}

/** Lays out the net of a shape. The architectures are in `architectures.ts`. */
export class BlueprintBuilder {
  readonly parameters: Parameter[] = [];
  readonly widths: number[] = [];
  readonly steps: Step[] = [];
  readonly outputs: OutputBlock[] = [];
  readonly masks: number[] = [];
  lastShared: Parameter | undefined;
  embedding: EmbeddingLayout | undefined;
  private size = 0;

  constructor(readonly shape: NetShape) {
    this.widths.push(shape.inputs);
  }

  buffer(width: number): BufferId {
    this.widths.push(width);
    return this.widths.length - 1;
  }

  parameter(
    name: string,
    rows: number,
    columns: number,
    rest: Pick<Parameter, 'role' | 'task' | 'start'>,
  ): Parameter {
    const size = rows * panelled(columns);
    const parameter = { name, rows, columns, offset: this.size, size, ...rest };
    this.size += size;
    this.parameters.push(parameter);
    return parameter;
  }

  /** X W + b without activation: gates and heads. */
  affine(from: BufferId, width: number, name: string, role: 'weights' | 'head', task?: number): BufferId {
    const to = this.buffer(width);
    const weights = this.parameter(`${name}.weights`, this.widths[from], width, {
      role,
      task,
      start: 'weights',
    });
    const bias = this.parameter(`${name}.bias`, 1, width, { role: 'free', task, start: 'zero' });
    this.steps.push({ kind: 'dense', from, to, weights, bias, rectify: false });
    return to;
  }

  /** A hidden layer: affine, normalisation, activation, dropout. */
  layer(
    from: BufferId,
    width: number,
    name: string,
    { task, tied }: { task?: number; tied?: TiedLayer } = {},
  ): BufferId {
    const { activation, normalisation, dropout } = this.shape;
    const to = this.buffer(width);
    const { weights, bias, offsets } = tied
      ? { ...tied.common, offsets: this.offsets(tied, name, task) }
      : this.dense(from, width, name, task);
    if (task === undefined) this.lastShared = weights;
    const rectify = normalisation === 'none' && activation === 'relu';
    this.steps.push({ kind: 'dense', from, to, weights, bias, ...(offsets && { offsets }), rectify });
    const made = normalisation === 'none' ? to : this.norm(to, width, name, normalisation, task);
    if (!rectify) this.steps.push({ kind: 'activation', of: made, activation });
    if (dropout === 0) return made;
    const dropped = this.buffer(width);
    this.masks.push(width);
    this.steps.push({ kind: 'dropout', from: made, to: dropped, mask: this.masks.length - 1 });
    return dropped;
  }

  stack(from: BufferId, widths: readonly number[], name: string, task?: number): BufferId {
    return widths.reduce((at, width, l) => this.layer(at, width, `${name}${l}`, { task }), from);
  }

  dense(
    from: BufferId,
    width: number,
    name: string,
    task?: number,
    role: 'weights' | 'head' = 'weights',
  ): { weights: Parameter; bias: Parameter; offsets?: undefined } {
    const weights = this.parameter(`${name}.weights`, this.widths[from], width, {
      role,
      task,
      start: 'weights',
    });
    const bias = this.parameter(`${name}.bias`, 1, width, { role: 'free', task, start: 'zero' });
    return { weights, bias };
  }

  offsets({ common }: TiedLayer, name: string, task: number | undefined) {
    const own = (suffix: string, { rows, columns }: Parameter) =>
      this.parameter(`${name}.${suffix}`, rows, columns, { role: 'offset', task, start: 'zero' });
    return { weights: own('weights', common.weights), bias: own('bias', common.bias) };
  }

  mixture(experts: readonly BufferId[], gate: BufferId): BufferId {
    const to = this.buffer(this.widths[experts[0]]);
    this.steps.push({ kind: 'mixture', experts, gate, to });
    return to;
  }

  finish(): Blueprint {
    const { shape, parameters, size, widths, steps, outputs, masks, lastShared, embedding } = this;
    return {
      shape,
      parameters,
      size,
      widths,
      steps,
      outputs,
      masks,
      ...(lastShared && { lastShared }),
      ...(embedding && { embedding }),
    };
  }

  private norm(from: BufferId, width: number, name: string, by: 'layer' | 'batch', task?: number): BufferId {
    const to = this.buffer(width);
    const own = (suffix: string, start: 'zero' | 'one', role: 'free' | 'state') =>
      this.parameter(`${name}.${suffix}`, 1, width, { role, task, start });
    const gain = own('gain', 'one', 'free');
    const shift = own('shift', 'zero', 'free');
    const moments =
      by === 'batch' ? { mean: own('mean', 'zero', 'state'), variance: own('variance', 'one', 'state') } : {};
    this.steps.push({ kind: 'norm', by, from, to, gain, shift, ...moments });
    return to;
  }
}

/** A layer of which every task has a copy: the common part, to which each adds its own. */
export interface TiedLayer {
  readonly common: { readonly weights: Parameter; readonly bias: Parameter };
}
