import { bins, chain, codes, codesOfRows, features, order } from './memory';
import { size, start } from './node';

/** Up to this many rows are put in order by counting, with SIMD, how many come before each. */
const FEW_ROWS: i32 = 32;

let occurs0: u64 = 0;
let occurs1: u64 = 0;
let occurs2: u64 = 0;
let occurs3: u64 = 0;

function wordOf(code: u32): u64 {
  const word = code >> 6;
  return word < 2 ? (word === 0 ? occurs0 : occurs1) : word === 2 ? occurs2 : occurs3;
}

/** Puts the node's rows (fewer than 256) in the order of their bins, `order` (u8) and `bins` (u8). @returns whether bins differ */
export function sortRows(feature: i32): bool {
  const source = codesOfRows + <usize>feature;
  const stride = <usize>features;
  const count = <usize>size;
  let differ: u32 = 0;
  const first = <u32>load<u8>(source + <usize>load<u32>(start) * stride);
  for (let i: usize = 0; i < count; i++) {
    const code = <u32>load<u8>(source + <usize>load<u32>(start + (i << 2)) * stride);
    differ |= code ^ first;
    store<u8>(codes + i, <u8>code);
  }
  if (differ === 0) return false;
  if (size <= 16) rank16(count);
  else if (size <= FEW_ROWS) rank32(count);
  else chainRows(count);
  return true;
}

function rank16(count: usize): void {
  const all = v128.load(codes);
  const there: i32 = (1 << (<i32>count)) - 1;
  for (let i: usize = 0; i < count; i++) {
    const code = load<u8>(codes + i);
    const same = i8x16.splat(<i8>code);
    const before = i8x16.bitmask(i8x16.lt_u(all, same)) & there;
    const equal = i8x16.bitmask(i8x16.eq(all, same)) & ((1 << (<i32>i)) - 1);
    const rank = <usize>popcnt<u32>(<u32>before | ((<u32>equal) << 16));
    store<u8>(order + rank, <u8>i);
    store<u8>(bins + rank, code);
  }
}

function rank32(count: usize): void {
  const low = v128.load(codes);
  const high = v128.load(codes, 16);
  const there: u32 = count === 32 ? 0xffffffff : ((<u32>1) << (<u32>count)) - 1;
  for (let i: usize = 0; i < count; i++) {
    const code = load<u8>(codes + i);
    const same = i8x16.splat(<i8>code);
    const before =
      (<u32>i8x16.bitmask(i8x16.lt_u(low, same)) | ((<u32>i8x16.bitmask(i8x16.lt_u(high, same))) << 16)) &
      there;
    const equal =
      (<u32>i8x16.bitmask(i8x16.eq(low, same)) | ((<u32>i8x16.bitmask(i8x16.eq(high, same))) << 16)) &
      (((<u32>1) << (<u32>i)) - 1);
    const rank = <usize>(popcnt<u32>(before) + popcnt<u32>(equal));
    store<u8>(order + rank, <u8>i);
    store<u8>(bins + rank, code);
  }
}

/** Chains rows by bin, the last one first, so that they come out of a chain in their order; then goes along the bins that occur. */
function chainRows(count: usize): void {
  const last = chain;
  const next = chain + 256;
  occurs0 = 0;
  occurs1 = 0;
  occurs2 = 0;
  occurs3 = 0;
  for (let i: usize = count; i-- > 0; ) {
    const code = <usize>load<u8>(codes + i);
    const bit: u64 = (<u64>1) << (<u64>code & 63);
    const seen = (wordOf(<u32>code) & bit) !== 0;
    // A row that is its own next ends its chain.
    store<u8>(next + i, seen ? load<u8>(last + code) : <u8>i);
    store<u8>(last + code, <u8>i);
    const word = code >> 6;
    if (word < 2) {
      if (word === 0) occurs0 |= bit;
      else occurs1 |= bit;
    } else if (word === 2) occurs2 |= bit;
    else occurs3 |= bit;
  }
  let to: usize = 0;
  to = unchain(occurs0, 0, to);
  to = unchain(occurs1, 64, to);
  to = unchain(occurs2, 128, to);
  unchain(occurs3, 192, to);
}

function unchain(word: u64, firstCode: usize, to: usize): usize {
  let bits = word;
  while (bits !== 0) {
    const code = firstCode + <usize>ctz<u64>(bits);
    bits &= bits - 1;
    let row = load<u8>(chain + code);
    for (;;) {
      store<u8>(order + to, row);
      store<u8>(bins + to, <u8>code);
      to++;
      const following = load<u8>(chain + 256 + <usize>row);
      if (following === row) break;
      row = following;
    }
  }
  return to;
}
