import { type TargetGroups, type TrainingSet, weightsOfTask } from '../trees';

/**
 * What a histogram sums up per bin, and how it is laid out.
 *
 * Channels: the number of rows (when asked for, or needed to tell an empty bin), one weight a mask group (tasks with
 * labels in the same rows share it), then one sum a target: Σ w y for a regression or a binary task, Σ w [y = k] for
 * each class of a multiclass task. With these, Σ_t scale_t Σ_k S_k² / W_t is all that the choice of a split needs.
 *
 * Lanes: where all weights are whole numbers, several counting channels share one float64: each has a range of
 * `fieldBase` below 2⁵³, so sums of lanes never carry over and are exact. Sums of regressions have a lane each.
 */
export interface Channels extends TargetGroups {
  readonly channels: number;
  /** Channel 0 counts distinct rows. */
  readonly countsRows: boolean;
  /** Lanes a row. */
  readonly lanes: number;
  /** The first `counters` channels lie in lanes of `fields` channels each, lowest first; the others have a lane each. */
  readonly counters: number;
  readonly fields: number;
  readonly fieldBase: number;
  /** 1 / fieldBase. */
  readonly fieldScale: number;
  /** Row-major (positions × lanes), weighted by the sample weights. */
  readonly values: Float64Array;
  /** Per channel: the impurity scale of its task, 0 for those that are not targets. */
  readonly scale: Float64Array;
  /** Per task: its group, its first target channel and how many it has. */
  readonly taskGroup: Int32Array;
  readonly taskTarget: Int32Array;
  readonly taskTargets: Int32Array;
}

export function layOutChannels(set: TrainingSet, countRows: boolean): Channels {
  const { tasks } = set;
  const n = set.rows.length;
  const taskGroup = weightGroups(set);
  const groups = Math.max(...taskGroup) + 1;
  const countsRows = countRows || groups > 1;
  const firstWeight = countsRows ? 1 : 0;

  // Classifications first, so that all counting channels come before those of the regressions.
  const taskTarget = new Int32Array(tasks.length);
  const taskTargets = Int32Array.from(tasks, (task) =>
    task.type === 'multiclass' ? task.classes.length : 1,
  );
  let channels = firstWeight + groups;
  const place = (regression: boolean) => {
    tasks.forEach((task, t) => {
      if ((task.type === 'regression') !== regression) return;
      taskTarget[t] = channels;
      channels += taskTargets[t];
    });
  };
  place(false);
  const counters = channels;
  place(true);

  const ofTasks = tasks.map((_, t) => weightsOfTask(set, t));
  const weights = ofTasks.filter((of) => of !== undefined);
  const unweighted = weights.length < tasks.length ? 1 : 0;
  const largest =
    n * weights.reduce((most, of) => of.reduce((max, weight) => Math.max(max, weight), most), unweighted);
  const fieldBits = Math.max(1, Math.ceil(Math.log2(largest + 1)));
  const whole = weights.every((of) => of.every(Number.isInteger));
  const fields = whole ? Math.max(1, Math.floor(53 / fieldBits)) : 1;
  const layout = {
    channels,
    countsRows,
    counters,
    fields,
    fieldBase: 2 ** fieldBits,
    fieldScale: 2 ** -fieldBits,
    lanes: Math.ceil(counters / fields) + channels - counters,
    groupWeight: Int32Array.from({ length: groups }, (_, g) => firstWeight + g),
    ...groupTargets(taskGroup, taskTarget, taskTargets, groups),
    scale: new Float64Array(channels),
    taskGroup,
    taskTarget,
    taskTargets,
  };
  tasks.forEach((_, t) => {
    layout.scale.fill(set.impurityScale[t], taskTarget[t], taskTarget[t] + taskTargets[t]);
  });
  return { ...layout, values: laneValues(set, layout) };
}

/** Group of each task; tasks are in one group when they have labels in the same rows, and the same weights there. */
export function weightGroups({ labels, taskWeights }: TrainingSet): Int32Array {
  const groups = maskGroups(labels);
  if (taskWeights === undefined) return groups;
  const names = Array.from(groups, (group, t) => (taskWeights[t] ? `task ${t}` : `group ${group}`));
  const distinct = [...new Set(names)];
  return Int32Array.from(names, (name) => distinct.indexOf(name));
}

/** Group of each task; tasks are in one group when they have labels in the same rows. */
function maskGroups(labels: readonly Float64Array[]): Int32Array {
  const first: number[] = [];
  return Int32Array.from(labels, (values, t) => {
    const found = first.findIndex((other) => sameMask(labels[other], values));
    if (found >= 0) return found;
    return first.push(t) - 1;
  });
}

function sameMask(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) !== Number.isNaN(b[i])) return false;
  }
  return true;
}

function groupTargets(
  taskGroup: Int32Array,
  taskTarget: Int32Array,
  taskTargets: Int32Array,
  groups: number,
): Pick<Channels, 'groupStart' | 'groupTargets'> {
  const targets: number[] = [];
  const groupStart = new Int32Array(groups + 1);
  for (let g = 0; g < groups; g++) {
    taskGroup.forEach((group, t) => {
      if (group !== g) return;
      for (let k = 0; k < taskTargets[t]; k++) targets.push(taskTarget[t] + k);
    });
    groupStart[g + 1] = targets.length;
  }
  return { groupStart, groupTargets: Int32Array.from(targets) };
}

function laneValues(set: TrainingSet, layout: Omit<Channels, 'values'>): Float64Array {
  const { lanes, counters, fields, fieldBase, countsRows, groupWeight, taskGroup, taskTarget } = layout;
  const packedLanes = Math.ceil(counters / fields);
  const values = new Float64Array(set.rows.length * lanes);
  const add = (i: number, channel: number, value: number) => {
    if (channel < counters) {
      const lane = Math.floor(channel / fields);
      values[i * lanes + lane] += value * fieldBase ** (channel % fields);
    } else {
      values[i * lanes + packedLanes + channel - counters] += value;
    }
  };
  const weights = set.tasks.map((_, t) => weightsOfTask(set, t));
  const weightDone = new Int32Array(groupWeight.length).fill(-1);
  for (let i = 0; i < set.rows.length; i++) {
    if (countsRows) add(i, 0, 1);
    for (let t = 0; t < set.tasks.length; t++) {
      const label = set.labels[t][i];
      if (Number.isNaN(label)) continue;
      const weight = weights[t]?.[i] ?? 1;
      const group = taskGroup[t];
      if (weightDone[group] !== i) add(i, groupWeight[group], weight);
      weightDone[group] = i;
      if (set.tasks[t].type === 'multiclass') add(i, taskTarget[t] + label, weight);
      else add(i, taskTarget[t], weight * label);
    }
  }
  return values;
}

/** Takes the lanes at `offset` of `source` apart into channels. */
export function unpack(layout: Channels, source: Float64Array, offset: number, channels: Float64Array): void {
  const { counters, fields, fieldBase, fieldScale } = layout;
  let lane = offset;
  let c = 0;
  while (c < counters) {
    let rest = source[lane++];
    const last = Math.min(c + fields, counters) - 1;
    while (c < last) {
      const high = Math.floor(rest * fieldScale);
      channels[c++] = rest - high * fieldBase;
      rest = high;
    }
    channels[c++] = rest;
  }
  while (c < layout.channels) channels[c++] = source[lane++];
}
