export { isCached, loadDataset } from './cache';
export { type ReadOptions, readColumnNames, readTable } from './read-table';
export { bytesOf } from './table-files';
