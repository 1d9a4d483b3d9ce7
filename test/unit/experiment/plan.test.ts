import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/core/dataset';
import {
  describePlan,
  type Experiment,
  type FitTrial,
  lambdaMaxNeeds,
  PlanError,
  type PlanInputs,
  parseExperiment,
  plan,
  type TrialSpec,
} from '../../../src/core/experiment';
import { digest } from '../../../src/core/experiment/trial-id';
import { seedFrom } from '../../../src/core/random';
import { EXAMPLE } from './support';

const TASKS: Task[] = [
  { id: 'species', type: 'multiclass', weight: 1, classes: ['Adelie', 'Chinstrap', 'Gentoo'] },
  { id: 'sex', type: 'binary', weight: 1, classes: ['FEMALE', 'MALE'] },
  { id: 'mass', type: 'regression', weight: 1, classes: [] },
];

const INPUTS: PlanInputs = {
  fingerprint: 'abc',
  engineVersion: '1',
  tasks: TASKS,
  longForm: false,
  lambdaMax: { linear: { joint: 2, twin: [1, 0.5, 0.25] } },
};

function experiment(text: string): Experiment {
  const parsed = parseExperiment(text);
  if (parsed.experiment === undefined) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.experiment;
}

const example = experiment(EXAMPLE);

function labels(trials: readonly TrialSpec[], kind: TrialSpec['kind']): string[] {
  return trials.filter((trial) => trial.kind === kind).map(({ label }) => label);
}

function fitTrial(trials: readonly TrialSpec[], label: string): FitTrial {
  const found = trials.find((trial): trial is FitTrial => trial.kind === 'fit' && trial.label === label);
  if (found === undefined) throw new Error(`There is no trial ${label}.`);
  return found;
}

describe('the graph of trials', () => {
  const { trials, models, folds, fitCount } = plan(example, INPUTS);

  it('has for every model its fits, a selection and a refit, jointly and one task at a time', () => {
    expect(labels(trials, 'refit')).toEqual([
      'constant refit',
      'linear refit',
      'linear (single-task) refit',
      'net refit',
      'net (single-task) refit',
      'forest refit',
      'forest (single-task) refit',
    ]);
    expect(labels(trials, 'fit').filter((label) => label.startsWith('linear fold'))).toEqual([
      'linear fold 1',
      'linear fold 2',
      'linear fold 3',
      'linear fold 4',
      'linear fold 5',
    ]);
    expect(labels(trials, 'fit')).toHaveLength(7 * 5);
    expect(labels(trials, 'ensemble')).toEqual([
      'average',
      'weighted',
      'average (single-task)',
      'weighted (single-task)',
    ]);
    expect(labels(trials, 'report')).toEqual(['report']);
    expect(folds).toBe(5);
    expect(models.map(({ name }) => name)).toEqual(['constant', 'linear', 'net', 'forest']);
  });

  it('has an id of its own for every trial, and comes after what it reads', () => {
    const seen = new Set<string>();
    for (const trial of trials) {
      for (const upstream of trial.after) expect(seen.has(upstream)).toBe(true);
      expect(trial.id).toMatch(/^[0-9a-f]{32}$/);
      expect(seen.has(trial.id)).toBe(false);
      seen.add(trial.id);
    }
    expect(new Set(trials.at(-1)?.after)).toEqual(new Set(trials.slice(0, -1).map(({ id }) => id)));
  });

  it('carries the whole path in each fit: the joint grid, and a grid a task in the twin', () => {
    const joint = fitTrial(trials, 'linear fold 3');
    expect(joint.configurations).toHaveLength(1);
    expect(joint.configurations[0]).toHaveLength(20);
    expect(joint.configurations[0][0]).toEqual({ lambda: 2, parameters: example.models[0].parameters });
    expect(joint.configurations[0][19].lambda).toBeCloseTo(0.002, 12);
    const twin = fitTrial(trials, 'linear (single-task) fold 3');
    expect(twin.configurations.map((list) => list[0].lambda)).toEqual([1, 0.5, 0.25]);
    expect(twin.configurations.map((list) => list.length)).toEqual([20, 20, 20]);
    expect(twin.configurations[0][0].parameters.penalty).toBe('lasso');
    expect(fitTrial(trials, 'net fold 1').configurations[0].map(({ lambda }) => lambda)).toEqual([
      0.01, 0.001, 0.0001,
    ]);
    expect(fitTrial(trials, 'forest fold 1').configurations[0]).toEqual([
      { parameters: example.models[2].parameters },
    ]);
  });

  it('counts fits: configurations × folds (× tasks), and refits', () => {
    const linear = 20 * 5 + 1 + 3 * (20 * 5 + 1);
    const net = 3 * 5 + 1 + 3 * (3 * 5 + 1);
    const forest = 5 + 1 + 3 * (5 + 1);
    const constant = 5 + 1;
    expect(fitCount).toBe(linear + net + forest + constant);
    const described = describePlan(plan(example, INPUTS));
    expect(described.fits).toBe(fitCount);
    expect(described.models.reduce((sum, model) => sum + model.fits, 0)).toBe(fitCount);
    expect(described.models[2]).toEqual({
      key: { model: 'linear', scope: 'single-task' },
      tasks: 3,
      configurations: 20,
      folds: 5,
      fits: 3 * 101,
    });
  });

  it('seeds a fit by model, fold and repeat; the twin has its model’s seed', () => {
    const joint = fitTrial(trials, 'net fold 2');
    expect(joint.seed).toBe(seedFrom(42, 'net', 1, 0));
    expect(fitTrial(trials, 'net (single-task) fold 2').seed).toBe(joint.seed);
    expect(fitTrial(trials, 'net fold 3').seed).not.toBe(joint.seed);
  });

  it('selects for all tasks together, and in the twin task by task', () => {
    const per = trials.flatMap((trial) =>
      trial.kind === 'select' ? [[trial.label, trial.per, trial.rule]] : [],
    );
    expect(per.slice(0, 3)).toEqual([
      ['constant selection', 'model', 'best'],
      ['linear selection', 'model', 'best'],
      ['linear (single-task) selection', 'task', 'best'],
    ]);
  });
});

