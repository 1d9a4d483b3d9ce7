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
    for (let node = 0; node < feature.length; node++) {
      const to = at.nodes + node;
      const set = (flags[node] & CATEGORICAL) !== 0 ? at.sets / 32 : 0;
      joined.threshold[to] = threshold[node] + set;
      if (feature[node] >= 0) joined.right[to] = right[node] + at.nodes;
      else if (!along) joined.right[to] = right[node] + at.values / outputs;
      if (part.paths) joined.paths?.firstValue.fill(part.paths.firstValue[node] + at.values, to, to + 1);
    }
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
