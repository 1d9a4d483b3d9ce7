import { describe, expect, it } from 'vitest';
import { type SelectionInput, selectConfigurations } from '../../../src/core/sweep';

/** skills[fold][configuration] of one task. */
function oneTask(skills: readonly (readonly (number | null)[])[], about: Partial<SelectionInput> = {}) {
  return selectConfigurations({
    skills: skills.map((fold) => fold.map((value) => [value])),
    rule: 'best',
    lambdas: [[4, 3, 2, 1]],
    tasks: ['a'],
    per: 'model',
    ...about,
  });
}

// Means over folds .50 .56 .60 .58; the best's three folds .5 .6 .7: sd .1, standard error .1/√3 = .0577.
const FOLDS = [
  [0.4, 0.5, 0.5, 0.4],
  [0.5, 0.56, 0.6, 0.6],
  [0.6, 0.62, 0.7, 0.74],
];

describe('one choice for all tasks', () => {
  it('best takes the largest mean over folds', () => {
    const selection = oneTask(FOLDS);
    expect(selection.chosen).toEqual([2]);
    expect(selection.chosenLambda).toEqual([2]);
    expect(selection.path[2].mean).toBeCloseTo(0.6, 12);
    expect(selection.path[2].standardError).toBeCloseTo(0.1 / Math.sqrt(3), 12);
    expect(selection.path.map(({ lambda }) => lambda)).toEqual([[4], [3], [2], [1]]);
  });

  it('one standard error takes the largest λ within it', () => {
    const selection = oneTask(FOLDS, { rule: 'one-standard-error' });
    // .56 ≥ .60 − .0577, .50 is not.
    expect(selection.chosen).toEqual([1]);
    expect(selection.best).toEqual([2]);
    expect(selection.oneStandardError).toEqual([1]);
    expect(selection.chosenLambda).toEqual([3]);
  });

  it('one standard error never goes to a smaller λ, whatever the order of the list', () => {
    const reversed = FOLDS.map((fold) => fold.toReversed());
    const selection = oneTask(reversed, { rule: 'one-standard-error', lambdas: [[1, 2, 3, 4]] });
    expect(selection.chosenLambda).toEqual([3]);
  });

  it('of equals takes the largest λ', () => {
    const tie = [[0.1, 0.5, 0.5, 0.5]];
    expect(oneTask(tie).chosenLambda).toEqual([3]);
    expect(oneTask(tie, { lambdas: [[1, 2, 3, 4]] }).chosenLambda).toEqual([4]);
  });

  it('averages tasks within a fold, then folds', () => {
    const selection = selectConfigurations({
      skills: [
        [
          [0.2, 0.8],
          [0.4, 0.4],
        ],
        [
          [0.4, 0.8],
          [0.7, 0.7],
        ],
      ],
      rule: 'best',
      lambdas: [[2, 1]],
      tasks: ['a', 'b'],
      per: 'model',
    });
    // (.5 + .6) / 2 and (.4 + .7) / 2 are the same: the larger λ.
    expect(selection.path.map(({ mean }) => mean)).toEqual([
      expect.closeTo(0.55, 12),
      expect.closeTo(0.55, 12),
    ]);
    expect(selection.path[0].tasks.map(({ mean }) => mean)).toEqual([
      expect.closeTo(0.3, 12),
      expect.closeTo(0.8, 12),
    ]);
    expect(selection.path[0].standardError).toBeCloseTo(0.05, 12);
    expect(selection.path[1].standardError).toBeCloseTo(0.15, 12);
  });

  it('without λ takes the first of equals, by either rule', () => {
    const selection = oneTask([[0.3, 0.3]], { rule: 'one-standard-error', lambdas: [[null, null]] });
    expect(selection.chosen).toEqual([0]);
    expect(selection.chosenLambda).toEqual([null]);
  });
});

describe('scores that are undefined', () => {
  it('a fold without labels is left out for every configuration', () => {
    const selection = oneTask([[null, null, null, null], ...FOLDS]);
    expect(selection.chosen).toEqual([2]);
    expect(selection.path[2].mean).toBeCloseTo(0.6, 12);
    expect(selection.path[2].standardError).toBeCloseTo(0.1 / Math.sqrt(3), 12);
  });

  it('a configuration that broke down where others did not is not chosen, however good elsewhere', () => {
    const broken = [
      [0.4, 0.5, 0.9, 0.4],
      [0.5, 0.6, Number.NaN, 0.4],
    ];
    expect(oneTask(broken).chosenLambda).toEqual([3]);
    expect(oneTask(broken, { rule: 'one-standard-error' }).oneStandardError).not.toEqual([2]);
  });

  it('no score at all gives the largest λ and a warning', () => {
    const selection = oneTask([[null, null, null, null]], { rule: 'one-standard-error' });
    expect(selection.chosen).toEqual([0]);
    expect(selection.warnings[0]).toMatch(/no fold gives a score/);
  });

  it('an infinitely bad score is a score', () => {
    expect(oneTask([[-Infinity, 0.1, 0.2, -Infinity]]).chosen).toEqual([2]);
  });
});

