export { type ReadOptions, readColumnNames, readTable } from './read-table';
