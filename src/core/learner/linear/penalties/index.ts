import { groupLasso } from './group-lasso';
import { lasso } from './lasso';
import type { Penalty } from './penalty';
import { ridge } from './ridge';

export type { PathStart, Penalty, RowDerivatives, RowPenalty, Shape } from './penalty';
export { isActive } from './penalty';
export { groupLasso, lasso, ridge };

export const penaltyNames = ['group-lasso', 'lasso', 'ridge'] as const;
export type PenaltyName = (typeof penaltyNames)[number];

export const penalties: Readonly<Record<PenaltyName, Penalty>> = { 'group-lasso': groupLasso, lasso, ridge };
