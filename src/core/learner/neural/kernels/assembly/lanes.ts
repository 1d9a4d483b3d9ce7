/** All bits set in the lanes of columns below `width`, of columns j … j + 3. */
export function below(j: usize, width: usize): v128 {
  const columns = i32x4.add(i32x4.splat(i32(j)), i32x4(0, 1, 2, 3));
  return i32x4.lt_s(columns, i32x4.splat(i32(width)));
}

/** The four lanes, added as (0 + 1) + (2 + 3). */
export function sumOf(v: v128): f32 {
  const low = f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1);
  return low + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
