import type { Task } from '../dataset/problem';
import type { TaskPredictions } from '../learner/learner';
import { binaryF1 } from './classification';
import { packRows, scorableRows } from './labelled-rows';
import { metricsOverTasks } from './metric';
import { rocAuc } from './ranking';
import type { Scores } from './scores';

/** One set of rows with the predictions of all tasks on it. */
interface ScoredRows {
  readonly tasks: readonly Task[];
  /** Per task: value or class code of each row, NaN where unlabelled. */
  readonly labels: readonly Float64Array[];
  readonly predictions: readonly TaskPredictions[];
  /** Of the mean/majority predictor, which aRRMSE is relative to. */
  readonly constant: readonly TaskPredictions[];
  readonly weights?: Float64Array;
}

/**
 * Scores of all tasks together: of the binary ones (two or more) as one multi-label problem, of the regressions as one
 * multi-target problem; null where undefined. Missing labels are masked cell by cell.
 *
 * - Hamming loss: share of labelled cells whose class is predicted wrong.
 * - subset accuracy: share of rows, of those with any label, whose labelled cells are all right.
 * - micro F1, micro AUC: of all cells as one task; macro F1, macro AUC: mean over the tasks where they are defined.
 * - aRRMSE: mean over tasks of RMSE / RMSE of the mean of the training rows (Spyromitros-Xioufis et al., Multi-target
 *   regression via input space expansion, Machine Learning 104, 2016).
 *
 * @throws EvaluationError `shape`, `class-code`
 */
export function scoreTogether(rows: ScoredRows): Scores {
  const binary = indicesOf(rows.tasks, 'binary');
  const regressions = indicesOf(rows.tasks, 'regression');
  const computed: Record<string, number | null> = {
    ...(binary.length > 1 && multiLabelScores(rows, binary)),
    ...(regressions.length > 0 && { aRRMSE: averageRelativeRmse(rows, regressions) }),
  };
  const wanted = metricsOverTasks(rows.tasks.map(({ type }) => type));
  return Object.fromEntries(wanted.flatMap(({ name }) => (name in computed ? [[name, computed[name]]] : [])));
}

function indicesOf(tasks: readonly Task[], type: Task['type']): number[] {
  return tasks.flatMap((task, t) => (task.type === type ? [t] : []));
}

function multiLabelScores(
  { tasks, labels, predictions, weights }: ScoredRows,
  binary: readonly number[],
): Record<string, number | null> {
  const masks = binary.map((t) => scorableRows(tasks[t], labels[t], predictions[t], weights));
  const rows = labels[binary[0]].length;
  const wrong = new Uint8Array(rows);
  const labelled = new Uint8Array(rows);
  const confusion = new Float64Array(4);
  const macroF1 = new Mean();
  const macroAuc = new Mean();
  binary.forEach((t, b) => {
    const own = new Float64Array(4);
    for (let i = 0; i < rows; i++) {
      if (!masks[b][i]) continue;
      const predicted = predictions[t].values[i] > 0.5 ? 1 : 0;
      labelled[i] = 1;
      if (predicted !== labels[t][i]) wrong[i] = 1;
      own[labels[t][i] * 2 + predicted] += weights ? weights[i] : 1;
    }
    for (let k = 0; k < 4; k++) confusion[k] += own[k];
    macroF1.add(binaryF1(own));
    const packed = packRows(labels[t], predictions[t], weights, masks[b]);
    macroAuc.add(rocAuc(packed.values, Uint8Array.from(packed.labels), packed.weights));
  });
  const cells = confusion[0] + confusion[1] + confusion[2] + confusion[3];
  let right = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    if (!labelled[i]) continue;
    const weight = weights ? weights[i] : 1;
    total += weight;
    if (!wrong[i]) right += weight;
  }
  return {
    hammingLoss: cells > 0 ? (confusion[1] + confusion[2]) / cells : null,
    subsetAccuracy: total > 0 ? right / total : null,
    microF1: binaryF1(confusion),
    macroF1: macroF1.value,
    microAuc: microAuc(binary, labels, predictions, weights, masks),
    macroAuc: macroAuc.value,
  };
}

/** Every labelled cell of every task ranked against every other. */
function microAuc(
  binary: readonly number[],
  labels: readonly Float64Array[],
  predictions: readonly TaskPredictions[],
  weights: Float64Array | undefined,
  masks: readonly Uint8Array[],
): number | null {
  let cells = 0;
  for (const mask of masks) for (const one of mask) cells += one;
  const scores = new Float32Array(cells);
  const positive = new Uint8Array(cells);
  const cellWeights = new Float64Array(cells);
  let at = 0;
  binary.forEach((t, b) => {
    for (let i = 0; i < masks[b].length; i++) {
      if (!masks[b][i]) continue;
      scores[at] = predictions[t].values[i];
      positive[at] = labels[t][i];
      cellWeights[at++] = weights ? weights[i] : 1;
    }
  });
  return rocAuc(scores, positive, cellWeights);
}

function averageRelativeRmse(
  { tasks, labels, predictions, constant, weights }: ScoredRows,
  regressions: readonly number[],
): number | null {
  const mean = new Mean();
  for (const t of regressions) {
    const mask = scorableRows(tasks[t], labels[t], predictions[t], weights);
    const known = scorableRows(tasks[t], labels[t], constant[t], weights);
    let error = 0;
    let reference = 0;
    for (let i = 0; i < mask.length; i++) {
      if (!mask[i] || !known[i]) continue;
      const weight = weights ? weights[i] : 1;
      error += weight * (predictions[t].values[i] - labels[t][i]) ** 2;
      reference += weight * (constant[t].values[i] - labels[t][i]) ** 2;
    }
    mean.add(reference > 0 ? Math.sqrt(error / reference) : null);
  }
  return mean.value;
}

/** Mean of the values that are defined. */
class Mean {
  private sum = 0;
  private count = 0;

  add(value: number | null): void {
    if (value === null) return;
    this.sum += value;
    this.count++;
  }

  get value(): number | null {
    return this.count > 0 ? this.sum / this.count : null;
  }
}
