import { type TrainingSet, weightsOfTask } from '../trees';
import type { Channels } from './channels';

/** Rows of a node: positions[start … end − 1], and how often the tree's sample holds each position (absent: once). */
export interface NodeRows {
  readonly positions: Int32Array;
  readonly start: number;
  readonly end: number;
  readonly multiplicity: Int32Array | undefined;
}

/** Score of no split: Σ_t scale_t S_t² / W_t, of a node's sums a channel, targets times √scale. */
export function baseScore({ groupWeight, groupStart, groupTargets }: Channels, total: Float64Array): number {
  let sum = 0;
  for (let g = 0; g < groupWeight.length; g++) {
    const weight = total[groupWeight[g]];
    for (let k = groupStart[g]; weight > 0 && k < groupStart[g + 1]; k++) {
      sum += total[groupTargets[k]] ** 2 / weight;
    }
  }
  return sum;
}

/** Score of a split into pure sides, Σ_t scale_t Σ w y²: 0/1 targets are their own squares. */
export function purestScore(
  set: TrainingSet,
  { groupTargets, counters, scale }: Channels,
  total: Float64Array,
  { positions, start, end, multiplicity }: NodeRows,
): number {
  let sum = 0;
  for (const c of groupTargets) {
    if (c < counters) sum += scale[c] * total[c];
  }
  set.tasks.forEach(({ type }, t) => {
    if (type !== 'regression') return;
    const labels = set.labels[t];
    const weights = weightsOfTask(set, t);
    for (let i = start; i < end; i++) {
      const position = positions[i];
      const y = labels[position];
      if (Number.isNaN(y)) continue;
      const weight = (weights?.[position] ?? 1) * (multiplicity?.[position] ?? 1);
      sum += set.impurityScale[t] * weight * y * y;
    }
  });
  return sum;
}

/** Of rows that differ in something: their labels do, unless it is their weights, or the tasks they are labelled for. */
export function labelsDiffer(
  set: TrainingSet,
  { groupWeight }: Channels,
  { positions, start, end }: NodeRows,
): boolean {
  const unweighted = set.weights === undefined && set.taskWeights === undefined;
  if (unweighted && groupWeight.length === 1) return true;
  for (const labels of set.labels) {
    let first = Number.NaN;
    for (let i = start; i < end; i++) {
      const label = labels[positions[i]];
      if (label === first || Number.isNaN(label)) continue;
      if (!Number.isNaN(first)) return true;
      first = label;
    }
  }
  return false;
}
