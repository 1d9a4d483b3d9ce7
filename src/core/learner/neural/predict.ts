import type { Blueprint } from './blueprint';
import { Executor } from './executor';
import { paddedRows } from './kernels';
import { withWorkspaceNow } from './workspace';

/** Rows of a forward pass. */
const ROWS = 512;

/**
 * Outputs of a net for rows of encoded features, computed by the kernels.
 *
 * @param weights the net's flat vector
 * @param inputs row-major (rows × inputs)
 * @returns row-major (rows × outputs), heads side by side in the order of the tasks
 */
export function netOutputs(
  blueprint: Blueprint,
  weights: Float32Array,
  inputs: Float32Array,
  rows: number,
): Float32Array {
  const { shape } = blueprint;
  const columns = shape.heads.reduce((sum, head) => sum + head.width, 0);
  const outputs = new Float32Array(rows * columns);
  if (rows === 0) return outputs;
  return withWorkspaceNow((workspace) => {
    const executor = new Executor(blueprint, workspace, paddedRows(Math.min(ROWS, rows)), false);
    const { capacity, buffers } = executor;
    const parameters = workspace.store(weights);
    const stride = (shape.inputs + 3) & ~3;
    const table = workspace.zeros(capacity * stride);
    const order = workspace.allocate(capacity);
    const { numbers, integers } = workspace.kernels;
    for (let i = 0; i < capacity; i++) integers[order / 4 + i] = i;
    for (let start = 0; start < rows; start += capacity) {
      const count = Math.min(capacity, rows - start);
      for (let i = 0; i < count; i++) {
        const from = (start + i) * shape.inputs;
        numbers.set(inputs.subarray(from, from + shape.inputs), table / 4 + i * stride);
      }
      executor.gather(table, stride, order, count);
      executor.forward(executor.pass(parameters, 0, count, false));
      for (const { buffer, heads } of blueprint.outputs) {
        const values = buffers[buffer].values / 4;
        for (const { offset, width, task } of heads) {
          for (let k = 0; k < width; k++) {
            const column = values + ((offset + k) >> 3) * capacity * 8 + ((offset + k) & 7);
            const to = start * columns + shape.heads[task].offset + k;
            for (let i = 0; i < count; i++) outputs[to + i * columns] = numbers[column + i * 8];
          }
        }
      }
    }
    return outputs;
  });
}
