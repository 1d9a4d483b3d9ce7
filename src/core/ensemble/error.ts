/** Predictions that cannot be combined; always a mistake of the caller. */
export class EnsembleError extends Error {
  override readonly name = 'EnsembleError';

  constructor(
    readonly code: 'no-members' | 'shape' | 'folds',
    message: string,
  ) {
    super(message);
  }
}
