import { quoted } from './quote';

/**
 * The text of a first experiment on a table: each target column a task, every other column a feature; a linear model over a
 * grid of λ and a forest, their mean, and a combination by learned weights.
 *
 * @param source the table, as the experiment file names it
 * @param targets column names, each once
 */
export function experimentOn(source: string, targets: readonly string[]): string {
  const tasks = targets.map((target) => `  ${quoted(target)}: { target: ${quoted(target)} }`);
  return `data:
  source: ${quoted(source)}
  exclude: []
  test: 0.2
  folds: 5
  seed: 42

tasks:
${tasks.join('\n')}

models:
  linear: { kind: linear, penalty: group-lasso, lambda: { points: 20 } }
  forest: { kind: forest, trees: 100 }

ensembles:
  average: { combine: mean }
  weighted: { combine: weighted }
`;
}