describe('a choice a task', () => {
  const skills = [
    [
      [0.1, 0.9],
      [0.5, 0.5],
      [0.7, 0.3],
    ],
    [
      [0.2, 0.8],
      [0.5, 0.5],
      [0.6, 0.3],
    ],
  ];
  const selection = selectConfigurations({
    skills,
    rule: 'best',
    lambdas: [
      [9, 3, 1],
      [90, 30, 10],
    ],
    tasks: ['a', 'b'],
    per: 'task',
  });

  it('goes by the skill of that task, on the grid of that task', () => {
    expect(selection.chosen).toEqual([2, 0]);
    expect(selection.chosenLambda).toEqual([1, 90]);
    expect(selection.path[1].lambda).toEqual([3, 30]);
  });

  it('warns of the tasks whose best λ is an end of their grid', () => {
    expect(selection.warnings).toEqual([
      'the best λ is the smallest of its grid for 1 of 2 tasks (a): add smaller values to the list',
      'the best λ is the largest of its grid for 1 of 2 tasks (b): add larger values to the list',
    ]);
  });
});

describe('a λ at an end of its grid', () => {
  const RISING = [[0.1, 0.2, 0.3, 0.4]];
  const FALLING = [[0.4, 0.3, 0.2, 0.1]];
  const grid = (about: { from?: number; to?: number; ratio?: number } = {}) =>
    ({ kind: 'grid', points: 4, ...about }) as const;

  it('is said, with what the file can be given instead', () => {
    const smallest = (spec?: SelectionInput['spec']) => oneTask(RISING, { spec }).warnings;
    expect(smallest()).toEqual([
      'the best λ (1) is the smallest of its grid: add smaller values to the list',
    ]);
    expect(smallest(grid({ from: 4, to: 1 }))).toEqual([
      'the best λ (1) is the smallest of its grid: give the grid a smaller `to`',
    ]);
    expect(smallest(grid())).toEqual([
      'the best λ (1) is the smallest of its grid: give the grid a smaller `ratio` than 0.25',
    ]);
    expect(smallest(grid({ ratio: 0.2 }))[0]).toMatch(/a smaller `ratio` than 0\.2$/);
    expect(oneTask(FALLING).warnings).toEqual([
      'the best λ (4) is the largest of its grid: add larger values to the list',
    ]);
    expect(oneTask(FALLING, { spec: grid({ from: 4, to: 1 }) }).warnings).toEqual([
      'the best λ (4) is the largest of its grid: give the grid a larger `from`',
    ]);
  });

  it('is no matter inside the grid, or where the grid is one λ', () => {
    expect(oneTask(FOLDS).warnings).toEqual([]);
    expect(oneTask([[0.5]], { lambdas: [[0.1]] }).warnings).toEqual([]);
  });

  it('is no matter where nothing lies beyond: at 0, at λ_max, on the plateau above λ_max', () => {
    expect(oneTask([[0.1, 0.2]], { lambdas: [[0.1, 0]] }).warnings).toEqual([]);
    expect(oneTask(FALLING, { spec: grid() }).warnings).toEqual([]);
    expect(oneTask([[0, 0, -0.1, -0.2]], { spec: grid({ from: 4 }) }).warnings).toEqual([]);
  });

  it('is the chosen one at the large end, the best one at the small end, by one standard error', () => {
    // Standard error of the last .1: the first is within it.
    const flat = [
      [0.35, 0.3, 0.3, 0.3],
      [0.35, 0.3, 0.3, 0.5],
    ];
    const selection = oneTask(flat, { rule: 'one-standard-error' });
    expect(selection.chosenLambda).toEqual([4]);
    expect(selection.warnings).toEqual([
      'the λ with the best score (1) is the smallest of its grid: add smaller values to the list',
      'the chosen λ (4) is the largest of its grid: add larger values to the list',
    ]);
  });

  it('is not said of a task that no fold gives a score for', () => {
    const selection = selectConfigurations({
      skills: [
        [
          [0.1, null],
          [0.5, null],
          [0.2, null],
        ],
      ],
      rule: 'best',
      lambdas: [[9, 3, 1]],
      tasks: ['a', 'b'],
      per: 'task',
    });
    expect(selection.warnings).toEqual([
      'no fold gives a score for b: what is best for the other tasks was taken',
    ]);
    expect(selection.chosen).toEqual([1, 1]);
  });
});

it('needs a fold and a configuration', () => {
  expect(() => oneTask([])).toThrow(RangeError);
  expect(() => oneTask([[]])).toThrow(RangeError);
});
