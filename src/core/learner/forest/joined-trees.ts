import { Growable } from './growable';
import { CATEGORICAL, type Trees } from './trees';

/** Trees put after one another. */
export class JoinedTrees {
  private readonly starts = new Growable((length) => new Int32Array(length));
  private readonly feature = new Growable((length) => new Int32Array(length));
  private readonly threshold = new Growable((length) => new Float64Array(length));
  private readonly right = new Growable((length) => new Int32Array(length));
  private readonly flags = new Growable((length) => new Uint8Array(length));
  private readonly categorySets = new Growable((length) => new Uint8Array(length));
  private readonly values = new Growable((length) => new Float32Array(length));
  private readonly firstValue = new Growable((length) => new Int32Array(length));
  private readonly output = new Growable((length) => new Int32Array(length));
  private alongPaths = false;

  /** @param outputs numbers that a row is predicted */
  constructor(private readonly outputs: number) {
    this.starts.push(0);
  }

  append(trees: Trees): void {
    const nodes = this.feature.length;
    const sets = this.categorySets.length / 32;
    const leaves = this.values.length / this.outputs;
    this.alongPaths = trees.paths !== undefined;
    this.feature.append(trees.feature);
    this.threshold.append(trees.threshold);
    this.right.append(trees.right);
    this.flags.append(trees.flags);
    const threshold = this.threshold.view;
    const right = this.right.view;
    for (let node = 0; node < trees.feature.length; node++) {
      if (trees.feature[node] >= 0) right[nodes + node] += nodes;
      else if (trees.paths === undefined) right[nodes + node] += leaves;
      if ((trees.flags[node] & CATEGORICAL) !== 0) threshold[nodes + node] += sets;
    }
    if (trees.paths !== undefined) {
      const { firstValue, output } = trees.paths;
      this.firstValue.append(
        firstValue.subarray(0, trees.feature.length).map((first) => first + this.values.length),
      );
      this.output.append(output);
    }
    this.categorySets.append(trees.categorySets);
    this.values.append(trees.values);
    this.starts.append(trees.starts.subarray(1).map((start) => start + nodes));
  }

  finish(): Trees {
    if (this.alongPaths) this.firstValue.push(this.values.length);
    return {
      starts: this.starts.toArray(),
      feature: this.feature.toArray(),
      threshold: this.threshold.toArray(),
      right: this.right.toArray(),
      flags: this.flags.toArray(),
      categorySets: this.categorySets.toArray(),
      values: this.values.toArray(),
      ...(this.alongPaths && {
        paths: { firstValue: this.firstValue.toArray(), output: this.output.toArray() },
      }),
    };
  }
}
