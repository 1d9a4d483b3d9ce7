import type { Task } from '../dataset/problem';
import type { TaskPredictions } from '../learner/learner';
import type { ComparisonRows } from './compare';
import { aucInfluences } from './delong';
import type { Estimate } from './estimate';
import { packRows, scorableRows } from './labelled-rows';
import { probabilityOfLabel } from './losses';
import { primaryMetric } from './metric';
import { weightedMean } from './regression';
import { positives } from './score';
import { normalTwoSided } from './tails';

const NORMAL_97_5 = 1.959963984540054;

/** One task of a comparison: its rows, both predictions, and the constant's score in the primary metric. */
export interface SkillComparison {
  readonly on: ComparisonRows;
  readonly model: TaskPredictions;
  readonly baseline: TaskPredictions;
  readonly constant: number | null;
}

/**
 * Difference of mean skill over tasks between a model and its baseline, on the same rows. Its standard error takes
 * account of the tasks sharing rows: each row's influence on every task's skill is added up before it is squared
 * (infinitesimal jackknife; Efron 1982), over groups where rows are not independent. The constant's score counts as
 * known. One normal interval for the whole model: 1,000 tasks cost a pass over their rows each.
 *
 * @returns null where no task can be compared
 */
export function compareMeanSkill(comparisons: readonly SkillComparison[]): Estimate | null {
  if (comparisons.length === 0) return null;
  const influence = new Float64Array(comparisons[0].on.labels.length);
  let value = 0;
  let tasks = 0;
  for (const comparison of comparisons) {
    const gain = addInfluence(comparison, influence);
    if (gain === null) continue;
    value += gain;
    tasks++;
  }
  if (tasks === 0) return null;
  const error = standardError(influence, comparisons[0].on.groups) / tasks;
  value /= tasks;
  const half = NORMAL_97_5 * error;
  const p = error > 0 ? normalTwoSided(value / error) : value === 0 ? 1 : 0;
  return { value, interval: [value - half, value + half], p };
}

/** @returns the task's difference in skill */
function addInfluence(
  { on, model, baseline, constant }: SkillComparison,
  influence: Float64Array,
): number | null {
  const { task, labels, weights } = on;
  const mask = scorableRows(task, labels, model, weights);
  const other = scorableRows(task, labels, baseline, weights);
  for (let i = 0; i < mask.length; i++) mask[i] &= other[i];
  const rows = packRows(labels, model, weights, mask);
  const base = packRows(labels, baseline, weights, mask);
  if (rows.count === 0) return null;
  const perSkill = skillPerUnit(task, constant);
  if (perSkill === null) return null;
  const own = gainAndInfluence(task, rows, base);
  if (own === null) return null;
  for (let i = 0, at = 0; i < mask.length; i++) if (mask[i]) influence[i] += perSkill * own.influence[at++];
  return perSkill * own.gain;
}

/** How much skill one unit of the primary metric is. */
function skillPerUnit(task: Pick<Task, 'type'>, constant: number | null): number | null {
  switch (primaryMetric(task.type)) {
    case 'auc':
      return 2;
    case 'logLoss':
      return constant !== null && constant > 0 ? 1 / constant : null;
    case 'r2':
      return constant !== null && constant < 1 ? 1 / (1 - constant) : null;
  }
}

function gainAndInfluence(
  task: Task,
  model: ReturnType<typeof packRows>,
  baseline: ReturnType<typeof packRows>,
): { readonly gain: number; readonly influence: Float64Array } | null {
  const { weights, labels, width } = model;
  switch (primaryMetric(task.type)) {
    case 'auc': {
      const positive = positives(model);
      if (!positive.includes(0) || !positive.includes(1)) return null;
      return aucInfluences({ positive, model: model.values, baseline: baseline.values, weights });
    }
    case 'logLoss': {
      const gains = labels.map((label, i) =>
        Math.log(
          probabilityOfLabel(model.values, width, i, label) /
            probabilityOfLabel(baseline.values, width, i, label),
        ),
      );
      const gain = weightedMean(gains, weights);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return { gain, influence: gains.map((one, i) => (weights[i] * (one - gain)) / total) };
    }
    case 'r2': {
      const mean = weightedMean(labels, weights);
      let variation = 0;
      let saved = 0;
      for (let i = 0; i < labels.length; i++) {
        variation += weights[i] * (labels[i] - mean) ** 2;
        saved += weights[i] * ((baseline.values[i] - labels[i]) ** 2 - (model.values[i] - labels[i]) ** 2);
      }
      if (!(variation > 0)) return null;
      const gain = saved / variation;
      const influence = labels.map((label, i) => {
        const own = (baseline.values[i] - label) ** 2 - (model.values[i] - label) ** 2;
        return (weights[i] * (own - gain * (label - mean) ** 2)) / variation;
      });
      return { gain, influence };
    }
  }
}

function standardError(influence: Float64Array, groups: Int32Array | undefined): number {
  if (groups === undefined) {
    let squares = 0;
    for (const one of influence) squares += one * one;
    return influence.length > 1 ? Math.sqrt((squares * influence.length) / (influence.length - 1)) : 0;
  }
  const sums = new Map<number, number>();
  for (let i = 0; i < influence.length; i++) {
    sums.set(groups[i], (sums.get(groups[i]) ?? 0) + influence[i]);
  }
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  return sums.size > 1 ? Math.sqrt((squares * sums.size) / (sums.size - 1)) : 0;
}
