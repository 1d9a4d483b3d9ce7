import { long } from './long';
import { multiLabel } from './multi-label';
import { relatedTasks } from './related-tasks';
import type { Template } from './template';
import { timeOrdered } from './time-ordered';
import { wide } from './wide';

export type { Template } from './template';

/** The worked example first. */
export const templates: readonly Template[] = [relatedTasks, wide, long, multiLabel, timeOrdered];
