import {
  bootstrap,
  leafOfRow,
  leafValues,
  leftOut,
  multiplicity,
  outOfBag,
  outputs,
  outside,
  outsideRows,
  positions,
  rows,
  weights,
  weightsDrawn,
} from './memory';
import { below } from './random';

/** Draws the sample into `multiplicity`, its distinct positions (ascending) into `positions`, the others into `outside`. @returns how many are in it */
export function sample(): i32 {
  if (bootstrap) {
    memory.fill(multiplicity, 0, (<usize>rows) << 1);
    for (let i = 0; i < rows; i++) {
      const drawn = multiplicity + ((<usize>below(<u32>rows)) << 1);
      store<u16>(drawn, load<u16>(drawn) + 1);
    }
  } else {
    for (let i: usize = 0; i < <usize>rows; i++) store<u16>(multiplicity + (i << 1), 1);
  }
  let count = 0;
  for (let i = 0; i < rows; i++) {
    store<i32>(positions + ((<usize>count) << 2), i);
    store<i32>(outside + ((<usize>(i - count)) << 2), i);
    if (bootstrap) store<i32>(outsideRows + ((<usize>(i - count)) << 2), i);
    const times = load<u16>(multiplicity + ((<usize>i) << 1));
    const weight = weights === 0 ? <f32>1 : load<f32>(weights + ((<usize>i) << 2));
    store<f32>(weightsDrawn + ((<usize>i) << 2), weight * <f32>times);
    count += <i32>(times > 0);
  }
  return count;
}

/** Adds the tree's predictions for the rows left out: all at once, so that none waits for another's to come from memory. */
export function addOutOfBag(count: i32): void {
  const width = <usize>outputs;
  for (let i: usize = 0; i < (<usize>count) << 2; i += 4) {
    const row = <usize>load<u32>(outsideRows + i);
    const value = leafValues + <usize>load<u32>(leafOfRow + (row << 2)) * (width << 2);
    const sum = outOfBag + row * (width << 3);
    for (let o: usize = 0; o < width; o++) {
      store<f64>(sum + (o << 3), load<f64>(sum + (o << 3)) + <f64>load<f32>(value + (o << 2)));
    }
    store<i32>(leftOut + (row << 2), load<i32>(leftOut + (row << 2)) + 1);
  }
}
