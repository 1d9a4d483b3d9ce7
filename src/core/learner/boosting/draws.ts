import { Random, seedFrom } from '../../random';

/** The rows and features that a round draws: by its number, whoever grows its trees, and in whatever order. */
export class Draws {
  private inBag: Uint8Array | undefined;
  private drawnFor = 0;

  constructor(
    private readonly seed: number,
    private readonly training: Int32Array,
    /** Positions there are. */
    private readonly count: number,
    private readonly features: number,
    private readonly rowFraction: number,
    private readonly featureFraction: number,
  ) {}

  /** 1 for each position that the round draws; absent: all. */
  rows(round: number): Uint8Array | undefined {
    const { training, rowFraction } = this;
    if (rowFraction === 1) return undefined;
    if (this.inBag !== undefined && this.drawnFor === round) return this.inBag;
    const random = new Random(seedFrom(this.seed, 'rows', round));
    const inBag = new Uint8Array(this.count);
    let wanted = Math.max(1, Math.round(rowFraction * training.length));
    for (let j = 0; j < training.length; j++) {
      if (random.uniform() * (training.length - j) >= wanted) continue;
      inBag[training[j]] = 1;
      wanted--;
    }
    this.inBag = inBag;
    this.drawnFor = round;
    return inBag;
  }

  /** Ascending. */
  featuresOf(round: number, kind: number): Int32Array {
    const all = Int32Array.from({ length: this.features }, (_, f) => f);
    const wanted = Math.max(1, Math.round(this.featureFraction * this.features));
    if (wanted >= this.features) return all;
    new Random(seedFrom(this.seed, 'features', round, kind)).shuffle(all);
    return all.subarray(0, wanted).sort();
  }
}
