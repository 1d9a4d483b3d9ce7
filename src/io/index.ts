export { loadDataset } from './cache';
export { type ReadOptions, readColumnNames, readTable } from './read-table';
