import type { Column, Dataset } from '../../../src/core/dataset/dataset';
import type { Problem, Task } from '../../../src/core/dataset/problem';
import { forestLearner } from '../../../src/core/learner/forest';
import type { FitContext, FittedModel, JsonObject, TrainingStep } from '../../../src/core/learner/learner';

export const NONE = Number.NaN;

export function numeric(name: string, values: readonly number[]): Column {
  return { kind: 'numeric', name, values: Float64Array.from(values) };
}

/** A column of one-letter categories, dictionary in alphabetical order; '.' is missing. */
export function letters(name: string, text: string): Column {
  const categories = [...new Set(text.replaceAll('.', ''))].sort();
  return {
    kind: 'categorical',
    name,
    codes: Int32Array.from(text, (c) => categories.indexOf(c)),
    categories,
  };
}

export function table(...columns: Column[]): Dataset {
  const [first] = columns;
  const rowCount = first.kind === 'numeric' ? first.values.length : first.codes.length;
  return { rowCount, columns, fingerprint: '' };
}

export function task(id: string, type: Task['type'], classes = 2): Task {
  const names = type === 'regression' ? [] : Array.from({ length: classes }, (_, k) => `class ${k}`);
  return { id, type, weight: 1, classes: names };
}

export function problem(
  dataset: Dataset,
  tasks: readonly Task[],
  labels: readonly (readonly number[])[],
): Problem {
  return {
    dataset,
    features: dataset.columns.map((_, i) => i),
    tasks,
    labels: labels.map((values) => Float64Array.from(values)),
    rows: Int32Array.from({ length: dataset.rowCount }, (_, i) => i),
  };
}

export function context(seed = 1, steps: TrainingStep[] = []): FitContext {
  return {
    seed,
    report: (step) => steps.push(step),
    signal: new AbortController().signal,
    tensorBackend: () => Promise.reject(new Error('A forest needs no tensors.')),
  };
}

/** One tree on all rows and features, so that what it does is known: no bootstrap, no draw. */
export const ONE_TREE = { trees: 1, bootstrap: false, max_features: 'all' } as const;

export async function grow(of: Problem, parameters: JsonObject, seed = 1): Promise<FittedModel> {
  const [model] = await forestLearner.fit(of, [{ parameters }], context(seed));
  return model;
}

export function predict(model: FittedModel, dataset: Dataset, rows?: readonly number[]): number[][] {
  const all = Array.from({ length: dataset.rowCount }, (_, i) => i);
  return model.predict(dataset, Int32Array.from(rows ?? all)).map(({ values }) => [...values]);
}

/** Impurity of the listed rows straight from its definition, times their weight: Gini or variance, 0 without labels. */
export function weightedImpurity(of: Problem, t: number, rows: readonly number[]): number {
  const labelled = rows.filter((row) => !Number.isNaN(of.labels[t][row]));
  const weight = (row: number) => of.sampleWeight?.[row] ?? 1;
  const total = labelled.reduce((sum, row) => sum + weight(row), 0);
  if (total === 0) return 0;
  if (of.tasks[t].type === 'regression') {
    const mean = labelled.reduce((sum, row) => sum + weight(row) * of.labels[t][row], 0) / total;
    return labelled.reduce((sum, row) => sum + weight(row) * (of.labels[t][row] - mean) ** 2, 0);
  }
  const gini = of.tasks[t].classes.reduce((rest, _, k) => {
    const share = labelled.reduce((sum, row) => sum + (of.labels[t][row] === k ? weight(row) : 0), 0) / total;
    return rest - share ** 2;
  }, 1);
  return total * gini;
}

/** Σ_t w_t × the share of task t's impurity that dividing all rows into these two sets takes away. */
export function decrease(of: Problem, left: readonly number[], right: readonly number[]): number {
  const all = [...left, ...right].sort((a, b) => a - b);
  return of.tasks.reduce((sum, { weight }, t) => {
    const before = weightedImpurity(of, t, all);
    if (before === 0) return sum;
    return sum + weight * (1 - (weightedImpurity(of, t, left) + weightedImpurity(of, t, right)) / before);
  }, 0);
}
