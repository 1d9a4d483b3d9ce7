import { BlockGram } from '../block-gram';
import { allFeatures } from '../design';
import type { LinearProblem, TaskRows } from '../linear-problem';
import { RowSample } from '../row-sample';
import { CurvatureBlock } from './curvature-block';

/** −∂L: by the weights, features × columns, and by the intercepts. */
export interface Slope {
  readonly V: Float64Array;
  readonly intercepts: Float64Array;
}

/**
 * The loss around a point, by the gradient there and second derivatives: those of squared losses over all rows, of others over
 * a sample of them, which also says how far the gradient is from the quadratic model where a step ends. Intercepts are eliminated.
 */
export class CurvatureModel {
  private readonly blocks: readonly CurvatureBlock[];
  private readonly sample: RowSample | undefined;
  /** The sample's predictions at the point and where a step has led, and −∂L by weights and intercepts there. */
  private readonly start: Float64Array;
  private readonly now: Float64Array;
  private readonly theta: Float64Array;
  private readonly before: Float64Array;
  private readonly after: Float64Array;

  /** @param size rows of the sample */
  constructor(
    private readonly problem: LinearProblem,
    size: number,
  ) {
    const { design, tasks, columns } = problem;
    if (tasks.some((task) => !task.loss.quadratic)) this.sample = new RowSample(problem, size);
    const known: { task: TaskRows; raw: Float64Array }[] = [];
    this.blocks = tasks.map((task) => {
      const block = new CurvatureBlock(problem, task);
      if (!task.loss.quadratic) return block;
      const twin = known.find((one) => sameWeights(one.task, task));
      const raw = twin?.raw ?? productsOf(problem, task);
      if (!twin) known.push({ task, raw });
      block.take(raw, task.taskWeight);
      return block;
    });
    const rows = columns * (this.sample?.count ?? 0);
    this.start = new Float64Array(rows);
    this.now = new Float64Array(rows);
    this.theta = new Float64Array(rows);
    const sums = (design.featureCount + 1) * columns;
    this.before = new Float64Array(sums);
    this.after = new Float64Array(sums);
  }

  /** Whether the quadratic model is the loss itself. */
  get exact(): boolean {
    return this.sample === undefined;
  }

  /** Takes the second derivatives at a point with these predictions. */
  begin(Z: Float64Array): void {
    this.sample?.gather(this.problem.tasks, Z, this.start);
    this.now.set(this.start);
    this.look();
  }

  /**
   * Moves on to where D and β lead from the point; the second derivatives stay.
   * @param from −∂L at the point, over all rows
   * @param to filled with about −∂L there: over all rows at the point, and so much more as the sample has there
   */
  advance(D: Float64Array, beta: Float64Array, from: Slope, to: Slope): void {
    const { problem, sample, now, before, after } = this;
    if (sample) {
      now.set(this.start);
      this.slopeInto(before);
      sample.addProducts(D, beta, now);
      this.slopeInto(after);
    }
    const image = new Float64Array(D.length);
    this.times(D, image);
    this.reduce(from, to.V);
    for (const { loss, firstColumn, width } of problem.tasks) {
      for (let c = firstColumn; c < firstColumn + width; c++) {
        for (let i = c; i < D.length; i += problem.columns) {
          to.V[i] = loss.quadratic ? to.V[i] - image[i] : from.V[i] + after[i] - before[i];
        }
        const i = D.length + c;
        to.intercepts[c] = loss.quadratic ? 0 : from.intercepts[c] + after[i] - before[i];
      }
    }
  }

  /** Takes the second derivatives where it has moved to. */
  look(): void {
    const { sample, now, problem } = this;
    if (!sample) return;
    problem.tasks.forEach((task, t) => {
      if (!task.loss.quadratic) this.blocks[t].look(sample, sample.tasks[t], now);
    });
  }

  private slopeInto(out: Float64Array): void {
    const { sample, now, theta, problem } = this;
    if (!sample) return;
    problem.tasks.forEach((task, t) => {
      if (!task.loss.quadratic) task.loss.evaluate(sample.tasks[t], now, theta);
    });
    sample.correlate(theta, out);
  }

  /** The gradient where intercepts follow the weights: V − B C⁻¹ s. */
  reduce({ V, intercepts }: Slope, out: Float64Array): void {
    out.set(V);
    for (const block of this.blocks) block.reduce(intercepts, out);
  }

  /** How far the intercepts go with the weights: C⁻¹ (s − Bᵀ D). */
  followInto(D: Float64Array, intercepts: Float64Array, out: Float64Array): void {
    for (const block of this.blocks) block.follow(D, intercepts, out);
  }

  /** out = H D, both features × columns. */
  times(D: Float64Array, out: Float64Array): void {
    for (const block of this.blocks) block.times(D, out);
  }

  /** Largest second derivative along one weight. */
  largestDiagonal(): number {
    return this.blocks.reduce((largest, block) => Math.max(largest, block.largestDiagonal()), 0);
  }

  /**
   * Approximate inverse of H + diag(a): the blocks' own inverses.
   * @param a features × columns
   */
  inverseWith(a: Float64Array): (residual: Float64Array, out: Float64Array) => void {
    const inverses = this.blocks.map((block) => block.inverseWith(a));
    return (residual, out) => {
      for (const inverse of inverses) inverse(residual, out);
    };
  }
}

/** Σ h x xᵀ with a 1 at the end of x, h the weights of a squared loss, summing to 1. */
function productsOf({ design }: LinearProblem, task: TaskRows): Float64Array {
  const { featureCount } = design;
  const weight = task.weight.map((w) => w / task.taskWeight);
  const gram = new BlockGram(design, undefined, weight, 0, false);
  const all = allFeatures(design);
  const G = gram.gather(all);
  const sums = gram.sumsOf(all);
  const stride = featureCount + 1;
  const raw = new Float64Array(stride * stride);
  for (let j = 0; j < featureCount; j++) {
    raw.set(G.subarray(j * featureCount, (j + 1) * featureCount), j * stride);
    raw[j * stride + featureCount] = sums[j];
    raw[featureCount * stride + j] = sums[j];
  }
  raw[featureCount * stride + featureCount] = 1;
  return raw;
}

function sameWeights(a: TaskRows, b: TaskRows): boolean {
  if (a.weight === b.weight) return true;
  for (let i = 0; i < a.count; i++) {
    const difference = a.weight[i] * b.taskWeight - b.weight[i] * a.taskWeight;
    if (Math.abs(difference) > 1e-15 * a.weight[i] * b.taskWeight) return false;
  }
  return true;
}
