import { long } from './long';
import { relatedTasks } from './related-tasks';
import type { Template } from './template';
import { wide } from './wide';

export type { Template } from './template';

/** The worked example first. */
export const templates: readonly Template[] = [relatedTasks, wide, long];
