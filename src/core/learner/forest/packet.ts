import { type TrainingSet, type Trees, TreesBuilder } from '../trees';
import { DenseSplitter } from './dense-splitter';
import { type GrowthLimits, TreeGrower } from './grow';
import { OutOfBag, type OutOfBagSums } from './out-of-bag';
import { SparseSplitter } from './sparse-splitter';

/**
 * Trees that are grown together, on whatever thread. Packets are cut the same way and added up in the same order for
 * any number of threads, so that their sums have the same bits.
 */
export interface TreePacket {
  /** In one or several parts: they are joined when they are written. */
  readonly trees: readonly Trees[];
  /** Row-major (features × tasks): impurity decrease, each task's root impurity being its weight, summed over the trees. */
  readonly gains: Float64Array;
  /** Good until the next packet is asked for. */
  readonly outOfBag?: OutOfBagSums;
}

/** Grows packets of trees in plain TypeScript, for tables of any kind. */
export class PlainPackets {
  private readonly bins;
  private readonly splitter;

  /**
   * @param prior values of a node without any label, one an output
   * @param sparse most labels are missing
   */
  constructor(
    private readonly set: TrainingSet,
    private readonly limits: GrowthLimits,
    private readonly prior: Float64Array,
    private readonly sparse: boolean,
  ) {
    this.bins = set.features.map((feature) => feature.bins);
    const Splitter = sparse ? SparseSplitter : DenseSplitter;
    this.splitter = new Splitter(set, limits);
  }

  grow(seeds: readonly number[]): TreePacket {
    const { set, limits, prior } = this;
    const trees = new TreesBuilder(this.bins, prior.length, set.rows.length, this.sparse);
    const grower = new TreeGrower(set, this.splitter, limits, prior);
    const outOfBag = limits.bootstrap ? new OutOfBag(set, prior) : undefined;
    for (const seed of seeds) {
      grower.grow(trees, seed);
      outOfBag?.addTree(trees, grower.multiplicity);
    }
    return { trees: [trees.finish()], gains: grower.gains, ...(outOfBag && { outOfBag }) };
  }
}
