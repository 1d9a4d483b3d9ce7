import { elasticNet, groupElasticNet } from './elastic-net';
import { groupLasso } from './group-lasso';
import { lasso } from './lasso';
import type { Penalty } from './penalty';
import { ridge } from './ridge';
import { trace } from './trace';

export type { PathStart, Penalty, RowDerivatives, RowPenalty, Shape } from './penalty';
export { isActive } from './penalty';
export { elasticNet, groupElasticNet, groupLasso, lasso, ridge, trace };

export const penaltyNames = [
  'group-lasso',
  'lasso',
  'ridge',
  'elastic-net',
  'group-elastic-net',
  'trace',
] as const;
export type PenaltyName = (typeof penaltyNames)[number];

/** A penalty as the experiment file words it. */
export interface PenaltyParameters {
  readonly penalty: PenaltyName;
  readonly l1_ratio?: number;
}

export type PenaltyOption = Exclude<keyof PenaltyParameters, 'penalty'>;

/** What each option is where it is not written, and the penalties that it belongs to. */
export const penaltyOptions: Readonly<
  Record<PenaltyOption, { readonly default: number; readonly of: readonly PenaltyName[] }>
> = {
  l1_ratio: { default: 0.5, of: ['elastic-net', 'group-elastic-net'] },
};

export function createPenalty(parameters: PenaltyParameters): Penalty {
  const { penalty, l1_ratio = penaltyOptions.l1_ratio.default } = parameters;
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
  }
}
