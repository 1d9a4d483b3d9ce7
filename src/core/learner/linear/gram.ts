import { dot } from './dense';
import { type Design, featureOf, scratchOf } from './design';

/** Inner products of features, those that were asked for. */
export interface GramMatrix {
  /** Slot of a feature, −1 before it is asked for. */
  readonly slots: Int32Array;
  /** Slots given so far. */
  readonly size: number;
  /** The matrix of `features` alone, dense and in their order. */
  gather(features: Int32Array): Float64Array;
}

/** The rows and columns of `features` in a matrix by slots, `stride` numbers a row: dense and in their order. */
export function gathered(
  matrix: Float64Array,
  stride: number,
  slots: Int32Array,
  features: Int32Array,
): Float64Array {
  const m = features.length;
  const dense = new Float64Array(m * m);
  for (let k = 0; k < m; k++) {
    const from = slots[features[k]] * stride;
    for (let l = 0; l < m; l++) dense[k * m + l] = matrix[from + slots[features[l]]];
  }
  return dense;
}

/**
 * Centred, weighted inner products of features, Σ_i h_i (x_ij − x̄_j)(x_il − x̄_l), computed for the features asked
 * for and kept: feature → slot, G[slot, slot'] in a square matrix that grows.
 */
export class Gram implements GramMatrix {
  readonly slots: Int32Array;
  /** Row-major with `stride`. */
  matrix: Float64Array;
  stride: number;
  private readonly features: number[] = [];
  private readonly centred: Float64Array;
  private readonly total: number;
  private readonly scratch: Float64Array;

  /**
   * @param rows rows of the design, or all
   * @param weight h at `offset`, one entry a row
   * @param centre false where no intercept is fitted: x̄ = 0
   */
  constructor(
    private readonly design: Design,
    private readonly rows: Int32Array | undefined,
    private readonly weight: Float64Array,
    private readonly offset: number,
    private readonly centre: boolean,
  ) {
    const count = rows?.length ?? design.rowCount;
    this.slots = new Int32Array(design.featureCount).fill(-1);
    this.centred = new Float64Array(count);
    this.scratch = scratchOf(design);
    this.stride = Math.min(64, design.featureCount);
    this.matrix = new Float64Array(this.stride * this.stride);
    let total = 0;
    for (let i = 0; i < count; i++) total += weight[offset + i];
    this.total = total;
  }

  get size(): number {
    return this.features.length;
  }

  gather(features: Int32Array): Float64Array {
    this.include(features);
    return gathered(this.matrix, this.stride, this.slots, features);
  }

  /** Makes sure that all of `features` have slots. */
  include(features: Int32Array): void {
    for (const j of features) if (this.slots[j] < 0) this.add(j);
  }

  private add(feature: number): void {
    const slot = this.features.length;
    if (slot === this.stride) this.grow();
    this.slots[feature] = slot;
    this.features.push(feature);
    this.weighFeature(feature);
    const { matrix, stride, centred, rows } = this;
    const count = centred.length;
    for (let s = 0; s <= slot; s++) {
      const x = featureOf(this.design, this.features[s], this.scratch);
      let sum = 0;
      if (rows) for (let i = 0; i < count; i++) sum += centred[i] * x[rows[i]];
      else sum = dot(centred, 0, x, 0, count);
      matrix[slot * stride + s] = sum;
      matrix[s * stride + slot] = sum;
    }
  }

  /** `centred` = h (x − x̄): it sums to 0, so that the other feature of a product needs no centring. */
  private weighFeature(feature: number): void {
    const { centred, rows, weight, offset } = this;
    const x = featureOf(this.design, feature, this.scratch);
    let sum = 0;
    for (let i = 0; i < centred.length; i++) sum += weight[offset + i] * x[rows ? rows[i] : i];
    const mean = this.centre ? sum / this.total : 0;
    for (let i = 0; i < centred.length; i++) {
      centred[i] = weight[offset + i] * (x[rows ? rows[i] : i] - mean);
    }
  }

  private grow(): void {
    const wider = Math.min(2 * this.stride, this.design.featureCount);
    const grown = new Float64Array(wider * wider);
    for (let s = 0; s < this.stride; s++) {
      grown.set(this.matrix.subarray(s * this.stride, (s + 1) * this.stride), s * wider);
    }
    this.matrix = grown;
    this.stride = wider;
  }
}
