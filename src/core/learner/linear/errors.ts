/** What the linear family refuses, and why. */
export class LinearError extends Error {
  override readonly name = 'LinearError';

  constructor(
    readonly code:
      | 'no-labels'
      | 'missing-lambda'
      | 'wrong-solver'
      | 'wrong-model'
      | 'unrelated-tasks'
      | 'negative-counts',
    message: string,
  ) {
    super(message);
  }
}
