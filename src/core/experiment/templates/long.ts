import { Random, seedFrom } from '../../random';
import { csv, lazyTemplate } from './template';

const CLINICS = ['Arden', 'Birch', 'Calder', 'Dunmore', 'Esk', 'Fenwick', 'Glen', 'Harrow'];

const EXPERIMENT = `# Long data: every row belongs to one task, and a column says to which.
# Here the tasks are clinics: each has patients of its own, few for all that is measured of them.
# What matters is much the same everywhere, which a clinic alone cannot see and pooling all of them blurs.

data:
  source: clinics.csv
  task: clinic          # every value of this column is a task
  test: 0.4
  folds: 5
  seed: 42

tasks:
  # One entry: the target that all tasks share.
  stay: { target: stay_days }

models:
  # Baselines come by themselves: each clinic alone, all clinics pooled as if they were one, and the mean.
  # All clinics use the same features.
  linear: { kind: linear, penalty: group-lasso, lambda: { points: 20 } }
  forest: { kind: forest, trees: 100 }

ensembles:
  average: { combine: mean }
`;

const FEATURES = ['age', 'bmi', 'pressure', 'glucose', 'prior_visits', 'smoker'];
/** Measured too, and of no use. */
const LABS = [
  'alt',
  'ast',
  'calcium',
  'crp',
  'ferritin',
  'ldl',
  'hdl',
  'sodium',
  'potassium',
  'tsh',
  'urea',
  'b12',
];

function makeClinics(): (number | string)[][] {
  const random = new Random(seedFrom('template', 'clinics'));
  const shared = [0.9, 0.2, 0.5, 0.7, 0.8, 0.6];
  return CLINICS.flatMap((clinic, index) => {
    // Clinics weigh the same things, each a little differently, from a level of its own.
    const weights = shared.map((weight) => weight + 0.15 * random.normal());
    const level = 6 + random.normal();
    return Array.from({ length: 90 + 5 * index }, () => {
      const z = Array.from({ length: 5 }, () => random.normal());
      const smoker = random.uniform() < 0.3;
      const effect = z.reduce((sum, value, j) => sum + weights[j] * value, 0) + (smoker ? weights[5] : 0);
      return [
        clinic,
        Math.round(58 + 14 * z[0]),
        Number((27 + 4 * z[1]).toFixed(1)),
        Math.round(132 + 15 * z[2]),
        Number((6 + 1.2 * z[3]).toFixed(1)),
        Math.max(0, Math.round(3 + 2 * z[4])),
        smoker ? 'yes' : 'no',
        ...LABS.map(() => Number((50 + 10 * random.normal()).toFixed(1))),
        Number(Math.max(1, level + effect + 1.6 * random.normal()).toFixed(1)),
      ];
    });
  });
}

export const long = lazyTemplate(
  {
    name: 'long',
    title: 'Long table, one task a group',
    description:
      'Eight clinics as tasks, told apart by a column; compared with each alone and with all pooled.',
  },
  () => ({
    'clinics.mtl.yaml': EXPERIMENT,
    'clinics.csv': csv(['clinic', ...FEATURES, ...LABS, 'stay_days'], makeClinics()),
  }),
);
