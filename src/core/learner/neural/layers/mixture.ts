import type { Step } from '../blueprint';
import { panelled } from '../kernels';
import { bufferOf, type Layer, type LayerContext } from './layer';

/** y = Σ_e p_e x_e with p = softmax(gate), row by row (Ma et al. 2018). */
export function mixtureLayer(step: Extract<Step, { kind: 'mixture' }>, context: LayerContext): Layer {
  const { kernels, workspace } = context;
  const experts = step.experts.map((id) => bufferOf(context, id));
  const gate = bufferOf(context, step.gate);
  const to = bufferOf(context, step.to);
  const shares = workspace.allocate(panelled(gate.width) * gate.capacity);
  const panels = panelled(to.width) / 8;
  const skip = to.capacity * 8;
  /** Index within a gate's panels. */
  const own = (row: number, e: number) => (e >> 3) * skip + row * 8 + (e & 7);

  return {
    forward({ padded }) {
      const f = kernels.numbers;
      for (let row = 0; row < padded; row++) {
        let largest = -Infinity;
        for (let e = 0; e < experts.length; e++) {
          largest = Math.max(largest, f[gate.values / 4 + own(row, e)]);
        }
        let sum = 0;
        for (let e = 0; e < experts.length; e++) sum += Math.exp(f[gate.values / 4 + own(row, e)] - largest);
        for (let e = 0; e < experts.length; e++) {
          f[shares / 4 + own(row, e)] = Math.exp(f[gate.values / 4 + own(row, e)] - largest) / sum;
        }
        for (let p = 0; p < panels; p++) {
          const cell = p * skip + row * 8;
          for (let c = 0; c < 8; c++) {
            let mixed = 0;
            for (let e = 0; e < experts.length; e++) {
              mixed += f[shares / 4 + own(row, e)] * f[experts[e].values / 4 + cell + c];
            }
            f[to.values / 4 + cell + c] = mixed;
          }
        }
      }
    },

    // ∂/∂x_e = p_e dy and ∂/∂logit_e = p_e (dy·x_e − Σ_j p_j dy·x_j).
    backward({ padded }) {
      const f = kernels.numbers;
      const products = new Float64Array(experts.length);
      for (let row = 0; row < padded; row++) {
        let mean = 0;
        for (let e = 0; e < experts.length; e++) {
          const share = f[shares / 4 + own(row, e)];
          const { values, slopes, reached } = experts[e];
          let product = 0;
          for (let p = 0; p < panels; p++) {
            const cell = p * skip + row * 8;
            for (let c = 0; c < 8; c++) {
              const slope = f[to.slopes / 4 + cell + c];
              product += slope * f[values / 4 + cell + c];
              const index = slopes / 4 + cell + c;
              f[index] = reached ? f[index] + share * slope : share * slope;
            }
          }
          products[e] = product;
          mean += share * product;
        }
        for (let e = 0; e < experts.length; e++) {
          f[gate.slopes / 4 + own(row, e)] = f[shares / 4 + own(row, e)] * (products[e] - mean);
        }
      }
      for (const expert of experts) expert.reached = true;
      gate.reached = true;
    },
  };
}
