// xoshiro128** (Blackman and Vigna, 2018), its state filled by SplitMix32: draws what core's `Random` does.

let s0: u32 = 0;
let s1: u32 = 0;
let s2: u32 = 0;
let s3: u32 = 0;
let filler: u32 = 0;

export function seedRandom(seed: u32): void {
  filler = seed;
  s0 = fill();
  s1 = fill();
  s2 = fill();
  s3 = fill();
}

function fill(): u32 {
  filler += 0x9e3779b9;
  let z = filler;
  z = (z ^ (z >>> 16)) * 0x21f0aaad;
  z = (z ^ (z >>> 15)) * 0x735a2d97;
  return z ^ (z >>> 15);
}

function next(): u32 {
  const result = rotl<u32>(s1 * 5, 7) * 9;
  const t = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= t;
  s3 = rotl<u32>(s3, 11);
  return result;
}

/** Uniform in [0, bound). */
export function below(bound: u32): u32 {
  return <u32>((<u64>next() * <u64>bound) >> 32);
}

/** Uniform in [0, 1), 53 bits. */
export function uniform(): f64 {
  const high = next() >>> 5;
  const low = next() >>> 6;
  return (<f64>high * 67108864.0 + <f64>low) / 9007199254740992.0;
}
