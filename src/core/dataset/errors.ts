export type DataErrorCode =
  // Reading a table
  | 'unreadable-file'
  | 'unsupported-format'
  | 'empty-table'
  | 'encoding'
  | 'empty-column-name'
  | 'duplicate-column-name'
  | 'ragged-row'
  | 'quote'
  | 'infinite-number'
  | 'json'
  | 'nested-value'
  | 'changed-while-reading'
  // Making tasks of it
  | 'no-source'
  | 'shared-source'
  | 'unknown-column'
  | 'column-role'
  | 'no-features'
  | 'no-tasks'
  | 'no-labels'
  | 'not-numeric'
  | 'class-count'
  | 'unknown-class'
  | 'missing-task'
  | 'missing-group'
  | 'sample-weight'
  | 'split-value'
  | 'no-training-rows'
  | 'folds'
  | 'mixed-tasks'
  | 'column-kind'
  | 'encoder-format';

/** Where in the data a mistake is. Lines, rows and records count from 1; a row is a data row, the header not counted. */
export interface DataPlace {
  readonly file?: string;
  readonly line?: number;
  readonly row?: number;
  readonly column?: string;
}

/** A mistake in the data, or in how an experiment fits its data: what is wrong, where, and what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly code: DataErrorCode;
  readonly place: DataPlace;
  readonly remedy: string;
  /** What is wrong, without the place and the remedy that `message` adds. */
  readonly problem: string;

  constructor(code: DataErrorCode, problem: string, remedy: string, place: DataPlace = {}) {
    super([locate(place), `${problem}.`, remedy && `${remedy}.`].filter(Boolean).join(' '));
    this.code = code;
    this.problem = problem;
    this.remedy = remedy;
    this.place = place;
  }
}

function locate({ file, line, row, column }: DataPlace): string {
  const parts = [
    file,
    line === undefined ? undefined : `line ${line}`,
    row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column '${column}'`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `${parts.join(', ')}:`;
}
