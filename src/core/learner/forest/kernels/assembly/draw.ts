import { constants, constantWords, draw, features } from './memory';
import { below } from './random';

// Which features a split is chosen from: drawn without putting back, and those known not to vary passed over.

export function beginDraws(): void {
  for (let f = 0; f < features; f++) store<i32>(draw + ((<usize>f) << 2), f);
  memory.fill(constants, 0, (<usize>constantWords) << 3);
}

/** The feature that is drawn after `drawn` others. */
export function drawFeature(drawn: i32): i32 {
  const pick = draw + ((<usize>(<u32>drawn + below(<u32>(features - drawn)))) << 2);
  const feature = load<i32>(pick);
  const here = draw + ((<usize>drawn) << 2);
  store<i32>(pick, load<i32>(here));
  store<i32>(here, feature);
  return feature;
}

/** Whether the feature is known not to vary in the current node. */
export function isConstant(feature: i32): bool {
  if (constantWords === 0) return false;
  return ((load<u64>(wordOf(feature)) >> <u64>(feature & 63)) & 1) !== 0;
}

export function noteConstant(feature: i32): void {
  if (constantWords === 0) return;
  const word = wordOf(feature);
  store<u64>(word, load<u64>(word) | ((<u64>1) << (<u64>(feature & 63))));
}

/** Keeps what is known of the current node for one to come. */
export function keepConstants(to: usize): void {
  for (let at: usize = 0; at < (<usize>constantWords) << 3; at += 8) {
    store<u64>(to + at, load<u64>(constants + at));
  }
}

/** Takes up what is known of a node that waited. */
export function recallConstants(from: usize): void {
  for (let at: usize = 0; at < (<usize>constantWords) << 3; at += 8) {
    store<u64>(constants + at, load<u64>(from + at));
  }
}

function wordOf(feature: i32): usize {
  return constants + ((<usize>(feature >> 6)) << 3);
}
