import type { Task, TaskType } from '../../../src/core/dataset/problem';
import type { TaskPredictions } from '../../../src/core/learner/learner';
import { Random } from '../../../src/core/random';

export function task(type: TaskType, id: string = type, classes = 3): Task {
  const names = type === 'regression' ? [] : type === 'binary' ? ['no', 'yes'] : classNames(classes);
  return { id, type, weight: 1, classes: names };
}

export function predictions(values: ArrayLike<number>, width = 1): TaskPredictions {
  return { values: Float32Array.from(values), width };
}

export function normals(random: Random, count: number): Float64Array {
  return Float64Array.from({ length: count }, () => random.normal());
}

/** Binary labels, and scores whose AUC grows with `signal`; `digits` decimals make ties. */
export function binaryRows(seed: number, count: number, signals: readonly number[], digits = 7) {
  const random = new Random(seed);
  const labels = Float64Array.from({ length: count }, () => random.integer(2));
  const scores = signals.map((signal) =>
    Float32Array.from(labels, (label) => Number((signal * label + random.normal()).toFixed(digits))),
  );
  return { labels, positive: Uint8Array.from(labels), scores };
}

function classNames(count: number): string[] {
  return Array.from({ length: count }, (_, k) => `class ${k}`);
}
