import type { Blueprint } from './blueprint';
import type { Examples } from './training-data';
import type { Workspace } from './workspace';

/** Examples in a workspace's memory: row-major, every row padded with zeros to a multiple of 4 numbers. */
export interface Table {
  readonly count: number;
  readonly inputs: number;
  readonly stride: number;
  /** Targets and shares of each output block, one column an output. */
  readonly blocks: readonly { readonly targets: number; readonly shares: number; readonly stride: number }[];
}

/**
 * A binary or regression task has its target and share in its own column, a multiclass one its class code and share in
 * the first of its columns.
 */
export function storeTable(blueprint: Blueprint, examples: Examples, workspace: Workspace): Table {
  const { inputs: columns, heads } = blueprint.shape;
  const { count } = examples;
  const stride = padded(columns);
  const inputs = workspace.zeros(count * stride);
  const { kernels } = workspace;
  for (let i = 0; i < count; i++) {
    kernels.numbers.set(examples.inputs.subarray(i * columns, (i + 1) * columns), inputs / 4 + i * stride);
  }
  const blocks = blueprint.outputs.map((block) => {
    const blockStride = padded(block.width);
    const targets = workspace.zeros(count * blockStride);
    const shares = workspace.zeros(count * blockStride);
    const { numbers } = kernels;
    for (const { offset, task } of block.heads) {
      for (let i = 0; i < count; i++) {
        const share = examples.shares[i * heads.length + task];
        if (share === 0) continue;
        numbers[targets / 4 + i * blockStride + offset] = examples.values[i * heads.length + task];
        numbers[shares / 4 + i * blockStride + offset] = share;
      }
    }
    return { targets, shares, stride: blockStride };
  });
  return { count, inputs, stride, blocks };
}

function padded(columns: number): number {
  return (columns + 3) & ~3;
}
