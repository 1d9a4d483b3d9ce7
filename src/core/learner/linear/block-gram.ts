import { type Design, eachBlock, type FeatureBlock } from './design';
import { type GramMatrix, gathered } from './gram';
import { Kernel, MemoryLayout } from './kernel';
import { placeOf } from './linear-problem';

/** Numbers of all features that go through the kernel at a time (512 KiB), rows of them at most and at least, and new features. */
const CHUNK_NUMBERS = 65_536;
const MOST_ROWS = 1024;
const FEWEST_ROWS = 32;
const PANEL = 64;
/** Features that there can be: fewer than inner products are kept of. */
const MOST_FEATURES = 4096;

/**
 * What `Gram` is, of a design that holds nothing: all features that are asked for together are made once, a block of rows after
 * the other, and multiplied by the kernel. Σ h (x_j − x̄_j)(x_l − x̄_l) is Σ h x_j x_l − Σ h x_j Σ h x_l / Σ h: features are
 * about standardised, so that little cancels.
 */
export class BlockGram implements GramMatrix {
  readonly slots: Int32Array;
  private features: Int32Array = new Int32Array(0);
  private matrix: Float64Array = new Float64Array(0);
  /** Σ_i h_i x_ij of the features that have slots. */
  private sums: Float64Array = new Float64Array(0);

  /**
   * @param rows rows of the design, ascending, or all
   * @param weight h at `offset`, one entry a row; where it changes, `forget` has to be called
   * @param centre false where no intercept is fitted: x̄ = 0
   */
  constructor(
    private readonly design: Design,
    private readonly rows: Int32Array | undefined,
    private readonly weight: Float64Array,
    private readonly offset: number,
    private readonly centre: boolean,
  ) {
    this.slots = new Int32Array(design.featureCount).fill(-1);
  }

  get size(): number {
    return this.features.length;
  }

  forget(): void {
    this.slots.fill(-1);
    this.features = new Int32Array(0);
    this.matrix = new Float64Array(0);
    this.sums = new Float64Array(0);
  }

  gather(features: Int32Array): Float64Array {
    BlockGram.includeTogether([this], features);
    return gathered(this.matrix, this.size, this.slots, features);
  }

  /** Σ_i h_i x_ij of features that have slots. */
  sumsOf(features: Int32Array): Float64Array {
    return Float64Array.from(features, (j) => this.sums[this.slots[j]]);
  }

  /**
   * Gives slots to `features` in all of the grams, of one design: those that hold the same features already are filled in one
   * pass over it.
   */
  static includeTogether(grams: readonly BlockGram[], features: Int32Array): void {
    const waiting = new Set(grams);
    for (const first of waiting) {
      const alike = [...waiting].filter(
        (gram) => gram.size === first.size && gram.features.every((j, k) => j === first.features[k]),
      );
      for (const gram of alike) waiting.delete(gram);
      const fresh = features.filter((j) => first.slots[j] < 0);
      if (fresh.length > 0) BlockGram.fill(alike, fresh);
    }
  }

  private static fill(grams: readonly BlockGram[], fresh: Int32Array): void {
    const [{ design, features: known }] = grams;
    const features = new Int32Array(known.length + fresh.length);
    features.set(known);
    features.set(fresh, known.length);
    const made = grams.map((gram) => {
      const sums = new Float64Array(features.length);
      sums.set(gram.sums);
      return { gram, sums, products: new Float64Array(features.length * fresh.length) };
    });
    eachBlock(design, features, (block) => {
      for (const { gram, sums, products } of made) gram.addBlock(block, known.length, sums, products);
    });
    for (const { gram, sums, products } of made) gram.take(features, sums, products);
  }

