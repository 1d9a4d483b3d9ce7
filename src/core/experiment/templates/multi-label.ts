import { Random, seedFrom } from '../../random';
import { csv, lazyTemplate } from './template';

const ROWS = 500;

const EXPERIMENT = `# Multi-label data: one row a photo, six labels that are often there together, each a task.
# A label that is hard to see by itself is easier where its neighbours are known: that is what sharing can win.

data:
  source: photos.csv
  test: 0.25
  folds: 5
  seed: 42

tasks:
  beach: { target: beach }
  sea: { target: sea }
  sunset: { target: sunset }
  boat: { target: boat }
  people: { target: people }
  snow: { target: snow }

models:
  # Trees that look for cuts which part all labels at once.
  forest: { kind: forest, trees: 100 }
  # All labels use the same features; λ says how few of them.
  linear: { kind: linear, penalty: group-lasso, lambda: { points: 10 } }

ensembles:
  # Each label learns from the predictions of those before it, in ten random orders.
  chains: { combine: chains, of: [linear] }
  # Each label learns from the out-of-fold predictions of all.
  stacked: { combine: stacking }
`;

const LABELS = ['beach', 'sea', 'sunset', 'boat', 'people', 'snow'];
const FEATURES = Array.from({ length: 24 }, (_, j) => `f${j + 1}`);

/** What is behind the labels: each row a label, each column a scene (coast, evening, winter). */
const SCENES = [
  [1.6, 0, -1],
  [1.4, 0.4, -0.8],
  [0.4, 1.6, 0],
  [1, 0.3, -0.6],
  [0.5, -0.4, 0.3],
  [-1, 0, 1.8],
];

function makePhotos(): (number | null)[][] {
  const random = new Random(seedFrom('template', 'photos'));
  const mixing = FEATURES.map(() => [random.normal(), random.normal(), random.normal()]);
  return Array.from({ length: ROWS }, () => {
    const scene = [random.normal(), random.normal(), random.normal()];
    const features = mixing.map((weights, j) => {
      const seen = j < 12 ? weights.reduce((sum, weight, k) => sum + weight * scene[k], 0) : 0;
      return seen + 1.2 * random.normal();
    });
    const labels = SCENES.map((weights) => {
      const pull = weights.reduce((sum, weight, k) => sum + weight * scene[k], -0.6);
      const label = pull + 0.7 * random.normal() > 0 ? 1 : 0;
      return random.uniform() < 0.9 ? label : null;
    });
    return [...features, ...labels];
  });
}

export const multiLabel = lazyTemplate(
  {
    name: 'multi-label',
    title: 'Multi-label, tasks that come together',
    description:
      'Six labels a row, some of them unknown: chains and stacking over labels beside a shared forest.',
  },
  () => ({ 'photos.mtl.yaml': EXPERIMENT, 'photos.csv': csv([...FEATURES, ...LABELS], makePhotos()) }),
);
