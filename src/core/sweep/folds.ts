/** A score averaged over folds. NaN when no fold has one. */
export interface FoldSummary {
  readonly mean: number;
  /** Sample standard deviation over folds / √folds; 0 with a single fold. */
  readonly standardError: number;
  /** Cells (fold × task) that have a score. */
  readonly cells: number;
}

/**
 * Score of one configuration: in each fold the mean over the given tasks that have a score there, then over the folds
 * that have any.
 * @param skills skills[fold][configuration][task], NaN or null where undefined
 */
export function summarizeFolds(
  skills: readonly (readonly (readonly (number | null)[])[])[],
  configuration: number,
  tasks: readonly number[],
): FoldSummary {
  const means: number[] = [];
  let cells = 0;
  for (const fold of skills) {
    const row = fold[configuration];
    let sum = 0;
    let defined = 0;
    for (const t of tasks) {
      const value = row?.[t];
      if (value === null || value === undefined || Number.isNaN(value)) continue;
      sum += value;
      defined++;
    }
    if (defined === 0) continue;
    cells += defined;
    means.push(sum / defined);
  }
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  if (means.length < 2) return { mean, standardError: 0, cells };
  const squares = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (means.length - 1) / means.length), cells };
}
