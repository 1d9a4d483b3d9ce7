import type { TaskPredictions } from '../../core/learner';

/** Mean of several predictions of the same rows, of those that are there; NaN where none is. */
export function averagePredictions(
  sources: readonly (readonly TaskPredictions[])[],
): readonly TaskPredictions[] {
  return sources[0].map(({ values, width }, t) => {
    const sum = new Float64Array(values.length);
    const times = new Uint32Array(values.length);
    for (const source of sources) {
      source[t].values.forEach((value, i) => {
        if (Number.isNaN(value)) return;
        sum[i] += value;
        times[i]++;
      });
    }
    return { values: Float32Array.from(sum, (total, i) => total / times[i]), width };
  });
}
