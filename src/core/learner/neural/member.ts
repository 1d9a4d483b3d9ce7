import type { Blueprint } from './blueprint';
import type { Executor } from './executor';
import type { Head } from './heads';
import { panelled } from './kernels';
import type { Losses } from './losses';
import { learningRateAt, Optimizer, type Penalties, penaltiesOf } from './optimizer';
import { panelIndex } from './panels';
import type { NeuralParameters } from './parameters';
import { type TaskGradients, type Weighting, weightingOf } from './weighting';
import type { Workspace } from './workspace';

/** One configuration of a stack. */
export interface MemberPlan {
  readonly lambda?: number;
  readonly parameters: NeuralParameters;
}

/** What all members of a stack work with. */
export interface Bench {
  readonly blueprint: Blueprint;
  readonly workspace: Workspace;
  readonly executor: Executor;
  readonly losses: Losses;
  readonly heads: readonly Head[];
  readonly seed: number;
  /** Byte offsets of two vectors of the net's length: the gradient, and that of one task. */
  readonly gradient: number;
  readonly taskGradient: number;
  /** Byte offset of the embedding's mask: 1 where a parameter is free. */
  readonly embeddingMask: number;
}

/** Where a member's vectors lie, as byte offsets. */
export interface MemberVectors {
  readonly parameters: number;
  /** The optimizer's two; 0: it needs none. */
  readonly first: number;
  readonly second: number;
  /** Float64 numbers that go from thread to thread with the member. */
  readonly slot: number;
}

/** Everything of a member that a checkpoint must hold. */
export interface MemberState {
  readonly parameters: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly weighting: Float64Array;
  readonly kept: Float32Array;
  readonly keptEpoch: number;
  readonly lowest: number;
  readonly renewedAt: number;
  readonly ended: boolean;
  readonly converged: boolean;
}

/** One net in training, with its own parameters, optimizer and weights of tasks; it ends on its own. */
export class Member {
  readonly penalties: Penalties;
  kept: Float32Array = new Float32Array(0);
  keptEpoch = 0;
  lowest = Infinity;
  renewedAt = 0;
  ended = false;
  converged = false;
  /** Σ_i a_it ℓ_it of every task over the batches of the epoch so far, and over the held-out rows. */
  readonly losses: Float64Array;
  readonly heldOut: Float64Array;
  private readonly weighting: Weighting;
  private readonly optimizer: Optimizer;
  private readonly batchLosses: Float64Array;

  constructor(
    readonly plan: MemberPlan,
    private readonly bench: Bench,
    private readonly vectors: MemberVectors,
  ) {
    const { workspace, blueprint, heads, seed, embeddingMask } = bench;
    const { parameters, lambda } = plan;
    this.penalties = penaltiesOf(parameters, lambda);
    this.weighting = weightingOf(parameters, heads, blueprint, seed);
    this.optimizer = new Optimizer(
      blueprint,
      workspace,
      parameters,
      this.penalties,
      this.vectors,
      embeddingMask,
    );
    this.losses = new Float64Array(heads.length);
    this.heldOut = new Float64Array(heads.length);
    this.batchLosses = new Float64Array(heads.length);
  }

  get parameters(): number {
    return this.vectors.parameters;
  }

  /** Keeps the weights as they are. */
  keep(epoch: number): void {
    this.kept = this.bench.workspace.read(this.parameters, this.bench.blueprint.size);
    this.keptEpoch = epoch;
  }

  /** Leaves in its slot what of it is not in vectors, for the same member on another thread to take over. */
  leave(): void {
    let at = 0;
    for (const values of this.moving()) {
      this.slot().set(values, at);
      at += values.length;
    }
  }

  takeOver(): void {
    const slot = this.slot();
    let at = 0;
    for (const values of this.moving()) {
      values.set(slot.subarray(at, at + values.length));
      at += values.length;
    }
  }

  /**
   * One step on the batch B in the executor's input, along the gradient of
   *
   *     (n / |B|) Σ_t w_t Σ_{i∈B} a_it ℓ_it + penalties
   *
   * with n training rows and a_it the share of row i in L_t over all of them. Its expectation over batches is the
   * gradient of the objective itself, however unevenly the labels fall into the batches; a mean over the labelled rows
   * of each batch would weigh every label anew by who else is in its batch.
   *
   * @param scale n / |B|
   * @param step number of this step, from 1
   */
  step(rows: number, scale: number, epoch: number, step: number): void {
    const { executor, losses, gradient, workspace, blueprint } = this.bench;
    const { weighting, batchLosses } = this;
    const pass = executor.pass(this.parameters, gradient, rows, true);
    const rate = learningRateAt(this.plan.parameters, epoch);
    executor.forward(pass);
    batchLosses.fill(0);
    const factors = weighting.factors().map((factor) => scale * factor);
    losses.evaluate(factors, pass.padded, batchLosses);
    for (let t = 0; t < batchLosses.length; t++) this.losses[t] += batchLosses[t];
    const gradients = this.taskGradients(rows, scale);
    if (weighting.combine) {
      workspace.kernels.numbers.set(weighting.combine(gradients, step), gradient / 4);
    } else {
      executor.backward(pass);
    }
    const estimates = batchLosses.map((loss) => scale * loss);
    weighting.learn?.(estimates, gradients, rate, step);
    this.optimizer.step(gradient, rate, step);
    if (blueprint.embedding) this.restoreEmbedding();
  }

