import { BlockGram } from '../block-gram';
import { dot, factorize, solveFactorized } from '../dense';
import { allFeatures } from '../design';
import type { LinearProblem, TaskRows } from '../linear-problem';
import { RowSample } from '../row-sample';

/** Part of a diagonal majorant that a second derivative is at least, as that of Huber's loss is 0 at outliers. */
const LEAST_CURVATURE = 0.01;

/**
 * −∂/∂(W, b) and second derivatives of the loss around a point, intercepts eliminated: a block a task,
 * entry (j, k) of its weights at `j * width + k`.
 */
export class CurvatureModel {
  private readonly blocks: readonly Block[];
  private readonly sample: RowSample | undefined;

  /** @param size rows of the sample that second derivatives of losses that are not squared are of */
  constructor(
    private readonly problem: LinearProblem,
    size: number,
  ) {
    const { design, tasks } = problem;
    if (tasks.some((task) => !task.loss.quadratic)) this.sample = new RowSample(design, size);
    const known: { task: TaskRows; raw: Float64Array }[] = [];
    this.blocks = tasks.map((task) => {
      const block = new Block(problem, task);
      if (!task.loss.quadratic) return block;
      const twin = known.find((one) => sameWeights(one.task, task));
      const raw = twin?.raw ?? productsOf(problem, task);
      if (!twin) known.push({ task, raw });
      block.take(raw, task.taskWeight);
      return block;
    });
  }

  /** Second derivatives at these predictions, from a sample of the rows; those of squared losses are everywhere the same. */
  update(Z: Float64Array): void {
    this.problem.tasks.forEach((task, t) => {
      if (this.sample && !task.loss.quadratic) this.blocks[t].look(this.sample, Z);
    });
  }

