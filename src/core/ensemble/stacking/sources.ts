import type { TaskPredictions } from '../../learner/learner';
import type { MemberPredictions } from '../member-predictions';

/** A task's second level is offered the predictions of at most this many other tasks. */
const MOST_SOURCES = 20;

/** Rows that correlations are taken over: enough to tell which tasks are alike. */
const MOST_ROWS = 1000;

/**
 * For every task, the tasks whose predictions its second level is offered, itself among them, ascending: all, or where
 * they are many the ones whose predictions are most correlated with its own (in absolute value). No label has a part in
 * that, so it needs no cross-fitting.
 */
export function sourceTasks(members: MemberPredictions): readonly (readonly number[])[] {
  const tasks = members[0].map((_, t) => t);
  if (tasks.length <= MOST_SOURCES + 1) return tasks.map(() => tasks);
  const profiles = tasks.map((t) => profileOf(members.map((member) => member[t])));
  return tasks.map((t) => {
    const alike = tasks
      .filter((s) => s !== t)
      .map((s) => ({ s, size: Math.abs(product(profiles[t], profiles[s])) }))
      .sort((a, b) => b.size - a.size || a.s - b.s);
    return [t, ...alike.slice(0, MOST_SOURCES).map(({ s }) => s)].sort((a, b) => a - b);
  });
}

/** The members' mean of a task's first output on some rows, of mean 0 and length 1; 0 where there is no prediction. */
function profileOf(members: readonly TaskPredictions[]): Float64Array {
  const [{ values, width }] = members;
  const rows = values.length / width;
  const stride = Math.max(1, Math.floor(rows / MOST_ROWS));
  const profile = Float64Array.from({ length: Math.ceil(rows / stride) }, (_, i) => {
    const sum = members.reduce((total, member) => total + member.values[i * stride * width], 0);
    return sum / members.length;
  });
  let mean = 0;
  let known = 0;
  for (const value of profile) {
    if (Number.isNaN(value)) continue;
    mean += value;
    known++;
  }
  mean /= Math.max(1, known);
  let length = 0;
  for (let i = 0; i < profile.length; i++) {
    profile[i] = Number.isNaN(profile[i]) ? 0 : profile[i] - mean;
    length += profile[i] ** 2;
  }
  const scale = length > 0 ? 1 / Math.sqrt(length) : 0;
  return profile.map((value) => value * scale);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
