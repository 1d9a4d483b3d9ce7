import { makeRelatedTasks } from '../synthetic';
import { csv, lazyTemplate } from './template';

const ROWS = 1000;
const FEATURES = 20;
const INFORMATIVE = 15;
const RELATEDNESS = 0.8;

const EXPERIMENT = `# Two related tasks, two random forests, and their ensemble.
#
# The table was made for this: ${ROWS} rows, ${FEATURES} features of which ${INFORMATIVE} matter, and two targets of two classes each.
# What is behind the targets is correlated ${RELATEDNESS}, so what helps with one task helps with the other.
# Run it, and look at the accuracies in the leaderboard: each model stands beside its baseline, the same
# forest learning each task alone, and beside the mean/majority predictor.

data:
  source: related-tasks.csv
  test: 0.2     # a fifth of the rows is held out, and scored once at the end
  folds: 5      # everything before is judged by cross-validation on the others
  seed: 42      # the same seed gives the same numbers

tasks:
  first: { target: first }
  second: { target: second }

models:
  # Few features to choose from at a split.
  narrow: { kind: forest, trees: 100, max_features: sqrt }
  # More of them, and larger leaves.
  broad: { kind: forest, trees: 100, max_features: third, min_samples_leaf: 2 }

ensembles:
  both: { combine: mean, of: [narrow, broad] }
`;

export const relatedTasks = lazyTemplate(
  {
    name: 'related-tasks',
    title: 'Two related tasks',
    description: 'Two random forests and their ensemble on two related tasks from one synthetic source.',
  },
  () => {
    const { features, labels } = makeRelatedTasks({
      rows: ROWS,
      features: FEATURES,
      informative: INFORMATIVE,
      tasks: 2,
      relatedness: RELATEDNESS,
      seed: 42,
    });
    const names = Array.from({ length: FEATURES }, (_, j) => `x${j + 1}`);
    const rows = Array.from({ length: ROWS }, (_, row) => [
      ...features.subarray(row * FEATURES, (row + 1) * FEATURES),
      ...labels.map((task) => task[row]),
    ]);
    return {
      'related-tasks.mtl.yaml': EXPERIMENT,
      'related-tasks.csv': csv([...names, 'first', 'second'], rows),
    };
  },
);