  endEpoch(): void {
    this.weighting.endEpoch?.(this.losses);
  }

  /** Σ penalty · R of the parameters as they are, and the R that λ weighs. */
  penalty(): { readonly total: number; readonly weighed: number } {
    const { workspace, blueprint } = this.bench;
    const { run } = workspace.kernels;
    let [weights, heads, sharing] = [0, 0, 0];
    for (const { role, offset, size } of blueprint.parameters) {
      if (role !== 'weights' && role !== 'head' && role !== 'offset') continue;
      const half = run.sumOfSquares(this.parameters + offset * 4, size) / 2;
      if (role === 'offset') sharing += half;
      else weights += half;
      if (role === 'head') heads += half;
    }
    const all = { weights, heads, sharing };
    const total =
      this.penalties.weights * weights + this.penalties.heads * heads + this.penalties.sharing * sharing;
    return { total, weighed: all[this.plan.parameters.lambda_on] };
  }

  save(): MemberState {
    const { workspace, blueprint } = this.bench;
    const { parameters, first, second } = this.vectors;
    const { kept, keptEpoch, lowest, renewedAt, ended, converged } = this;
    const read = (at: number) => (at === 0 ? new Float32Array(0) : workspace.read(at, blueprint.size));
    return {
      parameters: workspace.read(parameters, blueprint.size),
      first: read(first),
      second: read(second),
      weighting: this.weighting.state.slice(),
      kept: kept.slice(),
      keptEpoch,
      lowest,
      renewedAt,
      ended,
      converged,
    };
  }

  restore(state: MemberState): void {
    const { numbers } = this.bench.workspace.kernels;
    numbers.set(state.parameters, this.vectors.parameters / 4);
    numbers.set(state.first, this.vectors.first / 4);
    if (this.vectors.second > 0) numbers.set(state.second, this.vectors.second / 4);
    this.weighting.state.set(state.weighting);
    this.kept = state.kept.slice();
    const { keptEpoch, lowest, renewedAt, ended, converged } = state;
    Object.assign(this, { keptEpoch, lowest, renewedAt, ended, converged });
  }

  private moving(): readonly Float64Array[] {
    return [this.losses, this.heldOut, this.weighting.state];
  }

  private slot(): Float64Array {
    const { numbers } = this.bench.workspace.kernels;
    return new Float64Array(numbers.buffer, this.vectors.slot, slotLength(this.losses.length));
  }

  /** The gradient of one task's loss, by a backward pass of its own. */
  private taskGradients(rows: number, scale: number): TaskGradients {
    const { executor, losses, taskGradient, workspace, blueprint } = this.bench;
    const ignored = new Float64Array(this.batchLosses.length);
    return {
      of: (task) => {
        const alone = ignored.map((_, t) => (t === task ? scale : 0));
        const pass = executor.pass(this.parameters, taskGradient, rows, true);
        losses.evaluate(alone, pass.padded, ignored.slice());
        executor.backward(pass);
        return workspace.read(taskGradient, blueprint.size);
      },
    };
  }

  /** What is not an embedding's own block stays as it was: zero, or a number passed through. */
  private restoreEmbedding(): void {
    const { workspace, blueprint, embeddingMask } = this.bench;
    if (!blueprint.embedding) return;
    const { parameter, passed } = blueprint.embedding;
    const at = this.parameters + parameter.offset * 4;
    workspace.kernels.run.multiply(at, embeddingMask, at, parameter.size);
    for (const { from, to } of passed) {
      workspace.kernels.numbers[at / 4 + panelIndex(parameter, from, to)] = 1;
    }
  }
}

/** Vectors of a member that begins with those parameters. */
export function storeMember(
  { parameters }: MemberPlan,
  initial: Float32Array,
  tasks: number,
  workspace: Workspace,
): MemberVectors {
  return {
    parameters: workspace.store(initial),
    first: workspace.zeros(initial.length),
    second: parameters.optimizer === 'sgd' ? 0 : workspace.zeros(initial.length),
    slot: workspace.zeros(2 * slotLength(tasks)),
  };
}

/** Two losses a task, and no weighting scheme has more than four numbers a task. */
function slotLength(tasks: number): number {
  return 6 * tasks;
}

/** 1 where a parameter of the embedding layer is free. */
export function storeEmbeddingMask({ embedding }: Blueprint, workspace: Workspace): number {
  if (!embedding) return 0;
  const { parameter, blocks } = embedding;
  const mask = new Float32Array(parameter.rows * panelled(parameter.columns));
  for (const { from, to, columns } of blocks) {
    for (let i = from; i < to; i++) {
      for (let j = columns.from; j < columns.to; j++) mask[panelIndex(parameter, i, j)] = 1;
    }
  }
  return workspace.store(mask);
}
