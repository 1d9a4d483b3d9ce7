import type { Step } from '../blueprint';
import { panelIndex } from '../panels';
import { bufferOf, type Layer, type LayerContext } from './layer';

/** y_t = Σ_s α_ts x_s: what each task's layer made, mixed by learned factors (Misra et al. 2016). */
export function stitchLayer(step: Extract<Step, { kind: 'stitch' }>, context: LayerContext): Layer {
  const { kernels, scratch } = context;
  const { run } = kernels;
  const from = step.from.map((id) => bufferOf(context, id));
  const to = step.to.map((id) => bufferOf(context, id));
  const factor = (vector: number, t: number, s: number) =>
    vector / 4 + step.mixing.offset + panelIndex(step.mixing, t, s);

  return {
    forward({ parameters }) {
      to.forEach(({ values, size }, t) => {
        kernels.numbers.fill(0, values / 4, values / 4 + size);
        from.forEach((source, s) => {
          run.addScaled(kernels.numbers[factor(parameters, t, s)], source.values, values, size);
        });
      });
    },

    backward({ parameters, gradient, padded }) {
      const f = kernels.numbers;
      from.forEach((source, s) => {
        if (!source.reached) f.fill(0, source.slopes / 4, source.slopes / 4 + source.size);
        source.reached = true;
        to.forEach(({ slopes, size, width, capacity }, t) => {
          run.addScaled(f[factor(parameters, t, s)], slopes, source.slopes, size);
          run.columnProducts(slopes, source.values, scratch.values, width, capacity, padded);
          let sum = 0;
          for (let j = 0; j < width; j++) sum += f[scratch.values / 4 + j];
          f[factor(gradient, t, s)] = sum;
        });
      });
    },
  };
}
