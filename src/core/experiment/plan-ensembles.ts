import { Random, seedFrom } from '../random';
import { scopedName } from './board-name';
import type { Combiner, EnsembleSpec } from './experiment';
import {
  type BagTrial,
  type ChainMember,
  type ChainTrial,
  type EnsembleTrial,
  type FitTrial,
  fitsOf,
  type MemberTrials,
  type Scope,
  type TrialSpec,
} from './trial';

type Chains = Extract<Combiner, { combine: 'chains' }>;

/** What planning the ensembles needs of the plan so far. */
export interface EnsemblePlanning {
  readonly ensembles: readonly EnsembleSpec[];
  /** Ids of the tasks, in their order. */
  readonly tasks: readonly string[];
  readonly seed: number;
  /** Of the experiment: what learns from out-of-fold predictions is cross-fitted over these. */
  readonly folds: number;
  /** Trials planned so far, by id: those of the members among them. */
  readonly trials: ReadonlyMap<string, TrialSpec>;
  member(model: string, scope: Scope): MemberTrials | undefined;
  /** Fold of the outer loop inside which `member` gives what a model is; absent: there is none around it. */
  readonly outer?: number;
  /** Id of a trial, from all that its numbers depend on. */
  id(kind: TrialSpec['kind'], content: object): string;
}

export interface PlannedEnsembles {
  /** In an order in which each comes after those it reads. */
  readonly trials: readonly TrialSpec[];
  /** Trials that give the ensembles' predictions, for the report. */
  readonly ensembles: readonly string[];
  /** By those: the same ensemble inside each fold of an outer loop. */
  readonly nested: Readonly<Record<string, readonly string[]>>;
  readonly fitCount: number;
}

/**
 * Trials of the ensembles over the models, and over their single-task twins: the models of the folds where an ensemble
 * wants no refit, the chains of tasks, the combinations; and the same inside each fold of an outer loop, but for ensembles of
 * models of folds, whose models an outer loop does not keep.
 */
export function planEnsembles(planning: EnsemblePlanning): PlannedEnsembles {
  const trials = new Map<string, TrialSpec>();
  const ensembles: string[] = [];
  const nested: Record<string, readonly string[]> = {};
  for (const scope of ['joint', 'single-task'] as const) {
    for (const spec of planning.ensembles) {
      const own = planOne(planning, spec, scope);
      for (const trial of own) trials.set(trial.id, trial);
      const combined = own.filter(({ kind }) => kind === 'ensemble').map(({ id }) => id);
      ensembles.push(...combined);
      const within = spec.refit ? planNested(planning, spec, scope) : [];
      for (const trial of within) trials.set(trial.id, trial);
      const folds = within.filter(({ kind }) => kind === 'ensemble').map(({ id }) => id);
      if (folds.length > 0) for (const id of combined) nested[id] = folds;
    }
  }
  const planned = [...trials.values()];
  const fitCount = planned.reduce((sum, trial) => sum + fitsOf(trial), 0);
  return { trials: planned, ensembles, nested, fitCount };
}

/** An ensemble over what its members are inside each fold of the outer loop. */
function planNested(
  planning: EnsemblePlanning,
  spec: EnsembleSpec,
  scope: EnsembleTrial['scope'],
): readonly TrialSpec[] {
  const count = spec.of.reduce(
    (most, model) => Math.max(most, planning.member(model, scope)?.outer?.folds?.length ?? 0),
    0,
  );
  return Array.from({ length: count }, (_, outer) => {
    const member: EnsemblePlanning['member'] = (model, own) =>
      planning.member(model, own)?.outer?.folds?.[outer];
    return planOne({ ...planning, member, outer }, spec, scope);
  }).flat();
}

function planOne(
  planning: EnsemblePlanning,
  spec: EnsembleSpec,
  scope: EnsembleTrial['scope'],
): readonly TrialSpec[] {
  if (spec.combine === 'chains' && scope === 'joint') return planChains(planning, spec, spec);
  const members = spec.of.flatMap((model) => planning.member(model, scope) ?? []);
  if (members.length === 0) return [];
  // Chains without links are models of each task alone: that is what chains are compared with.
  const combiner: Combiner = spec.combine === 'chains' ? { combine: 'mean' } : combinerOf(spec);
  if (spec.refit) return [ensembleTrial(planning, spec, scope, combiner, members)];
  const bags = members.map((member) => bagTrials(planning, member));
  const bagged = members.map((member, m) => ({ ...member, bags: bags[m].map(({ id }) => id) }));
  return [...bags.flat(), ensembleTrial(planning, spec, scope, combiner, bagged)];
}

function ensembleTrial(
  planning: EnsemblePlanning,
  { name, refit }: EnsembleSpec,
  scope: EnsembleTrial['scope'],
  combiner: Combiner,
  members: readonly MemberTrials[],
): EnsembleTrial {
  const after = members.flatMap((member) => [
    ...member.fits,
    member.select,
    ...(member.bags ?? [member.refit]),
  ]);
  const seed = seedFrom(planning.seed, name, 'ensemble', 0);
  const { within, place } = placeOf(planning);
  const label = `${scopedName(name, scope)}${place}`;
  const id = planning.id('ensemble', {
    ...within,
    name,
    scope,
    combiner,
    after,
    refit,
    folds: planning.folds,
    seed,
  });
  return { id, kind: 'ensemble', after, label, name, scope, combiner, members, refit, seed, ...within };
}

