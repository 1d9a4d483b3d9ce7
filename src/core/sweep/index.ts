export { GridError, resolveGrid } from './grid';
