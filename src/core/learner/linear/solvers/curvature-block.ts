import { dot, factorize, solveFactorized } from '../dense';
import type { LinearProblem, TaskRows } from '../linear-problem';
import type { LossRows } from '../losses/loss';
import type { RowSample } from '../row-sample';

/** Part of a diagonal majorant that a second derivative is at least, as that of Huber's loss is 0 at outliers. */
const LEAST_CURVATURE = 0.01;
const JITTER = 1e-10;
/** Weights of a block up to which it is factorised; beyond, its diagonal has to do. */
const FACTOR_LIMIT = 400;

/**
 * Second derivatives by the weights of one task, intercepts eliminated: entry (j, k) of the weights at `j * width + k`.
 */
export class CurvatureBlock {
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

  /**
   * From the sample's rows.
   * @param Z predictions of the sample
   */
  look(sample: RowSample, rows: LossRows, Z: Float64Array): void {
    const { task, width } = this;
    const { count, offset } = rows;
    const D = new Float64Array(Z.length);
    const H = new Float64Array(Z.length);
    for (let k = 0; k < width; k++) {
      D.fill(0);
      D.fill(1, offset + k * count, offset + (k + 1) * count);
      task.loss.curvatureTimes(rows, Z, D, H);
      if (width === 1) raise(H, task, rows, Z);
      for (let l = 0; l <= k; l++) {
        const raw = sample.products(H.subarray(offset + l * count, offset + (l + 1) * count));
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
function raise(H: Float64Array, task: TaskRows, rows: LossRows, Z: Float64Array): void {
  const most = new Float64Array(H.length);
  task.loss.curvature(rows, Z, most);
  const end = rows.offset + rows.count;
  for (let i = rows.offset; i < end; i++) H[i] = Math.max(H[i], LEAST_CURVATURE * most[i]);
}
