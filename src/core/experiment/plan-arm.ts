import { seedFrom } from '../random';
import { type Arm, MOST_TOGETHER } from './arms';
import { scopedName } from './board-name';
import type { AdaptiveRung } from './search-plan';
import type { FitTrial, MemberTrials, RefitTrial, SearchTrial, SelectTrial, TrialSpec } from './trial';
import { digest } from './trial-id';

/** What planning a model's trials needs besides the model. */
export interface ArmPlanning {
  readonly seed: number;
  /** What says how folds are made, beyond their number; part of what a fit's numbers depend on. */
  readonly scheme: object | undefined;
  /** Folds of the outer loop; 0: there is none. */
  readonly outer: number;
  /** Id of a trial, from all that its numbers depend on. */
  id(kind: TrialSpec['kind'], content: object): string;
}

export interface PlannedArm {
  /** In an order in which each comes after those it reads. */
  readonly trials: readonly TrialSpec[];
  readonly member: MemberTrials;
}

/** Fits, barriers, selection and refit of one scope of a model, and the same within every fold of an outer loop. */
export function planArm(arm: Arm, planning: ArmPlanning): PlannedArm {
  const main = new ArmPlanner(arm, planning, undefined).plan();
  if (planning.outer === 0) return main;
  const inner = Array.from({ length: planning.outer }, (_, outer) =>
    new ArmPlanner(arm, planning, outer).plan(),
  );
  const outer = {
    refits: inner.map(({ member }) => member.refit),
    tuning: inner.flatMap(({ trials, member }) =>
      trials.flatMap(({ id }) => (id === member.refit ? [] : [id])),
    ),
    folds: inner.map(({ member }) => member),
  };
  return {
    trials: [main, ...inner].flatMap(({ trials }) => trials),
    member: { ...main.member, outer },
  };
}

class ArmPlanner {
  private readonly name: string;
  private readonly trials: TrialSpec[] = [];
  /** By rung: the fits, in the order of cells. */
  private readonly rungs: string[][] = [];
  private readonly searches: string[] = [];
  private readonly within: { readonly outer?: number };

  constructor(
    private readonly arm: Arm,
    private readonly planning: ArmPlanning,
    outer: number | undefined,
  ) {
    const { key } = arm;
    const place = outer === undefined ? '' : ` outer ${outer + 1}`;
    this.name = `${scopedName(key.model, key.scope)}${place}`;
    this.within = outer === undefined ? {} : { outer };
  }

  plan(): PlannedArm {
    const { groups, adaptive } = this.arm;
    this.planKnown(groups);
    const drawn = groups.reduce((sum, [list]) => sum + list.length, 0);
    let first = drawn;
    adaptive?.rungs.slice(1).forEach((rung, index) => {
      this.planRung(rung, index + 1, first);
      first += adaptive.method === 'bayesian' ? rung.count : 0;
    });
    // A rung that trains longer than the one before stands for itself; others add to what there is.
    const isSeparate = adaptive?.rungs[0].resource !== undefined;
    const fits = isSeparate ? (this.rungs.at(-1) ?? []) : this.rungs.flat();
    const others = isSeparate ? this.rungs.slice(0, -1).flat() : [];
    const tuning = [...others, ...this.searches];
    const { select, refit } = this.planChoice(fits);
    return {
      trials: [...this.trials, select, refit],
      member: {
        key: this.arm.key,
        fits,
        select: select.id,
        refit: refit.id,
        ...(tuning.length > 0 && { tuning }),
      },
    };
  }

  /** The first rung; without an adaptive search, all there is. */
  private planKnown(groups: Arm['groups']): void {
    const { key, learner, folds, repeats, adaptive } = this.arm;
    const [from, to] = adaptive?.rungs[0].cells ?? [0, folds * repeats];
    const ids: string[] = [];
    // Hashed once, as every fold has the same; parameters once each, as a thousand tasks make long lists.
    const works = groups.map((configurations) => digest({ key, learner, ...hashed(configurations) }));
    for (let cell = from; cell < to; cell++) {
      let first = 0;
      groups.forEach((configurations, g) => {
        const fit = this.fit(cell, works[g], configurations, groups.length > 1 ? g : undefined);
        this.trials.push({ ...fit, ...(first > 0 && { first }) });
        ids.push(fit.id);
        first += configurations[0].length;
      });
    }
    this.rungs.push(ids);
  }