  /** The gradient where intercepts follow the weights: V − B C⁻¹ s. */
  reduce(V: Float64Array, intercepts: Float64Array, out: Float64Array): void {
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

const JITTER = 1e-10;
/** Weights of a block up to which it is factorised; beyond, its diagonal has to do. */
const FACTOR_LIMIT = 400;

class Block {
  private readonly width: number;
  private readonly features: number;
  /** Of weights, of weights with intercepts (weights × width), and the factor of that of intercepts. */
  private readonly H: Float64Array;
  private readonly B: Float64Array;
  private readonly C: Float64Array;
  private readonly vector: Float64Array;
  private readonly image: Float64Array;

  constructor(
    private readonly problem: LinearProblem,
    private readonly task: TaskRows,
  ) {
    this.width = task.width;
    this.features = problem.design.featureCount;
    const size = this.features * this.width;
    this.H = new Float64Array(size * size);
    this.B = new Float64Array(size * this.width);
    this.C = new Float64Array(this.width * this.width);
    this.vector = new Float64Array(size);
    this.image = new Float64Array(size);
  }

  /** From Σ h x xᵀ over all rows, x with a 1 at its end, of a task of one column. */
  take(raw: Float64Array, scale: number): void {
    this.place(raw, 0, 0, scale);
    this.eliminate();
  }

  look(sample: RowSample, Z: Float64Array): void {
    const { task, width } = this;
    const own = sample.rowsOf(task, Z);
    const { rows } = own;
    const D = new Float64Array(width * rows.count);
    const H = new Float64Array(width * rows.count);
    for (let k = 0; k < width; k++) {
      D.fill(0);
      D.fill(1, k * rows.count, (k + 1) * rows.count);
      task.loss.curvatureTimes(rows, own.Z, D, H);
      if (width === 1) raise(H, task, own);
      for (let l = 0; l <= k; l++) {
        const raw = sample.products(H.subarray(l * rows.count, (l + 1) * rows.count));
        this.place(raw, k, l, sample.scale);
        if (l < k) this.place(raw, l, k, sample.scale);
      }
    }
    this.eliminate();
  }

  private place(raw: Float64Array, k: number, l: number, scale: number): void {
    const { H, B, C, features, width } = this;
    const stride = features + 1;
    const size = features * width;
    for (let j = 0; j < features; j++) {
      const row = (j * width + k) * size;
      for (let i = 0; i < features; i++) H[row + i * width + l] = scale * raw[j * stride + i];
      B[(j * width + k) * width + l] = scale * raw[j * stride + features];
    }
    C[k * width + l] = scale * raw[features * stride + features];
  }

  /** H becomes H − B C⁻¹ Bᵀ, B becomes B C⁻¹; C its factor. */
  private eliminate(): void {
    const { H, B, C, width, features, problem, task } = this;
    if (!problem.intercept) {
      B.fill(0);
      return;
    }
    // A shift of all classes changes nothing: the added 11ᵀ holds it still.
    const total = task.taskWeight / width;
    for (let k = 0; k < width; k++) {
      for (let l = 0; l < width && width > 1; l++) C[k * width + l] += total;
      C[k * width + k] += 1e-12 * total;
    }
    factorize(C, width);
    const size = features * width;
    const solved = B.slice();
    const row = new Float64Array(width);
    for (let u = 0; u < size; u++) {
      row.set(B.subarray(u * width, (u + 1) * width));
      solveFactorized(C, row, width);
      solved.set(row, u * width);
    }
    for (let u = 0; u < size; u++) {
      for (let v = 0; v <= u; v++) {
        const value = H[u * size + v] - dot(solved, u * width, B, v * width, width);
        H[u * size + v] = value;
        H[v * size + u] = value;
      }
    }
    B.set(solved);
  }

  reduce(intercepts: Float64Array, V: Float64Array): void {
    const { B, width, features, problem, task } = this;
    for (let j = 0; j < features; j++) {
      for (let k = 0; k < width; k++) {
        const at = (j * width + k) * width;
        V[j * problem.columns + task.firstColumn + k] -= dot(B, at, intercepts, task.firstColumn, width);
      }
    }
  }

  follow(D: Float64Array, intercepts: Float64Array, out: Float64Array): void {
    const { B, C, width, task, problem } = this;
    const { firstColumn } = task;
    if (!problem.intercept) {
      out.fill(0, firstColumn, firstColumn + width);
      return;
    }
    const row = intercepts.slice(firstColumn, firstColumn + width);
    solveFactorized(C, row, width);
    this.gather(D);
    for (let u = 0; u < this.vector.length; u++) {
      for (let k = 0; k < width; k++) row[k] -= B[u * width + k] * this.vector[u];
    }
    out.set(row, firstColumn);
  }

  times(D: Float64Array, out: Float64Array): void {
    const { H, vector, image } = this;
    const size = vector.length;
    this.gather(D);
    for (let u = 0; u < size; u++) image[u] = dot(H, u * size, vector, 0, size);
    this.scatter(image, out);
  }

  largestDiagonal(): number {
    const size = this.vector.length;
    let largest = 0;
    for (let u = 0; u < size; u++) largest = Math.max(largest, this.H[u * size + u]);
    return largest;
  }

  inverseWith(a: Float64Array): (residual: Float64Array, out: Float64Array) => void {
    const size = this.vector.length;
    this.gather(a);
    if (size > FACTOR_LIMIT) {
      const diagonal = this.vector.map((own, u) => own + this.H[u * size + u]);
      return (residual, out) => {
        this.gather(residual);
        for (let u = 0; u < size; u++) this.image[u] = this.vector[u] / diagonal[u];
        this.scatter(this.image, out);
      };
    }
    const factor = this.H.slice();
    for (let u = 0; u < size; u++) factor[u * size + u] += JITTER * factor[u * size + u] + this.vector[u];
    factorize(factor, size);
    return (residual, out) => {
      this.gather(residual);
      solveFactorized(factor, this.vector, size);
      this.scatter(this.vector, out);
    };
  }

  private gather(D: Float64Array): void {
    const { features, width, problem, task, vector } = this;
    for (let j = 0; j < features; j++) {
      const at = j * problem.columns + task.firstColumn;
      for (let k = 0; k < width; k++) vector[j * width + k] = D[at + k];
    }
  }

  private scatter(values: Float64Array, out: Float64Array): void {
    const { features, width, problem, task } = this;
    for (let j = 0; j < features; j++) {
      const at = j * problem.columns + task.firstColumn;
      for (let k = 0; k < width; k++) out[at + k] = values[j * width + k];
    }
  }
}

/** h becomes at least a part of its majorant. */
function raise(H: Float64Array, task: TaskRows, own: ReturnType<RowSample['rowsOf']>): void {
  const most = new Float64Array(H.length);
  task.loss.curvature(own.rows, own.Z, most);
  for (let i = 0; i < H.length; i++) H[i] = Math.max(H[i], LEAST_CURVATURE * most[i]);
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
