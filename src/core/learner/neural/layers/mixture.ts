import type { Step } from '../blueprint';
import { panelled } from '../kernels';
import { bufferOf, type Layer, type LayerContext } from './layer';

/** y = Σ_e p_e x_e with p = softmax(gate), row by row (Ma et al. 2018). */
export function mixtureLayer(step: Extract<Step, { kind: 'mixture' }>, context: LayerContext): Layer {
  const { kernels, workspace } = context;
  const { run } = kernels;
  const experts = step.experts.map((id) => bufferOf(context, id));
  const gate = bufferOf(context, step.gate);
  const to = bufferOf(context, step.to);
  const { width, capacity } = to;
  const size = panelled(gate.width) * capacity;
  const shares = workspace.zeros(size);
  const products = context.training ? workspace.zeros(size) : 0;
  /** Byte offset of an expert's column within panels of the gate's width. */
  const column = (e: number) => (e >> 3) * capacity * 32 + (e & 7) * 4;

  return {
    forward({ padded }) {
      run.softmaxRows(gate.values, shares, gate.width, capacity, padded);
      experts.forEach(({ values }, e) => {
        run.mixRows(shares + column(e), values, to.values, width, capacity, padded, e === 0 ? 0 : 1);
      });
    },

    // ∂/∂x_e = p_e dy and ∂/∂logit_e = p_e (dy·x_e − Σ_j p_j dy·x_j).
    backward({ padded }) {
      experts.forEach((expert, e) => {
        const { values, slopes, reached } = expert;
        run.rowProducts(values, to.slopes, products + column(e), width, capacity, padded);
        run.mixRows(shares + column(e), to.slopes, slopes, width, capacity, padded, reached ? 1 : 0);
        expert.reached = true;
      });
      run.softmaxRowsGradient(shares, products, gate.slopes, gate.width, capacity, padded);
      gate.reached = true;
    },
  };
}
