/**
 * What a feature's splits gained for each task, as a share of what all splits gained for it, so that forests and boosting are read
 * alike: the shares of a task sum to 1, as those of scikit-learn and XGBoost do. A feature whose splits cost a task more than they
 * gained has 0; a task that no split gained anything for has no shares (NaN).
 * @param gains features × tasks, row-major, in any unit of a task's own
 */
export function gainShares(gains: Float64Array, tasks: number): Float64Array {
  const kept = gains.map((gain) => Math.max(0, gain));
  const totals = new Float64Array(tasks);
  kept.forEach((gain, i) => {
    totals[i % tasks] += gain;
  });
  return kept.map((gain, i) => gain / totals[i % tasks]);
}
