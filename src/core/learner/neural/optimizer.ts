import type { Blueprint, Parameter } from './blueprint';
import type { NeuralParameters } from './parameters';
import type { Workspace } from './workspace';

/** Weights of the three penalties of a net. */
export interface Penalties {
  /** Of ½ Σ ‖W‖² over all weights, heads included. */
  readonly weights: number;
  /** Of ½ Σ ‖W‖² over the heads' weights. */
  readonly heads: number;
  /** Of ½ Σ_t ‖θ_t − θ‖² over softly shared layers. */
  readonly sharing: number;
}

/** λ takes the place of the penalty that `lambda_on` names. */
export function penaltiesOf(parameters: NeuralParameters, lambda: number | undefined): Penalties {
  const { lambda_on, weight_decay, head_penalty, sharing_strength } = parameters;
  const choose = (name: NeuralParameters['lambda_on'], otherwise: number) =>
    lambda_on === name ? (lambda ?? otherwise) : otherwise;
  return {
    weights: choose('weights', weight_decay),
    heads: choose('heads', head_penalty),
    sharing: choose('sharing', sharing_strength),
  };
}

/** Step size in an epoch, counted from 1. */
export function learningRateAt(
  { schedule, learning_rate, epochs, schedule_epochs, schedule_factor }: NeuralParameters,
  epoch: number,
): number {
  if (schedule === 'cosine') return (learning_rate / 2) * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs));
  if (schedule === 'step')
    return learning_rate * schedule_factor ** Math.floor((epoch - 1) / schedule_epochs);
  return learning_rate;
}

/** A stretch of the flat vector that is stepped with the same penalty. */
interface Stretch {
  readonly offset: number;
  size: number;
  readonly lambda: number;
  readonly sharing: number;
}

/**
 * Adam (Kingma and Ba 2015; β₁ = 0.9, β₂ = 0.999, ε = 1e-8), AdamW (Loshchilov and Hutter 2019) or gradient descent with
 * momentum (v ← μv + g, θ ← θ − ηv). Penalties are part of the gradient, but for AdamW's decay, and for soft sharing,
 * whose proximal step is taken after the gradient's: stable and exact however strong it is.
 */
export class Optimizer {
  private readonly stretches: readonly Stretch[];
  private readonly embedded: readonly Parameter[];

  constructor(
    private readonly blueprint: Blueprint,
    private readonly workspace: Workspace,
    private readonly settings: NeuralParameters,
    penalties: Penalties,
    /** Byte offsets of vectors of the net's length: the parameters, and the optimizer's two. */
    private readonly vectors: {
      readonly parameters: number;
      readonly first: number;
      readonly second: number;
    },
    private readonly embeddingMask: number,
  ) {
    const stretches: Stretch[] = [];
    for (const { offset, size, role } of blueprint.parameters) {
      if (role === 'state') continue;
      const heads = role === 'head' ? penalties.heads : 0;
      const lambda = role === 'weights' || role === 'head' ? penalties.weights + heads : 0;
      const sharing = role === 'offset' ? penalties.sharing : 0;
      const last = stretches.at(-1);
      if (last && last.offset + last.size === offset && last.lambda === lambda && last.sharing === sharing) {
        last.size += size;
      } else {
        stretches.push({ offset, size, lambda, sharing });
      }
    }
    this.stretches = stretches;
    this.embedded = blueprint.embedding ? [blueprint.embedding.parameter] : [];
  }

  /** @param step number of this step, from 1 */
  step(gradient: number, rate: number, step: number): void {
    const { run } = this.workspace.kernels;
    const { optimizer, momentum, clip } = this.settings;
    const { parameters, first, second } = this.vectors;
    for (const { offset, size } of this.embedded) {
      run.multiply(gradient + offset * 4, this.embeddingMask, gradient + offset * 4, size);
    }
    if (clip > 0) {
      const length = Math.sqrt(run.sumOfSquares(gradient, this.blueprint.size));
      if (length > clip) run.scale(clip / length, gradient, this.blueprint.size);
    }
    const corrected = rate / (1 - 0.9 ** step);
    const correction = 1 / Math.sqrt(1 - 0.999 ** step);
    for (const { offset, size, lambda, sharing } of this.stretches) {
      const at = offset * 4;
      const [w, g, m, v] = [parameters + at, gradient + at, first + at, second + at];
      if (optimizer === 'sgd') {
        run.descend(w, g, m, size, rate, momentum, lambda);
        if (sharing > 0) run.scale(1 / (1 + rate * sharing), w, size);
        continue;
      }
      const decoupled = optimizer === 'adamw';
      run.adam(
        w,
        g,
        m,
        v,
        size,
        corrected,
        correction,
        decoupled ? 0 : lambda,
        decoupled ? 1 - rate * lambda : 1,
      );
      if (sharing > 0) run.adamProximal(w, v, size, rate, correction, sharing);
    }
  }
}
