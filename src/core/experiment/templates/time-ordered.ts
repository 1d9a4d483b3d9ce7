import { Random, seedFrom } from '../../random';
import { csv, lazyTemplate } from './template';

const DAYS = 600;

const EXPERIMENT = `# Time-ordered data: one row a day, the demand of four shops as tasks.
# The latest days are the test split, and every fold predicts days after those it learned from: what is
# to come is never seen.

data:
  source: demand.csv
  time: day
  folds: { count: 5, by: time, gap: 1 }    # a day between what is learned and what is predicted
  test: 0.2
  seed: 42

tasks:
  north: { target: north }
  south: { target: south }
  centre: { target: centre }
  harbour: { target: harbour }

models:
  ridge: { kind: linear, penalty: ridge, lambda: { points: 10 } }
  # Shops are drawn to what they have in common; λ says how strongly.
  together: { kind: linear, penalty: mean-regularised, lambda: { points: 10 } }
  forest: { kind: forest, trees: 100 }

ensembles:
  average: { combine: mean }
`;

const SHOPS = ['north', 'south', 'centre', 'harbour'];

function makeDemand(): (number | string | null)[][] {
  const random = new Random(seedFrom('template', 'demand'));
  let trend = 0;
  let yesterday = SHOPS.map(() => 100);
  return Array.from({ length: DAYS }, (_, day) => {
    const season = Math.sin((2 * Math.PI * day) / 365);
    const temperature = 12 - 9 * season + 3 * random.normal();
    const rain = Math.max(0, 3 * random.normal());
    const promotion = random.uniform() < 0.15 ? 1 : 0;
    const weekend = day % 7 >= 5 ? 1 : 0;
    trend += 0.05 * random.normal();
    const demand = SHOPS.map((_, shop) => {
      const common = 100 + 1.4 * temperature - 2.2 * rain + 14 * promotion + 18 * weekend + trend;
      return common + 6 * (shop - 1.5) + 0.25 * (yesterday[shop] - 100) + 6 * random.normal();
    });
    const row = [
      dateOf(day),
      Number(temperature.toFixed(1)),
      Number(rain.toFixed(1)),
      promotion,
      weekend,
      ...yesterday.map((value) => Number(value.toFixed(1))),
      ...demand.map((value) => (random.uniform() < 0.95 ? Number(value.toFixed(1)) : null)),
    ];
    yesterday = demand;
    return row;
  });
}

/** Day 0 is 2023-01-01. */
function dateOf(day: number): string {
  const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  let year = 2023;
  let left = day;
  for (;;) {
    for (const [month, length] of lengths.entries()) {
      const days = month === 1 && year % 4 === 0 ? 29 : length;
      if (left < days) return `${year}-${two(month + 1)}-${two(left + 1)}`;
      left -= days;
    }
    year++;
  }
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

export const timeOrdered = lazyTemplate(
  {
    name: 'time-ordered',
    title: 'Time-ordered, the future held out',
    description: 'Demand of four shops by day: folds and test split in the order of time, with a gap.',
  },
  () => ({
    'demand.mtl.yaml': EXPERIMENT,
    'demand.csv': csv(
      [
        'day',
        'temperature',
        'rain',
        'promotion',
        'weekend',
        ...SHOPS.map((shop) => `${shop}_yesterday`),
        ...SHOPS,
      ],
      makeDemand(),
    ),
  }),
);
