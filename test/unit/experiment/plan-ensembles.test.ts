import { describe, expect, it } from 'vitest';
import { describePlan, extendPlan, parseExperiment, plan } from '../../../src/core/experiment';
import { task } from '../evaluate/support';

describe('the plan of ensembles', () => {
  it('fits models of the folds once more, for the ensembles that want no refit, and once for two of them', () => {
    const { trials, fitCount } = planned(
      'e: { combine: mean, of: [m], refit: false }\n  f: { combine: median, of: [m], refit: false }',
    );
    const without = planned('e: { combine: mean, of: [m] }\n  f: { combine: median, of: [m] }');
    const bags = trials.filter(({ kind }) => kind === 'bag');
    expect(bags.map(({ label }) => label)).toEqual([
      ...[1, 2, 3].map((fold) => `m model of fold ${fold}`),
      ...[1, 2, 3].map((fold) => `m (single-task) model of fold ${fold}`),
    ]);
    // One fit a fold, and one a task and fold for the twins.
    expect(fitCount - without.fitCount).toBe(3 + 3 * 3);
    for (const name of ['e', 'f']) {
      const own = trials.find((one) => one.kind === 'ensemble' && one.name === name && one.scope === 'joint');
      const [joint] = own?.kind === 'ensemble' ? own.members : [];
      expect(joint.bags).toEqual(bags.slice(0, 3).map(({ id }) => id));
      expect(own?.after).not.toContain(joint.refit);
    }
  });

  it('makes a trial of every chain on every fold and on all rows, in orders that differ', () => {
    const { trials, fitCount } = planned('e: { combine: chains, of: [m], chains: 4, folds: 2 }');
    const chains = trials.filter((one) => one.kind === 'chain');
    expect(chains).toHaveLength(4 * (3 + 1));
    const orders = new Set(chains.map(({ order }) => order.join(' ')));
    expect(orders.size).toBe(4);
    for (const { order } of chains) expect(order.toSorted()).toEqual([0, 1, 2]);
    // A chain fits 3 tasks, and the first 2 once more on each of 2 inner folds.
    const without = planned('e: { combine: mean, of: [m] }').fitCount;
    expect(fitCount - without).toBe(16 * (3 + 2 * 2));
    const ensemble = trials.find((one) => one.kind === 'ensemble' && one.scope === 'joint');
    for (const { id } of chains) expect(ensemble?.after).toContain(id);
    // The baseline is what chains are without links: the mean of the models of each task alone.
    const baseline = trials.find((one) => one.kind === 'ensemble' && one.scope === 'single-task');
    expect(baseline).toMatchObject({ combiner: { combine: 'mean' }, name: 'e' });
  });

  it('is told before launch with the fits of everything, which add up', () => {
    for (const text of ['e: { combine: chains, of: [m], chains: 4 }', 'e: { combine: mean, refit: false }']) {
      const { fits, models, others } = describePlan(planned(text));
      expect(others.length).toBeGreaterThan(0);
      expect([...models, ...others].reduce((sum, one) => sum + one.fits, 0)).toBe(fits);
    }
    expect(describePlan(planned('e: { combine: chains, of: [m], chains: 4, folds: 2 }')).others).toEqual([
      { kind: 'chains', name: 'e', fits: 16 * (3 + 2 * 2) },
    ]);
  });

  it('counts the fits of the folds and of chains in an extension of the run too', () => {
    const ensembles =
      'e: { combine: mean, of: [m], refit: false }\n  c: { combine: chains, of: [m], chains: 2, folds: 2 }';
    const { experiment } = parseExperiment(textOf(ensembles));
    if (experiment === undefined) throw new Error('the experiment is wrong');
    const first = planned(ensembles);
    const one = { parameters: {} };
    const added = { joint: [[one]], 'single-task': [[one], [one], [one]] };
    const { fitCount } = extendPlan(experiment, { ...IDENTITY, tasks: TASKS }, [first], {
      model: 'm',
      added,
    });
    const model = (3 + 1) * (1 + 3);
    const members = 3 + 3 * 3;
    const chains = 2 * (3 + 1) * (3 + 2 * 2);
    expect(fitCount).toBe(model + members + chains);
  });

  it('has no more chains than there are orders, and takes an order as it is written', () => {
    const many = planned('e: { combine: chains, of: [m], chains: 50 }').trials;
    expect(new Set(many.flatMap((one) => (one.kind === 'chain' ? [one.order.join(' ')] : []))).size).toBe(6);
    const written = planned('e: { combine: chains, of: [m], order: [c, a] }').trials;
    const orders = written.flatMap((one) => (one.kind === 'chain' ? [one.order] : []));
    expect(orders).toEqual([0, 1, 2, 3].map(() => [2, 0, 1]));
  });

  it('does every ensemble again inside each fold of an outer loop, from what its members are there', () => {
    const text =
      'e: { combine: stacking, of: [m] }\n  c: { combine: chains, of: [m], chains: 2 }\n  b: { combine: mean, of: [m], refit: false }';
    const { trials } = planned(text, '', '{ count: 3, outer: 4 }');
    const report = trials.find((one) => one.kind === 'report');
    const kept = trials.flatMap((one) => (one.kind === 'ensemble' && one.outer === undefined ? [one] : []));
    for (const { id, name, scope } of kept) {
      const within = report?.nested?.[id] ?? [];
      expect(within.length, name).toBe(name === 'b' ? 0 : 4);
      within.forEach((own, outer) => {
        const trial = trials.find((one) => one.id === own);
        expect(trial).toMatchObject({ kind: 'ensemble', name, scope, outer });
        expect(report?.after).toContain(own);
        // It reads nothing but trials of that fold of the outer loop: no row that is held out had a part in them.
        for (const read of trial?.after ?? []) {
          expect(trials.find((one) => one.id === read)).toMatchObject({ outer });
        }
      });
    }
    const places = new Map(trials.map(({ id }, place) => [id, place]));
    for (const { id, after } of trials) {
      for (const one of after) expect(places.get(one)).toBeLessThan(places.get(id) ?? -1);
    }
  });

  it('knows a combiner by all that changes its numbers', () => {
    const ids = [
      'e: { combine: greedy }',
      'e: { combine: greedy, steps: 10 }',
      'e: { combine: stacking }',
      'e: { combine: stacking, across: own }',
      'e: { combine: stacking, penalty: lasso }',
    ].map((text) => planned(text).trials.find(({ kind }) => kind === 'ensemble')?.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('knows fits by the weights of classes, and the report by thresholds', () => {
    const fits = (extra: string) => planned('e: { combine: mean }', extra).trials;
    const plain = fits('');
    const weighted = fits(', class_weight: balanced');
    const decided = fits(', threshold: f1');
    expect(weighted[0].id).not.toBe(plain[0].id);
    expect(decided[0].id).toBe(plain[0].id);
    expect(decided.at(-1)?.id).not.toBe(plain.at(-1)?.id);
  });
});

describe('mistakes in ensembles', () => {
  it.each([
    ['order: [a, z]', 'unknown-task'],
    ['order: [a, a]', 'listed-twice'],
    ['order: [a], chains: 3', 'ignored-key'],
  ])('chains with %s', (keys, code) => {
    expect(codes(`e: { combine: chains, ${keys} }`)).toContain(code);
  });

  it.each([
    ['combine: greedy, bag_share: 0.5', ['ignored-key']],
    ['combine: stacking, penalty: ridge, l1_ratio: 0.5', ['ignored-key']],
    ['combine: greedy, bags: 5, bag_share: 0.5', []],
    ['combine: mean, steps: 5', ['unknown-key']],
    ['combine: stakcing', ['wrong-value']],
    ['combine: bagging', ['not-supported']],
    ['combine: chains, refit: false', ['unknown-key']],
  ])('%s', (keys, expected) => {
    expect(codes(`e: { ${keys} }`)).toEqual(expected);
  });

  it('an ensemble of one model is that model, unless it bags, stacks or chains it', () => {
    expect(codes('e: { combine: greedy, of: [m] }')).toEqual(['ensemble-of-one']);
    expect(codes('e: { combine: mean, of: [m], refit: false }')).toEqual([]);
    expect(codes('e: { combine: stacking, of: [m] }')).toEqual([]);
    expect(codes('e: { combine: chains, of: [m] }')).toEqual([]);
  });
});

function textOf(ensembles: string, ofTask = '', folds = '3'): string {
  return `data: { source: t.csv, folds: ${folds} }
tasks: { a: { target: a${ofTask} }, b: b, c: c }
models: { m: { kind: forest }, n: { kind: forest } }
ensembles:
  ${ensembles}
`;
}

function planned(ensembles: string, ofTask = '', folds = '3') {
  const { experiment, diagnostics } = parseExperiment(textOf(ensembles, ofTask, folds));
  if (experiment === undefined) throw new Error(JSON.stringify(diagnostics));
  return plan(experiment, { ...IDENTITY, tasks: TASKS, longForm: false, lambdaMax: {} });
}

const IDENTITY = { fingerprint: 'f', engineVersion: '1' };
const TASKS = ['a', 'b', 'c'].map((id) => task('binary', id));

function codes(ensembles: string): string[] {
  return parseExperiment(textOf(ensembles)).diagnostics.map(({ code }) => code);
}
