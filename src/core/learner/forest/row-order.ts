import { MOST_ITEMS } from '../trees';

/** Up to this many rows are sorted by insertion. */
const FEW_ROWS = 10;

/** Puts the rows of a small node in the order of their bins: by insertion, or chained by bin and taken by the bins in a bitmap. */
export class RowOrder {
  private readonly occurs = new Int32Array(8);
  private readonly lastRow = new Int32Array(256);
  private readonly nextRow = new Int32Array(MOST_ITEMS);

  /**
   * Fills `order` (counted from `start`) and `bins` by the bins of positions[start … start + size − 1].
   * @returns their number
   */
  sort(
    codes: Uint8Array,
    positions: Int32Array,
    start: number,
    size: number,
    order: Int32Array,
    bins: Uint8Array,
  ): number {
    const { occurs, lastRow, nextRow } = this;
    if (size <= FEW_ROWS) {
      for (let i = 0; i < size; i++) {
        const code = codes[positions[start + i]];
        let j = i;
        for (; j > 0 && bins[j - 1] > code; j--) {
          bins[j] = bins[j - 1];
          order[j] = order[j - 1];
        }
        bins[j] = code;
        order[j] = i;
      }
      return size;
    }
    for (let i = 0; i < size; i++) {
      const code = codes[positions[start + i]];
      const word = code >> 5;
      const bit = 1 << (code & 31);
      nextRow[i] = (occurs[word] & bit) !== 0 ? lastRow[code] : -1;
      occurs[word] |= bit;
      lastRow[code] = i;
    }
    let items = 0;
    for (let word = 0; word < 8; word++) {
      let bits = occurs[word];
      occurs[word] = 0;
      while (bits !== 0) {
        const code = (word << 5) + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        for (let i = lastRow[code]; i >= 0; i = nextRow[i]) {
          order[items] = i;
          bins[items++] = code;
        }
      }
    }
    return items;
  }
}
