import { Random, seedFrom } from '../../random';
import { csv, lazyTemplate } from './template';

const ROWS = 300;

const EXPERIMENT = `# Wide data: one table, one row a tree of an orchard, one column a task.
# Tasks may be of different types, and a row may lack the label of any of them.

data:
  source: orchard.csv
  exclude: [tree]      # an identifier: neither a feature nor a target
  test: 0.2
  folds: 5
  seed: 42

tasks:
  # Numbers: a regression; the type is inferred.
  yield: { target: yield_kg }
  # Two classes: binary.
  disease: { target: disease, positive: "yes" }
  # Three classes: multiclass; "weight: 2" would count it double.
  grade: { target: grade }

models:
  # λ weighs what ties the tasks together. A grid is searched from the λ at which nothing is learned downwards.
  linear: { kind: linear, penalty: group-lasso, lambda: { points: 15 } }
  # The λ of this one come from the sweep below.
  ridge: { kind: linear, penalty: ridge }
  forest: { kind: forest, trees: 100 }

sweeps:
  # A sweep of its own says how the winner is picked: here the largest λ within one standard error of the best.
  steady: { model: ridge, over: { lambda: { points: 15 } }, rule: one-standard-error }

ensembles:
  average: { combine: mean, of: [linear, forest] }
  # All base models, with weights learned for each task.
  weighted: { combine: weighted }
`;

/** Measured too, and of no use. */
const OTHER = ['altitude', 'slope', 'wind', 'nitrogen', 'phosphorus', 'potassium', 'humus', 'salt'];
const VARIETIES = ['Braeburn', 'Elstar', 'Gala', 'Jonagold'];
const HEADER = [
  'tree',
  'variety',
  'age',
  'soil_ph',
  'rain_mm',
  'sun_hours',
  'irrigated',
  ...OTHER,
  'yield_kg',
  'disease',
  'grade',
];

function makeOrchard(): (number | string | null)[][] {
  const random = new Random(seedFrom('template', 'orchard'));
  return Array.from({ length: ROWS }, (_, row) => {
    const variety = random.integer(VARIETIES.length);
    const age = 3 + random.integer(25);
    const ph = 6.2 + 0.6 * random.normal();
    const rain = 700 + 120 * random.normal();
    const sun = 1600 + 150 * random.normal();
    const irrigated = random.uniform() < 0.4;
    // How well the tree does is behind all three targets: that is what the tasks share.
    const water = (rain - 700) / 120 + (irrigated ? 0.8 : 0);
    const vigour =
      0.7 * water + 0.5 * ((sun - 1600) / 150) - 0.8 * Math.abs(ph - 6.3) - 0.002 * (age - 14) ** 2;
    const yieldKg = Math.max(1, 45 + 5 * variety + 12 * vigour + 5 * random.normal());
    const sick = -0.4 - 1.1 * vigour + 0.8 * random.normal() > 0;
    const quality = vigour + 0.4 * (variety - 1.5) + 0.6 * random.normal();
    const keep = (share: number): boolean => random.uniform() < share;
    return [
      `T${String(row + 1).padStart(3, '0')}`,
      VARIETIES[variety],
      age,
      keep(0.95) ? Number(ph.toFixed(2)) : null,
      Math.round(rain),
      Math.round(sun),
      irrigated ? 'yes' : 'no',
      ...OTHER.map(() => Number((20 + 4 * random.normal()).toFixed(1))),
      keep(0.9) ? Number(yieldKg.toFixed(1)) : null,
      keep(0.75) ? (sick ? 'yes' : 'no') : null,
      keep(0.85) ? (quality > 0.5 ? 'A' : quality > -0.7 ? 'B' : 'C') : null,
    ];
  });
}

export const wide = lazyTemplate(
  {
    name: 'wide',
    title: 'Wide table, mixed tasks',
    description:
      'Regression, binary and multiclass tasks over one table with missing labels; a sweep and ensembles.',
  },
  () => ({ 'orchard.mtl.yaml': EXPERIMENT, 'orchard.csv': csv(HEADER, makeOrchard()) }),
);
