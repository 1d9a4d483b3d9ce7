export { GridError, resolveGrid } from './grid';
export { type SelectionInput, selectConfigurations } from './select';