  /** Makes the matrix of all features from that before and the products with new ones. */
  private take(features: Int32Array, sums: Float64Array, products: Float64Array): void {
    const base = this.size;
    const size = features.length;
    const fresh = size - base;
    const matrix = new Float64Array(size * size);
    for (let k = 0; k < base; k++) matrix.set(this.matrix.subarray(k * base, (k + 1) * base), k * size);
    const total = this.centre ? this.totalWeight() : Number.POSITIVE_INFINITY;
    for (let k = 0; k < fresh; k++) {
      for (let l = 0; l <= base + k; l++) {
        const value = products[l * fresh + k] - (sums[l] * sums[base + k]) / total;
        matrix[l * size + base + k] = value;
        matrix[(base + k) * size + l] = value;
      }
    }
    for (let k = base; k < size; k++) this.slots[features[k]] = k;
    this.features = features;
    this.sums = sums;
    this.matrix = matrix;
  }

  /** Adds what a block has of Σ h x_l x_k (features × new features, those with l ≤ k) and of Σ h x_k. */
  private addBlock(block: FeatureBlock, base: number, sums: Float64Array, products: Float64Array): void {
    const { rows, weight, offset } = this;
    const { X, starts } = block;
    const first = rows ? placeOf(rows, block.from) : block.from;
    const end = rows ? placeOf(rows, block.from + block.count) : block.from + block.count;
    const size = starts.length;
    const fresh = size - base;
    const { left, right, out, multiply } = takeRoom();
    const stride = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, 2 * Math.floor(CHUNK_NUMBERS / 2 / size)));
    for (let from = first; from < end; from += stride) {
      const count = Math.min(stride, end - from);
      const odd = count % 2 === 1;
      for (let a = 0; a < size; a++) {
        const x = starts[a] - block.from;
        const to = a * stride;
        if (rows) for (let i = 0; i < count; i++) left[to + i] = X[x + rows[from + i]];
        else for (let i = 0; i < count; i++) left[to + i] = X[x + from + i];
        if (odd) left[to + count] = 0;
      }
      for (let panel = 0; panel < fresh; panel += PANEL) {
        const width = Math.min(PANEL, fresh - panel);
        for (let k = 0; k < width; k++) {
          const x = (base + panel + k) * stride;
          let sum = 0;
          for (let i = 0; i < count; i++) {
            const weighted = weight[offset + from + i] * left[x + i];
            right[k * stride + i] = weighted;
            sum += weighted;
          }
          if (odd) right[k * stride + count] = 0;
          sums[base + panel + k] += sum;
        }
        const others = base + panel + width;
        multiply(others, width, stride, Math.ceil(count / 2));
        for (let l = 0; l < others; l++) {
          for (let k = 0; k < width; k++) products[l * fresh + panel + k] += out[l * PANEL + k];
        }
      }
    }
  }

  private totalWeight(): number {
    const { weight, offset, rows, design } = this;
    const count = rows?.length ?? design.rowCount;
    let total = 0;
    for (let i = 0; i < count; i++) total += weight[offset + i];
    return total;
  }
}

interface Room {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly out: Float64Array;
  /** out[l · PANEL + k] = ⟨left_l, right_k⟩ for vectors that lie `stride` apart and have `pairs` pairs of numbers. */
  multiply(lefts: number, rights: number, stride: number, pairs: number): void;
}

let room: Room | undefined;

/** One for all, a few MiB: a call is over before another begins. */
function takeRoom(): Room {
  if (room) return room;
  const layout = new MemoryLayout();
  const [lefts, rights, outs] = [
    Math.max(CHUNK_NUMBERS, FEWEST_ROWS * MOST_FEATURES) + MOST_ROWS,
    PANEL * MOST_ROWS,
    PANEL * MOST_FEATURES,
  ];
  const at = { left: layout.place(lefts), right: layout.place(rights), out: layout.place(outs) };
  const kernel = new Kernel(layout);
  room = {
    left: kernel.floats(at.left, lefts),
    right: kernel.floats(at.right, rights),
    out: kernel.floats(at.out, outs),
    multiply(l, r, stride, pairs) {
      kernel.run.products(at.left, stride, l, at.right, stride, r, pairs, at.out, PANEL);
    },
  };
  return room;
}
