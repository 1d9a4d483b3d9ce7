import { Random } from '../random';

export const RESAMPLES = 1000;

/**
 * Units that are drawn at most. With more rows than that, the units are random blocks of rows: the standard error of a
 * bootstrap over U independent blocks is itself uncertain by 1/√(2U), 1.6 % here, less than the 4 % that 1,000
 * resamples leave in the end of an interval, and a task of a million rows costs no more than one of 2,048.
 */
const MOST_UNITS = 2048;

/**
 * Bootstrap draws, made once and shared by all tasks and models, so that their differences are compared on the same
 * resamples and a thousand tasks do not draw a thousand times.
 */
export class Resamples {
  private draws: Uint32Array | undefined;
  private lastIndices: { readonly units: number; readonly indices: Uint16Array } | undefined;
  private lastBlocks: { readonly rows: number; readonly blocks: Int32Array } | undefined;

  constructor(private readonly seed: number) {}

  /** RESAMPLES × units: the units drawn with replacement, resample by resample. Valid until the next call. */
  indices(units: number): Uint16Array {
    if (this.lastIndices?.units === units) return this.lastIndices.indices;
    this.draws ??= drawBits(this.seed);
    const indices = new Uint16Array(RESAMPLES * units);
    const scale = units / 4294967296;
    for (let b = 0; b < RESAMPLES; b++) {
      const from = b * MOST_UNITS;
      for (let j = 0; j < units; j++) indices[b * units + j] = Math.floor(this.draws[from + j] * scale);
    }
    this.lastIndices = { units, indices };
    return indices;
  }

  /** The unit of each of `rows` rows: its own, or one of MOST_UNITS random blocks of equal size (± 1). */
  units(rows: number): Int32Array {
    if (this.lastBlocks?.rows === rows) return this.lastBlocks.blocks;
    const blocks = new Int32Array(rows);
    for (let i = 0; i < rows; i++) blocks[i] = rows > MOST_UNITS ? i % MOST_UNITS : i;
    if (rows > MOST_UNITS) new Random(this.seed ^ 0x626c6f63).shuffle(blocks);
    this.lastBlocks = { rows, blocks };
    return blocks;
  }

  /** Units from declared groups (n): groups numbered as they appear, merged into MOST_UNITS when there are more. */
  unitsOfGroups(groups: Int32Array): Int32Array {
    const numbers = new Map<number, number>();
    for (const group of groups) if (!numbers.has(group)) numbers.set(group, numbers.size);
    const blocks = this.units(numbers.size);
    return groups.map((group) => blocks[numbers.get(group) ?? 0]);
  }
}

function drawBits(seed: number): Uint32Array {
  const random = new Random(seed);
  const draws = new Uint32Array(RESAMPLES * MOST_UNITS);
  for (let i = 0; i < draws.length; i++) draws[i] = random.uint32();
  return draws;
}
