import { dirty } from './dirty';
import { elasticNet, groupElasticNet } from './elastic-net';
import { type Edge, graph } from './graph';
import { groupLasso } from './group-lasso';
import { lasso } from './lasso';
import { meanRegularised } from './mean-regularised';
import type { Penalty } from './penalty';
import { ridge } from './ridge';
import { trace } from './trace';

export type { Edge } from './graph';
export type { PathStart, Penalty, RowDerivatives, RowNorm, RowPenalty, Shape } from './penalty';
export { isActive } from './penalty';
export { dirty, elasticNet, graph, groupElasticNet, groupLasso, lasso, meanRegularised, ridge, trace };

export const penaltyNames = [
  'group-lasso',
  'lasso',
  'ridge',
  'elastic-net',
  'group-elastic-net',
  'trace',
  'mean-regularised',
  'graph',
  'dirty',
] as const;
export type PenaltyName = (typeof penaltyNames)[number];

/** Ids of two tasks, and the weight of what joins them (1). */
export type TaskEdge = readonly [string, string, ...number[]];

/** A penalty as the experiment file words it. */
export interface PenaltyParameters {
  readonly penalty: PenaltyName;
  readonly l1_ratio?: number;
  readonly ridge_ratio?: number;
  readonly edges?: readonly TaskEdge[];
  readonly private_ratio?: number;
}

/** What some penalties have to know of the tasks; the others ask for nothing. */
export interface TaskRelations {
  /** Columns that mean the same in different tasks. */
  groups(): readonly Int32Array[];
  /** The graph between columns: as written, or estimated. */
  edges(): readonly Edge[];
}

export type PenaltyOption = Exclude<keyof PenaltyParameters, 'penalty'>;

/** The penalties that an option belongs to. */
export const penaltyOptions: Readonly<Record<PenaltyOption, readonly PenaltyName[]>> = {
  l1_ratio: ['elastic-net', 'group-elastic-net'],
  ridge_ratio: ['mean-regularised', 'graph'],
  edges: ['graph'],
  private_ratio: ['dirty'],
};

/** @param relations absent: all columns mean the same, no edges (enough to ask what a penalty is) */
export function createPenalty(parameters: PenaltyParameters, relations?: TaskRelations): Penalty {
  const { penalty, l1_ratio = 0.5, ridge_ratio = 0.1, private_ratio = 0.75 } = parameters;
  switch (penalty) {
    case 'group-lasso':
      return groupLasso;
    case 'lasso':
      return lasso;
    case 'ridge':
      return ridge;
    case 'elastic-net':
      return elasticNet(l1_ratio);
    case 'group-elastic-net':
      return groupElasticNet(l1_ratio);
    case 'trace':
      return trace;
    case 'mean-regularised':
      return meanRegularised(ridge_ratio, relations?.groups());
    case 'graph':
      return graph(ridge_ratio, relations?.edges() ?? []);
    case 'dirty':
      return dirty(private_ratio);
  }
}
