import { CATEGORICAL, type Trees } from './trees';

/**
 * Trees put after one another, in arrays of exactly their size.
 *
 * @param outputs numbers that a row is predicted
 */
export function joinTrees(parts: readonly Trees[], outputs: number): Trees {
  const total = (size: (part: Trees) => number) => parts.reduce((sum, part) => sum + size(part), 0);
  const nodes = total(({ feature }) => feature.length);
  const numbers = total(({ values }) => values.length);
  const along = parts.some(({ paths }) => paths !== undefined);
  const joined = {
    starts: new Int32Array(total(({ starts }) => starts.length - 1) + 1),
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    right: new Int32Array(nodes),
    flags: new Uint8Array(nodes),
    categorySets: new Uint8Array(total(({ categorySets }) => categorySets.length)),
    values: new Float32Array(numbers),
    ...(along && {
      paths: { firstValue: new Int32Array(nodes + 1).fill(numbers), output: new Int32Array(numbers) },
    }),
  };
  const at = { trees: 0, nodes: 0, sets: 0, values: 0 };
  for (const part of parts) {
    const { feature, threshold, right, flags } = part;
    joined.feature.set(feature, at.nodes);
    joined.flags.set(flags, at.nodes);
    joined.categorySets.set(part.categorySets, at.sets);
    joined.values.set(part.values, at.values);
    joined.threshold.set(threshold, at.nodes);
    const rights = joined.right.subarray(at.nodes, at.nodes + feature.length);
    rights.set(right);
    const leaves = along ? 0 : at.values / outputs;
    for (let node = 0; node < rights.length; node++) rights[node] += feature[node] < 0 ? leaves : at.nodes;
    for (let node = 0; at.sets > 0 && node < flags.length; node++) {
      if ((flags[node] & CATEGORICAL) !== 0) joined.threshold[at.nodes + node] += at.sets / 32;
    }
    part.paths?.firstValue.forEach((first, node) => {
      if (node < feature.length)
        joined.paths?.firstValue.fill(first + at.values, at.nodes + node, at.nodes + node + 1);
    });
    if (part.paths) joined.paths?.output.set(part.paths.output, at.values);
    for (let tree = 1; tree < part.starts.length; tree++) {
      joined.starts[++at.trees] = at.nodes + part.starts[tree];
    }
    at.nodes += feature.length;
    at.sets += part.categorySets.length;
    at.values += part.values.length;
  }
  return joined;
}
