export { GridError, resolveGrid } from './grid';
export { logSpaced, refineAround } from './refine';
export { type SelectionInput, selectConfigurations } from './select';
