export type StoreErrorCode =
  /** A path or an id that would lead out of the store, or that the store never makes. */
  | 'outside-store'
  | 'not-a-store'
  | 'unknown-run'
  /** A file of the store that is not what its schema says. */
  | 'damaged-file'
  /** Another process opened this attempt or this lock first. */
  | 'already-exists'
  | 'sqlite-missing';

/** What went wrong with files of the run store: the message names the file and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
