import { lossWeights, type Problem, type Task } from '../../dataset/problem';
import { fitTargetScaler, type TargetScaler } from '../../dataset/target-scaler';
import { releaseScratch } from '../../scratch';
import { type BinnedFeature, binFeature } from './binner';

/** Below this share of labels that are there (long tables have 1 / tasks), work goes label by label. */
const SPARSE_LABELS = 0.25;

/** What trees are grown on. "Position" i below is the i-th of `rows`; every array is indexed by it. */
export interface TrainingSet {
  readonly tasks: readonly Task[];
  /** Rows of the dataset with positive weight and a label for at least one task, ascending. */
  readonly rows: Int32Array;
  readonly features: readonly BinnedFeature[];
  /** Per task: class code, or standardised target; NaN where unlabelled. */
  readonly labels: readonly Float64Array[];
  readonly scaler: TargetScaler;
  /** > 0; absent: all 1. */
  readonly weights?: Float64Array;
  /** Per task whose rows have weights of their own (of classes): these, in the place of `weights`. */
  readonly taskWeights?: readonly (Float64Array | undefined)[];
  /**
   * Per task: w_t over the impurity of all rows (weight × Gini impurity or variance), so that impurities of tasks of
   * any type and unit add up: 1/w_t of a task's impurity is the share of it that is left. 0 for a constant task.
   */
  readonly impurityScale: Float64Array;
}

/** Bins and targets, fitted on the training rows of the problem alone. */
export function prepareTrainingSet(problem: Problem, maxBins: number): TrainingSet {
  const rows = trainingRows(problem);
  const scaler = fitTargetScaler(problem);
  const labels = problem.labels.map((values, t) =>
    standardised(values, rows, scaler.mean[t], scaler.scale[t]),
  );
  const single = problem.tasks.length === 1;
  const ofRows = (values: Float64Array | undefined) =>
    values && Float64Array.from(rows, (row) => values[row]);
  const weights = ofRows(single ? lossWeights(problem, 0) : problem.sampleWeight);
  const taskWeights = single
    ? undefined
    : problem.labelWeight?.map((own, t) => own && ofRows(lossWeights(problem, t)));
  const features = problem.features.map((column) =>
    binFeature(problem.dataset.columns[column], rows, maxBins),
  );
  releaseScratch();
  return {
    tasks: problem.tasks,
    rows,
    features,
    labels,
    scaler,
    ...(weights && { weights }),
    ...(taskWeights && { taskWeights }),
    impurityScale: Float64Array.from(problem.tasks, (task, t) => {
      const impurity = totalImpurity(task, labels[t], taskWeights?.[t] ?? weights);
      return impurity > 0 ? task.weight / impurity : 0;
    }),
  };
}

// Every fit runs these loops, most of them once in a process: they are plain, as what is called back is slow at first.

/** Rows with a weight and a label for at least one task. */
function trainingRows({ rows, labels, sampleWeight }: Problem): Int32Array {
  const kept = new Int32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (sampleWeight !== undefined && !(sampleWeight[row] > 0)) continue;
    let t = 0;
    while (t < labels.length && Number.isNaN(labels[t][row])) t++;
    if (t < labels.length) kept[count++] = row;
  }
  return kept.slice(0, count);
}

function standardised(values: Float64Array, rows: Int32Array, mean: number, scale: number): Float64Array {
  const labels = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) labels[i] = (values[rows[i]] - mean) / scale;
  return labels;
}

/** Σ w (1 − Σ_k p_k²), halved for two classes: then it is Σ w (y − ȳ)² of the 0/1 label, as for a regression. */
function totalImpurity(task: Task, labels: Float64Array, weights: Float64Array | undefined): number {
  const sums = new Float64Array(task.type === 'multiclass' ? task.classes.length : 1);
  let total = 0;
  let squares = 0;
  const multiclass = task.type === 'multiclass';
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (Number.isNaN(label)) continue;
    const weight = weights === undefined ? 1 : weights[i];
    total += weight;
    if (multiclass) {
      sums[label] += weight;
      squares += weight;
    } else {
      sums[0] += weight * label;
      squares += weight * label * label;
    }
  }
  return total > 0 ? squares - sums.reduce((sum, s) => sum + (s * s) / total, 0) : 0;
}

/** Weights of task `t` by position; undefined where all are 1. */
export function weightsOfTask(
  { weights, taskWeights }: Pick<TrainingSet, 'weights' | 'taskWeights'>,
  t: number,
): Float64Array | undefined {
  return taskWeights?.[t] ?? weights;
}

/** Most labels are missing, as in long tables, whose rows belong to one task each. */
export function labelsAreSparse(set: TrainingSet): boolean {
  let there = 0;
  for (const labels of set.labels) {
    for (let i = 0; i < labels.length; i++) there += Number.isNaN(labels[i]) ? 0 : 1;
  }
  return there < SPARSE_LABELS * Math.max(1, set.rows.length * set.tasks.length);
}
