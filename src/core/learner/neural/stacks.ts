import type { Encoder, Problem } from '../../dataset';
import { layOut } from './architectures';
import type { Blueprint, CategoryColumns } from './blueprint';
import type { NeuralParameters } from './parameters';
import { headsOf, inputWidth } from './training-data';

/** Settings that concern one member alone: members of a stack agree in all others. */
const OWN = new Set<keyof NeuralParameters>([
  'lambda_on',
  'weight_decay',
  'sharing_strength',
  'head_penalty',
  'weighting',
  'epochs',
  'learning_rate',
  'schedule',
  'schedule_epochs',
  'schedule_factor',
  'optimizer',
  'momentum',
  'clip',
  'patience',
  'seed',
]);

/** Indices of the configurations that are trained together, group by group, in the order of their first. */
export function groupStacks(configurations: readonly NeuralParameters[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  configurations.forEach((parameters, index) => {
    const shared = Object.entries(parameters).filter(([name]) => !OWN.has(name as keyof NeuralParameters));
    const key = JSON.stringify(shared);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  return [...groups.values()];
}

export function blueprintOf(problem: Problem, encoder: Encoder, parameters: NeuralParameters): Blueprint {
  const { architecture, hidden, tower, activation, normalization, dropout } = parameters;
  const heads = headsOf(problem.tasks);
  return layOut({
    // One task shares with nobody: its net is the stack itself.
    architecture: heads.length === 1 && architecture !== 'mmoe' ? 'shared-bottom' : architecture,
    inputs: inputWidth(encoder),
    hidden,
    tower,
    activation,
    normalisation: normalization,
    dropout,
    experts: parameters.experts,
    taskExperts: parameters.task_experts,
    embedding: parameters.embedding,
    categories: categoriesOf(problem, encoder),
    tieHeads: parameters.tie_heads && canTie(heads),
    heads,
  });
}

function canTie(heads: readonly { readonly type: string; readonly width: number }[]): boolean {
  return heads.every(({ type, width }) => type === heads[0].type && width === heads[0].width);
}

/** The encoder's one-hot columns of each categorical feature. */
function categoriesOf({ dataset, features }: Problem, { sources, width }: Encoder): CategoryColumns[] {
  const categories: CategoryColumns[] = [];
  for (let column = 0; column < width; ) {
    let end = column + 1;
    while (end < width && sources[end] === sources[column]) end++;
    if (dataset.columns[features[sources[column]]].kind === 'categorical') {
      categories.push({ from: column, to: end });
    }
    column = end;
  }
  return categories;
}
