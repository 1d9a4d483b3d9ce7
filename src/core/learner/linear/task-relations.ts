import { type Task, taskWidth } from '../../dataset/problem';
import { LinearError } from './errors';
import type { LinearProblem } from './linear-problem';
import { createPath, pathStart } from './path';
import { type Edge, ridge, type TaskEdge } from './penalties';

/**
 * Columns of W that mean the same in different tasks: those of all regressions and binary tasks are one group; each
 * class is one over the multiclass tasks with the same set of classes.
 */
export function relatedColumns(tasks: readonly Task[]): Int32Array[] {
  return [...columnsByMeaning(tasks).values()].map((columns) => Int32Array.from(columns));
}

/**
 * The edges between tasks as edges between their columns. Of an edge to a task that is not learned (it has no label in these
 * rows, or two tasks are learned as a pair) nothing is left; that a name is a task's is checked with the file.
 * @throws LinearError `unrelated-tasks` when two tasks have no columns that mean the same
 */
export function resolveEdges(tasks: readonly Task[], edges: readonly TaskEdge[]): Edge[] {
  const groups = [...columnsByMeaning(tasks).values()];
  return edges.flatMap(([from, to, weight = 1]) => {
    const first = columnsOf(tasks, from);
    const second = columnsOf(tasks, to);
    if (first === undefined || second === undefined) return [];
    const found = groups.flatMap((group) => {
      const a = group.find((c) => first.includes(c));
      const b = group.find((c) => second.includes(c));
      return a === undefined || b === undefined || a === b ? [] : [{ a, b, weight }];
    });
    if (found.length > 0) return found;
    throw new LinearError(
      'unrelated-tasks',
      `The edge from ${from} to ${to} joins no weights: only different tasks that are numbers or binary, or have the same classes, can be joined. Take the edge out.`,
    );
  });
}

/**
 * Edges between all columns of a group, weighted by the correlation (about zero) of the weights that ridge gives each
 * task alone, over the group's size: with correlations of 1 the graph is the mean-regularised penalty.
 * λ of that ridge is the mean eigenvalue of the loss's Hessian. It sees the training rows alone.
 */
export function estimateEdges(problem: LinearProblem, groups: readonly Int32Array[]): Edge[] {
  const path = createPath(problem, ridge, { solver: 'auto', tolerance: 1e-6, maxIterations: 1000 });
  const { W } = path.solve(pathStart(problem, ridge) / 100);
  const { columns } = problem;
  const inner = (a: number, b: number): number => {
    let sum = 0;
    for (let at = 0; at < W.length; at += columns) sum += W[at + a] * W[at + b];
    return sum;
  };
  return groups.flatMap((group) =>
    Array.from(group).flatMap((a, i) =>
      Array.from(group.subarray(i + 1)).flatMap((b) => {
        const size = Math.sqrt(inner(a, a) * inner(b, b));
        return size > 0 ? [{ a, b, weight: inner(a, b) / size / group.length }] : [];
      }),
    ),
  );
}

function columnsByMeaning(tasks: readonly Task[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  let column = 0;
  for (const task of tasks) {
    const classes = task.type === 'multiclass' ? task.classes : [undefined];
    for (const name of classes) {
      const key = JSON.stringify(name === undefined ? [] : [name, task.classes.toSorted()]);
      const group = groups.get(key) ?? [];
      group.push(column++);
      groups.set(key, group);
    }
  }
  return groups;
}

/** Undefined where there is no such task. */
function columnsOf(tasks: readonly Task[], id: string): number[] | undefined {
  let column = 0;
  for (const task of tasks) {
    const width = taskWidth(task);
    if (task.id === id) return Array.from({ length: width }, (_, k) => column + k);
    column += width;
  }
  return undefined;
}
