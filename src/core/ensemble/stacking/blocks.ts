/** λ of a second level is chosen over at most this many blocks: the number of fits grows with its square. */
const MOST_BLOCKS = 5;
/** One block is predicted, one judges λ, and one more at least is learned from. */
const FEWEST_BLOCKS = 3;

/**
 * Blocks of rows to cross-fit a second level over: folds put together where they are many, cut where they are fewer than
 * three. Rows of one fold were predicted by the same models, and only a fold too large is ever cut.
 *
 * @param folds of each row; negative: never held out
 * @returns block of each row, negative where the fold is
 */
export function blocksOf(folds: Int32Array): Int32Array {
  const held = Array.from(new Set(folds))
    .filter((fold) => fold >= 0)
    .sort((a, b) => a - b);
  const rankOf = new Map(held.map((fold, rank) => [fold, rank]));
  const parts = held.length < FEWEST_BLOCKS ? Math.ceil((FEWEST_BLOCKS + 1) / Math.max(1, held.length)) : 1;
  let position = 0;
  return folds.map((fold) => {
    const rank = rankOf.get(fold);
    if (rank === undefined) return -1;
    return parts === 1 ? rank % MOST_BLOCKS : rank * parts + (position++ % parts);
  });
}

/** Number of blocks, which count from 0. */
export function mostBlocks(blocks: Int32Array): number {
  return blocks.reduce((most, block) => Math.max(most, block + 1), 0);
}
