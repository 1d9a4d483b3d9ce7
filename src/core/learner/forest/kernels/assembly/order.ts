import { bins, codes, features, order } from './memory';
import { rowCodes } from './near';
import { size, start } from './node';

/** Up to this many rows are put in order by counting, with SIMD, how many come before each. */
export const FEW_ROWS: i32 = 32;

/** Puts the node's rows (up to 32) in the order of their bins, `order` (u8) and `bins` (u8). @returns whether bins differ */
export function sortRows(feature: i32): bool {
  const source = rowCodes + <usize>feature;
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
  else rank32(count);
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
