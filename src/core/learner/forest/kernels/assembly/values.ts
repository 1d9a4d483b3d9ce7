import { first, masked, means, outputs, path, prior, smoothing, spreads, sums, weightSums } from './memory';
import { weight } from './node';

/** Writes the node's predictions, one float32 an output. */
export function writeValues(to: usize): void {
  const factor = 1 / weight;
  for (let o: usize = 0; o < <usize>outputs; o++) {
    const mean = load<f64>(sums + ((o + <usize>first) << 3)) * factor;
    store<f32>(to + (o << 2), <f32>(load<f64>(means + (o << 3)) + load<f64>(spreads + (o << 3)) * mean));
  }
}

/** Values of the node from its parent's, on the path: drawn to them by the smoothing, and theirs where it has no label. */
export function followPath(depth: i32): void {
  const bytes = (<usize>outputs) << 3;
  const to = path + <usize>depth * bytes;
  const from = depth === 0 ? prior : to - bytes;
  const pull = load<f64>(smoothing);
  for (let o: usize = 0; o < <usize>outputs; o++) {
    const lane = o + <usize>first;
    const whole = masked ? load<f64>(weightSums + (lane << 3)) : weight;
    const before = load<f64>(from + (o << 3));
    let value = before;
    if (whole > 0) {
      const mean = load<f64>(sums + (lane << 3)) / whole;
      const mine = load<f64>(means + (o << 3)) + load<f64>(spreads + (o << 3)) * mean;
      value = pull > 0 ? before + (whole / (whole + pull)) * (mine - before) : mine;
    }
    store<f64>(to + (o << 3), value);
  }
}

/** Writes the values on the path, one float32 an output. */
export function writePath(depth: i32, to: usize): void {
  const from = path + <usize>depth * ((<usize>outputs) << 3);
  for (let o: usize = 0; o < <usize>outputs; o++) store<f32>(to + (o << 2), <f32>load<f64>(from + (o << 3)));
}