function placeOf({ outer }: EnsemblePlanning): {
  readonly within: { readonly outer?: number };
  readonly place: string;
} {
  return outer === undefined
    ? { within: {}, place: '' }
    : { within: { outer }, place: ` outer ${outer + 1}` };
}

/** One a fold (and repeat) of the member's fits. */
function bagTrials(planning: EnsemblePlanning, { key, fits, select, refit }: MemberTrials): BagTrial[] {
  const last = planning.trials.get(refit);
  if (last?.kind !== 'refit') return [];
  const { learner, configurations } = last;
  const name = scopedName(key.model, key.scope);
  return distinctFolds(planning, fits).map((fit): BagTrial => {
    const repeat = fit.repeat > 0 ? ` of repeat ${fit.repeat + 1}` : '';
    return {
      id: planning.id('bag', { select, fit: fit.id }),
      kind: 'bag',
      after: [fit.id, select],
      label: `${name} model of fold ${fit.fold + 1}${repeat}`,
      key,
      learner,
      configurations,
      select,
      fit: fit.id,
    };
  });
}

/** Of a model's fits, the last one of every fold and repeat: a search has several. */
function distinctFolds({ trials }: EnsemblePlanning, fits: readonly string[]): FitTrial[] {
  const byFold = new Map<string, FitTrial>();
  for (const id of fits) {
    const fit = trials.get(id);
    if (fit?.kind === 'fit' && fit.outer === undefined) byFold.set(`${fit.fold} ${fit.repeat}`, fit);
  }
  return [...byFold.values()].sort((a, b) => a.repeat - b.repeat || a.fold - b.fold);
}

function planChains(planning: EnsemblePlanning, ensemble: EnsembleSpec, spec: Chains): TrialSpec[] {
  const trials: TrialSpec[] = [];
  const members: MemberTrials[] = [];
  const chains: ChainMember[] = [];
  const orders = chainOrders(planning, ensemble.name, spec);
  const { within, place } = placeOf(planning);
  for (const model of ensemble.of) {
    const member = planning.member(model, 'single-task') ?? planning.member(model, 'joint');
    const last = member && planning.trials.get(member.refit);
    if (member === undefined || last?.kind !== 'refit') continue;
    members.push(member);
    // Inside an outer fold, what the chain says of its rows is all that is asked for.
    const folds = planning.outer === undefined ? distinctFolds(planning, member.fits) : [];
    orders.forEach((order, c) => {
      const chain = (fit?: FitTrial): ChainTrial => {
        const seed = seedFrom(
          planning.seed,
          ensemble.name,
          model,
          'chain',
          c,
          fit?.fold ?? -1,
          fit?.repeat ?? 0,
        );
        const content = {
          name: ensemble.name,
          order,
          folds: spec.folds,
          select: member.select,
          fit: fit?.id,
          seed,
          ...within,
        };
        return {
          id: planning.id('chain', content),
          kind: 'chain',
          after: fit ? [fit.id, member.select] : [member.select],
          label: `${ensemble.name} chain ${c + 1} of ${model} ${fit ? `fold ${fit.fold + 1}` : 'refit'}${place}`,
          name: ensemble.name,
          scope: 'joint',
          model,
          learner: last.learner,
          configurations: last.configurations,
          select: member.select,
          order,
          ...(fit && { fit: fit.id }),
          innerFolds: spec.folds,
          seed,
          ...within,
        };
      };
      const onFolds = folds.map((fit) => chain(fit));
      const refit = chain();
      trials.push(...onFolds, refit);
      chains.push({ model, order, folds: onFolds.map(({ id }) => id), refit: refit.id });
    });
  }
  if (members.length === 0) return [];
  const { name } = ensemble;
  const after = [...members.map(({ select }) => select), ...trials.map(({ id }) => id)];
  const combiner = combinerOf(ensemble);
  const seed = seedFrom(planning.seed, name, 'ensemble', 0);
  const id = planning.id('ensemble', { name, scope: 'joint', combiner, after, seed, ...within });
  const scope = 'joint';
  return [
    ...trials,
    {
      id,
      kind: 'ensemble',
      after,
      label: `${name}${place}`,
      name,
      scope,
      combiner,
      members,
      chains,
      refit: true,
      seed,
      ...within,
    },
  ];
}

/** The order of the file, or as many as asked for, drawn from the seed, all different: of two tasks there are only two. */
function chainOrders(planning: EnsemblePlanning, name: string, spec: Chains): readonly (readonly number[])[] {
  const { tasks } = planning;
  if (spec.order !== undefined) {
    const written = spec.order.map((id) => tasks.indexOf(id)).filter((t) => t >= 0);
    return [[...written, ...tasks.map((_, t) => t).filter((t) => !written.includes(t))]];
  }
  const possible = tasks.reduce((product, _, t) => Math.min(product * (t + 1), spec.chains), 1);
  const random = new Random(seedFrom(planning.seed, name, 'orders'));
  const orders = new Map<string, readonly number[]>();
  while (orders.size < Math.min(spec.chains, possible)) {
    const order = Int32Array.from(tasks.keys());
    random.shuffle(order);
    orders.set(order.join(' '), Array.from(order));
  }
  return [...orders.values()];
}

function combinerOf({ name: _name, of: _of, refit: _refit, ...combiner }: EnsembleSpec): Combiner {
  return combiner;
}
