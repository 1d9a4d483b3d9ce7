import type { OutputBlock } from './blueprint';
import type { Executor } from './executor';
import { panelled } from './kernels';
import type { Table } from './tables';

/**
 * The tasks' losses on a batch, and the slopes of their weighted sum at the net's outputs.
 *
 * ℓ is ½(z − y)² for regression, log(1 + e^z) − yz for a binary task, log Σ_k e^{z_k} − z_y for a multiclass one. A row
 * without a label for a task has share 0: no loss, and a slope of exactly 0.
 */
export class Losses {
  private readonly blocks: readonly LossBlock[];

  /** @param training the executor's buffers have slopes */
  constructor(executor: Executor) {
    this.blocks = executor.blueprint.outputs.map((block, b) => new LossBlock(block, b, executor));
  }

  /** Fetches the labels of the batch whose row numbers lie at `rows`. */
  gather(table: Table, rows: number, count: number): void {
    for (const block of this.blocks) block.gather(table, rows, count);
  }

  /**
   * @param factors of every task's slopes: slopes are those of Σ_t factor_t Σ_i a_it ℓ_it
   * @param sums one a task; Σ_i a_it ℓ_it is added
   */
  evaluate(factors: ArrayLike<number>, padded: number, sums: Float64Array): void {
    for (const block of this.blocks) block.evaluate(factors, padded, sums);
  }

  /** The losses alone. */
  sums(padded: number, sums: Float64Array): void {
    this.evaluate(new Float64Array(sums.length), padded, sums);
  }
}

class LossBlock {
  private readonly targets: number;
  private readonly shares: number;
  private readonly isBinary: number;
  private readonly isActive: number;
  private readonly weights: number;
  private readonly sums: number;

  constructor(
    private readonly block: OutputBlock,
    private readonly index: number,
    private readonly executor: Executor,
  ) {
    const { workspace, capacity } = executor;
    const width = panelled(block.width);
    this.targets = workspace.zeros(width * capacity);
    this.shares = workspace.zeros(width * capacity);
    this.isBinary = workspace.zeros(width);
    this.isActive = workspace.zeros(width);
    this.weights = workspace.zeros(width);
    this.sums = workspace.zeros(width);
    const { integers } = workspace.kernels;
    for (const { type, offset } of block.heads) {
      if (type === 'binary') integers[this.isBinary / 4 + offset] = -1;
      if (type !== 'multiclass') integers[this.isActive / 4 + offset] = -1;
    }
  }

  gather(table: Table, rows: number, count: number): void {
    const { workspace, capacity } = this.executor;
    const { run } = workspace.kernels;
    const { targets, shares, stride } = table.blocks[this.index];
    run.gather(targets, stride, rows, count, capacity, this.targets);
    run.gather(shares, stride, rows, count, capacity, this.shares);
  }

  evaluate(factors: ArrayLike<number>, padded: number, sums: Float64Array): void {
    const { workspace, capacity, buffers } = this.executor;
    const { run, numbers } = workspace.kernels;
    const { values, slopes } = buffers[this.block.buffer];
    for (const { offset, task } of this.block.heads) numbers[this.weights / 4 + offset] = factors[task];
    const { targets, shares, isBinary, isActive, weights, sums: columns } = this;
    const { width } = this.block;
    run.pointwiseLosses(
      values,
      targets,
      shares,
      isBinary,
      isActive,
      weights,
      slopes,
      columns,
      width,
      capacity,
      padded,
    );
    for (const { type, offset, task, width: classes } of this.block.heads) {
      sums[task] +=
        type === 'multiclass'
          ? this.softmax(offset, classes, factors[task], padded)
          : numbers[columns / 4 + offset];
    }
  }

  /** Loss of a multiclass head over the batch; fills its columns of the slopes. */
  private softmax(offset: number, classes: number, factor: number, padded: number): number {
    const { workspace, capacity, buffers } = this.executor;
    const f = workspace.kernels.numbers;
    const { values, slopes } = buffers[this.block.buffer];
    const cell = (row: number, j: number) => (j >> 3) * capacity * 8 + row * 8 + (j & 7);
    let total = 0;
    for (let row = 0; row < padded; row++) {
      const share = f[this.shares / 4 + cell(row, offset)];
      if (share === 0) continue;
      const target = f[this.targets / 4 + cell(row, offset)];
      let largest = f[values / 4 + cell(row, offset)];
      for (let k = 1; k < classes; k++) largest = Math.max(largest, f[values / 4 + cell(row, offset + k)]);
      let sum = 0;
      for (let k = 0; k < classes; k++) sum += Math.exp(f[values / 4 + cell(row, offset + k)] - largest);
      for (let k = 0; k < classes; k++) {
        const probability = Math.exp(f[values / 4 + cell(row, offset + k)] - largest) / sum;
        f[slopes / 4 + cell(row, offset + k)] = factor * share * (probability - (k === target ? 1 : 0));
      }
      total += share * (largest + Math.log(sum) - f[values / 4 + cell(row, offset + target)]);
    }
    return total;
  }
}