  private planRung(rung: AdaptiveRung, number: number, first: number): void {
    const { key, learner, adaptive, groups, together } = this.arm;
    if (adaptive === undefined) return;
    const { method, space } = adaptive;
    const fits = rung.resource ? this.rungs[number - 1] : this.rungs.flat();
    const after = [...fits, ...this.searches];
    const about = { method, rung: number, count: rung.count, space, resource: rung.resource };
    const search: SearchTrial = {
      id: this.planning.id('search', { ...this.within, key, learner, after, ...about }),
      kind: 'search',
      after,
      label: `${this.name} search ${number}`,
      key,
      learner,
      fits,
      method,
      rung: number,
      count: rung.count,
      first: method === 'halving' ? 0 : first,
      ...(rung.resource && { resource: rung.resource }),
      space,
      ...this.within,
    };
    this.trials.push(search);
    this.searches.push(search.id);
    const ids: string[] = [];
    const lists = groups[0].length;
    for (let cell = rung.cells[0]; cell < rung.cells[1]; cell++) {
      const size = together ? MOST_TOGETHER : 1;
      for (let from = 0; from < rung.count; from += size) {
        const configurations = Array.from({ length: lists }, () =>
          Array.from({ length: Math.min(size, rung.count - from) }, () => ({ parameters: space.parameters })),
        );
        const work = digest({ search: search.id, from });
        const fit = this.fit(cell, work, configurations, first + from);
        this.trials.push({ ...fit, after: [search.id], proposed: { search: search.id, from } });
        ids.push(fit.id);
      }
    }
    this.rungs.push(ids);
  }

  private fit(
    cell: number,
    work: string,
    configurations: FitTrial['configurations'],
    part: number | undefined,
  ): FitTrial {
    const { key, learner, folds } = this.arm;
    const fold = cell % folds;
    const repeat = Math.floor(cell / folds);
    const { scheme } = this.planning;
    const seed = this.seed(fold, repeat);
    const id = this.planning.id('fit', { work, fold, folds, repeat, seed, scheme, ...this.within });
    const where = `fold ${fold + 1}${repeat > 0 ? ` of repeat ${repeat + 1}` : ''}`;
    const label = `${this.name} ${where}${part === undefined ? '' : ` part ${part + 1}`}`;
    return {
      id,
      kind: 'fit',
      after: [],
      label,
      key,
      learner,
      configurations,
      fold,
      folds,
      repeat,
      seed,
      ...this.within,
    };
  }

  private planChoice(fits: readonly string[]): { select: SelectTrial; refit: RefitTrial } {
    const { key, learner, rule, per, groups, adaptive } = this.arm;
    const after = [...fits, ...this.searches];
    const select: SelectTrial = {
      id: this.planning.id('select', { fits, rule, per }),
      kind: 'select',
      after,
      label: `${this.name} selection`,
      key,
      fits,
      rule,
      per,
      ...this.within,
    };
    const seed = this.seed('refit', 0);
    // What a search proposes is known when it has: the refit gathers it then.
    const known = adaptive === undefined ? groups : [];
    const configurations = groups[0].map((_, list) => known.flatMap((group) => group[list]));
    const refit: RefitTrial = {
      id: this.planning.id('refit', { select: select.id, seed, ...this.within }),
      kind: 'refit',
      after: [select.id],
      label: `${this.name} refit`,
      key,
      learner,
      configurations,
      select: select.id,
      seed,
      ...this.within,
    };
    return { select, refit };
  }

  private seed(fold: number | string, repeat: number): number {
    const { key } = this.arm;
    const { outer } = this.within;
    const parts = outer === undefined ? [] : ['outer', outer];
    return seedFrom(this.planning.seed, key.model, fold, repeat, ...parts);
  }
}

/** Lists of configurations in short: the parameters that occur, and for each configuration which, and its λ. */
function hashed(configurations: FitTrial['configurations']): object {
  const names: string[] = [];
  const places = new Map<object, number>();
  const placeOf = (parameters: object): number => {
    // Once for each object: thousands of configurations may share one, or hold copies of it.
    const known = places.get(parameters);
    if (known !== undefined) return known;
    const name = digest(parameters);
    const place = names.includes(name) ? names.indexOf(name) : names.push(name) - 1;
    places.set(parameters, place);
    return place;
  };
  const lists = configurations.map((list) =>
    list.map(({ parameters, lambda }) => [placeOf(parameters), lambda ?? null]),
  );
  return { parameters: names, lists };
}
