import type { LabelledRows } from './labelled-rows';
import { predictedClass, probabilityOfLabel } from './losses';
import { rocAuc } from './ranking';

/** Weighted mean of −log P(class of the row), clipped; null without rows. */
export function logLoss(rows: LabelledRows): number | null {
  let loss = 0;
  let total = 0;
  for (let i = 0; i < rows.count; i++) {
    loss -= rows.weights[i] * Math.log(probabilityOfLabel(rows.values, rows.width, i, rows.labels[i]));
    total += rows.weights[i];
  }
  return total > 0 ? loss / total : null;
}

/** Weighted mean of (P − y)², binary; null without rows. */
export function brierScore(rows: LabelledRows): number | null {
  let loss = 0;
  let total = 0;
  for (let i = 0; i < rows.count; i++) {
    loss += rows.weights[i] * (rows.values[i] - rows.labels[i]) ** 2;
    total += rows.weights[i];
  }
  return total > 0 ? loss / total : null;
}

/** Weighted counts, classes × classes: row = label, column = prediction. */
export function confusionMatrix(rows: LabelledRows, classes: number): Float64Array {
  const matrix = new Float64Array(classes * classes);
  for (let i = 0; i < rows.count; i++) {
    matrix[rows.labels[i] * classes + predictedClass(rows.values, rows.width, i)] += rows.weights[i];
  }
  return matrix;
}

export function accuracy(confusion: Float64Array, classes: number): number | null {
  let right = 0;
  let total = 0;
  for (let k = 0; k < classes; k++) {
    right += confusion[k * classes + k];
    total += sumOfLabel(confusion, classes, k);
  }
  return total > 0 ? right / total : null;
}

/** Mean over the classes that have rows of the share predicted right; null when fewer than two have. */
export function balancedAccuracy(confusion: Float64Array, classes: number): number | null {
  let recall = 0;
  let present = 0;
  for (let k = 0; k < classes; k++) {
    const labelled = sumOfLabel(confusion, classes, k);
    if (labelled === 0) continue;
    recall += confusion[k * classes + k] / labelled;
    present++;
  }
  return present > 1 ? recall / present : null;
}

/** F1 of the positive class; null when no row is positive, by label or by prediction. */
export function binaryF1(confusion: Float64Array): number | null {
  return classF1(confusion, 2, 1);
}

/** Mean of F1 over the classes that are some row's label or prediction; null when fewer than two are. */
export function macroF1(confusion: Float64Array, classes: number): number | null {
  let sum = 0;
  let present = 0;
  for (let k = 0; k < classes; k++) {
    const f1 = classF1(confusion, classes, k);
    if (f1 === null) continue;
    sum += f1;
    present++;
  }
  return present > 1 ? sum / present : null;
}

/** Mean of one-against-rest AUC over the classes that have rows; null when fewer than two have. */
export function macroAuc(rows: LabelledRows, classes: number): number | null {
  const scores = new Float32Array(rows.count);
  const positive = new Uint8Array(rows.count);
  let sum = 0;
  let present = 0;
  for (let k = 0; k < classes; k++) {
    for (let i = 0; i < rows.count; i++) {
      scores[i] = rows.values[i * rows.width + k];
      positive[i] = rows.labels[i] === k ? 1 : 0;
    }
    const auc = rocAuc(scores, positive, rows.weights);
    if (auc === null) continue;
    sum += auc;
    present++;
  }
  return present > 0 ? sum / present : null;
}

function classF1(confusion: Float64Array, classes: number, k: number): number | null {
  let predicted = 0;
  for (let label = 0; label < classes; label++) predicted += confusion[label * classes + k];
  const both = predicted + sumOfLabel(confusion, classes, k);
  return both > 0 ? (2 * confusion[k * classes + k]) / both : null;
}

function sumOfLabel(confusion: Float64Array, classes: number, label: number): number {
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += confusion[label * classes + k];
  return sum;
}