describe('the ids of trials', () => {
  const ids = (text: string, inputs: Partial<PlanInputs> = {}) =>
    new Map(
      plan(experiment(text), { ...INPUTS, ...inputs }).trials.map(({ label, kind, id }) => [
        `${kind} ${label}`,
        id,
      ]),
    );
  const before = ids(EXAMPLE);
  /** Labels of trials whose id is not as it was. */
  const changed = (after: Map<string, string>) =>
    [...after].filter(([label, id]) => before.get(label) !== id).map(([label]) => label);

  it('are the same for the same work', () => {
    expect(changed(ids(EXAMPLE))).toEqual([]);
    const moved = EXAMPLE.replace('penguins.csv', 'elsewhere/penguins.csv').replace(/ +#.*/g, '');
    expect(changed(ids(moved))).toEqual([]);
  });

  it('change with the data and with the engine, all of them', () => {
    expect(changed(ids(EXAMPLE, { fingerprint: 'abd' }))).toHaveLength(before.size);
    expect(changed(ids(EXAMPLE, { engineVersion: '2' }))).toHaveLength(before.size);
    expect(changed(ids(EXAMPLE.replace('seed: 42', 'seed: 43')))).toHaveLength(before.size);
    expect(changed(ids(EXAMPLE.replace('test: 0.2', 'test: 0.3')))).toHaveLength(before.size);
  });

  it('change with the parameters of a model, for it and what reads it', () => {
    const after = changed(ids(EXAMPLE.replace('trees: 200', 'trees: 201')));
    expect(after.filter((label) => !label.includes('forest'))).toEqual([
      'ensemble average',
      'ensemble weighted',
      'ensemble average (single-task)',
      'ensemble weighted (single-task)',
      'report report',
    ]);
    expect(after.filter((label) => label.includes('forest'))).toHaveLength(2 * 7);
  });

  it('of fits do not change with the rule that selects among them', () => {
    const sweep =
      'sweeps: { s: { model: linear, over: { lambda: { points: 20 } }, rule: one-standard-error } }\n';
    const after = changed(ids(EXAMPLE + sweep));
    expect(after.filter((label) => label.startsWith('fit'))).toEqual([]);
    expect(after).toContain('select linear selection');
    expect(after).toContain('select linear (single-task) selection');
  });

  it('are a published hash', () => {
    const sha = createHash('sha256').update('{"a":[1,"ü"],"b":{"c":null}}').digest('hex');
    expect(digest({ b: { c: null, d: undefined }, a: [1, 'ü'] })).toBe(sha.slice(0, 32));
  });
});

describe('what a plan depends on', () => {
  it('one task has no twin: there is nothing to share', () => {
    const text =
      'data: { source: a.csv }\ntasks: { y: y }\nmodels: { m: { kind: forest }, n: { kind: forest } }\nensembles: { e: { combine: mean } }';
    const { trials } = plan(experiment(text), { ...INPUTS, tasks: [TASKS[1]] });
    expect(labels(trials, 'refit')).toEqual(['constant refit', 'm refit', 'n refit']);
    expect(labels(trials, 'ensemble')).toEqual(['e']);
  });

  it('long data have the pooled baseline, with its own grid and the twin’s parameters', () => {
    const clinics = ['a', 'b'].map((id): Task => ({ id, type: 'regression', weight: 1, classes: [] }));
    const text =
      'data: { source: a.csv, task: t }\ntasks: { y: y }\nmodels: { m: { kind: linear, lambda: { points: 3, ratio: 0.01 } } }';
    const inputs = {
      ...INPUTS,
      tasks: clinics,
      longForm: true,
      lambdaMax: { m: { joint: 1, twin: [1, 1], pooled: 4 } },
    };
    const { trials, models } = plan(experiment(text), inputs);
    const pooled = fitTrial(trials, 'm (pooled) fold 1');
    expect(pooled.configurations[0].map(({ lambda }) => lambda)).toEqual([4, expect.closeTo(0.4, 12), 0.04]);
    expect(pooled.configurations[0][0].parameters.penalty).toBe('lasso');
    expect(models[1].pooledLambdas).toHaveLength(3);
    const mixed = plan(experiment(text), { ...inputs, tasks: [clinics[0], TASKS[1]] });
    expect(labels(mixed.trials, 'refit')).not.toContain('m (pooled) refit');
  });

  it('a sweep gives its model the λ, the folds and the rule', () => {
    const sweep =
      'sweeps: { s: { model: net, over: { lambda: [1, 2] }, folds: 3, rule: one-standard-error } }\n';
    const { trials } = plan(experiment(EXAMPLE + sweep), INPUTS);
    const own = trials.filter(
      (trial): trial is FitTrial => trial.kind === 'fit' && trial.key.model === 'net',
    );
    expect(own).toHaveLength(2 * 3);
    expect(own[0]).toMatchObject({ folds: 3, fold: 0 });
    expect(own[0].configurations[0].map(({ lambda }) => lambda)).toEqual([2, 1]);
    expect(
      trials.filter((trial) => trial.kind === 'select' && trial.rule === 'one-standard-error'),
    ).toHaveLength(2);
    expect(fitTrial(trials, 'forest fold 5').folds).toBe(5);
  });

  it('a grid that does not say how far down goes as far as the learner knows to be useful', () => {
    const lambdas = (entry: string) => {
      const text = `data: { source: a.csv }\ntasks: { y: y }\nmodels: { m: { kind: linear, ${entry} } }`;
      return plan(experiment(text), { ...INPUTS, lambdaMax: { m: { joint: 1, twin: [1, 1, 1] } } }).models[1]
        .lambdas;
    };
    expect(lambdas('penalty: lasso')?.at(-1)).toBe(1e-3);
    expect(lambdas('penalty: lasso')).toHaveLength(20);
    expect(lambdas('penalty: ridge')?.at(-1)).toBe(1e-5);
    expect(lambdas('penalty: ridge, lambda: { points: 3, ratio: 0.01 }')?.at(-1)).toBe(0.01);
  });

  it('a learner without λ_max, and no λ in the file, is not regularised', () => {
    const text = 'data: { source: a.csv }\ntasks: { y: y }\nmodels: { m: { kind: neural } }';
    expect(plan(experiment(text), INPUTS).models[1].lambdas).toEqual([0]);
  });

  it('a task that no feature says anything about takes the joint grid', () => {
    const lambdaMax = { linear: { joint: 2, twin: [1, 0, 0.25] } };
    const { trials } = plan(example, { ...INPUTS, lambdaMax });
    expect(fitTrial(trials, 'linear (single-task) fold 1').configurations[1][0].lambda).toBe(2);
  });

  it('a grid without the λ_max it starts at is refused, naming the model', () => {
    expect(() => plan(example, { ...INPUTS, lambdaMax: {} })).toThrow(PlanError);
    expect(() => plan(example, { ...INPUTS, lambdaMax: {} })).toThrow(/linear.*λ_max/);
  });

  it('a thousand tasks and five thousand trials are planned', () => {
    const tasks = Array.from(
      { length: 1000 },
      (_, t): Task => ({ id: `t${t}`, type: 'regression', weight: 1, classes: [] }),
    );
    const many = Array.from({ length: 350 }, (_, m) => `  m${m}: { kind: forest, trees: ${m + 1} }`).join(
      '\n',
    );
    const text = `data: { source: a.csv }\ntasks: { y: y }\nmodels:\n${many}\n`;
    const { trials, fitCount } = plan(experiment(text), { ...INPUTS, tasks });
    expect(trials).toHaveLength(351 * 7 + 350 * 7 + 1);
    expect(fitCount).toBe(351 * 6 + 350 * 1000 * 6);
  });
});

describe('how far down a grid from λ_max goes where the file does not say', () => {
  const spans = (text: string) => {
    const inputs = { ...INPUTS, lambdaMax: {} };
    const file = experiment(text);
    const max = { joint: 2, twin: [1, 0.5, 0.25] };
    const lambdaMax = Object.fromEntries(lambdaMaxNeeds(file).map(({ key }) => [key, max]));
    const { trials } = plan(file, { ...inputs, lambdaMax });
    const ratios = (label: string) =>
      trials
        .filter((trial): trial is FitTrial => trial.kind === 'fit' && trial.label.startsWith(label))
        .flatMap(({ configurations }) => configurations)
        .flatMap((list) =>
          [...new Set(list.map(({ parameters }) => parameters))].map((own) =>
            list.flatMap(({ parameters, lambda = 0 }) => (parameters === own ? [lambda] : [])),
          ),
        )
        .map((path) => Number((path[path.length - 1] / path[0]).toPrecision(6)));
    return { joint: new Set(ratios('m fold')), twin: new Set(ratios('m (single-task) fold')) };
  };
  const head = `data: { source: a.csv, folds: 2 }
tasks: { species: species, sex: sex, mass: mass }
`;

  it('is the learner’s own in every scope: a trace norm’s twin is a ridge, whose useful λ lie lower', () => {
    const { joint, twin } = spans(
      `${head}models: { m: { kind: linear, penalty: trace, lambda: { points: 5 } } }`,
    );
    expect([...joint]).toEqual([1e-3]);
    expect([...twin]).toEqual([1e-5]);
  });

  it('is that of each penalty of a sweep', () => {
    const { joint } = spans(
      `${head}models: { m: { kind: linear } }
sweeps: { s: { model: m, over: { penalty: [lasso, ridge], lambda: { points: 4 } } } }`,
    );
    expect([...joint].sort()).toEqual([1e-3, 1e-5].sort());
  });

  it('is what the file says, where it does', () => {
    const { twin } = spans(
      `${head}models: { m: { kind: linear, penalty: trace, lambda: { points: 5, ratio: 0.01 } } }`,
    );
    expect([...twin]).toEqual([0.01]);
  });
});
