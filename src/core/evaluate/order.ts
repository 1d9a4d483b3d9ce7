const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const PASSES = 3;

/**
 * Indices that put `values` in ascending order, equal values in their given order; −0 equals 0, and there must be no
 * NaN. Radix sort on the bits of the floats: linear time, because scoring a thousand tasks sorts little else.
 */
export function ascendingOrder(values: Float32Array): Uint32Array {
  const count = values.length;
  const keys = sortableBits(values);
  const starts = bucketStarts(keys);
  let order = new Uint32Array(count);
  let next = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  for (let pass = 0; pass < PASSES; pass++) {
    const shift = pass * DIGIT_BITS;
    const offset = pass * BUCKETS;
    for (let i = 0; i < count; i++) {
      const row = order[i];
      const bucket = offset + ((keys[row] >>> shift) & (BUCKETS - 1));
      next[starts[bucket]++] = row;
    }
    const held = order;
    order = next;
    next = held;
  }
  return order;
}

/** Unsigned integers in the order of the floats: negative numbers have all bits flipped, others the sign bit. */
function sortableBits(values: Float32Array): Uint32Array {
  const keys = new Uint32Array(values.length);
  const floats = new Float32Array(keys.buffer);
  for (let i = 0; i < keys.length; i++) floats[i] = values[i] + 0;
  for (let i = 0; i < keys.length; i++) keys[i] ^= keys[i] >>> 31 ? 0xffffffff : 0x80000000;
  return keys;
}

function bucketStarts(keys: Uint32Array): Uint32Array {
  const starts = new Uint32Array(PASSES * BUCKETS);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    for (let pass = 0; pass < PASSES; pass++) {
      starts[pass * BUCKETS + ((key >>> (pass * DIGIT_BITS)) & (BUCKETS - 1))]++;
    }
  }
  for (let pass = 0; pass < PASSES; pass++) {
    let sum = 0;
    for (let bucket = pass * BUCKETS; bucket < (pass + 1) * BUCKETS; bucket++) {
      const size = starts[bucket];
      starts[bucket] = sum;
      sum += size;
    }
  }
  return starts;
}
