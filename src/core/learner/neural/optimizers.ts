import type { NeuralParameters } from './parameters';

/** Moves the parameters against a gradient; keeps its own state of their length. */
export interface Optimizer {
  step(parameters: Float32Array, gradient: Float32Array): void;
}

export function createOptimizer(
  { optimizer, learning_rate, momentum }: NeuralParameters,
  size: number,
): Optimizer {
  return optimizer === 'adam'
    ? new Adam(size, learning_rate)
    : new MomentumDescent(size, learning_rate, momentum);
}

/** Adam (Kingma and Ba 2015) with β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
class Adam implements Optimizer {
  private readonly mean: Float32Array;
  private readonly square: Float32Array;
  private steps = 0;

  constructor(
    size: number,
    private readonly rate: number,
  ) {
    this.mean = new Float32Array(size);
    this.square = new Float32Array(size);
  }

  step(parameters: Float32Array, gradient: Float32Array): void {
    this.steps++;
    const { mean, square } = this;
    const rate = this.rate / (1 - 0.9 ** this.steps);
    const correction = 1 / Math.sqrt(1 - 0.999 ** this.steps);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i];
      const m = mean[i] + 0.1 * (g - mean[i]);
      const v = square[i] + 0.001 * (g * g - square[i]);
      mean[i] = m;
      square[i] = v;
      parameters[i] -= (rate * m) / (Math.sqrt(v) * correction + 1e-8);
    }
  }
}

/** Gradient descent with momentum: v ← μv + g, θ ← θ − ηv. */
class MomentumDescent implements Optimizer {
  private readonly velocity: Float32Array;

  constructor(
    size: number,
    private readonly rate: number,
    private readonly momentum: number,
  ) {
    this.velocity = new Float32Array(size);
  }

  step(parameters: Float32Array, gradient: Float32Array): void {
    const { velocity, rate, momentum } = this;
    for (let i = 0; i < parameters.length; i++) {
      const v = momentum * velocity[i] + gradient[i];
      velocity[i] = v;
      parameters[i] -= rate * v;
    }
  }
}
